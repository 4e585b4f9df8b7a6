// Take pictures: the README's pictures by command, of a plant that runs: `npm start` here, `npm run pictures` there.
// In: --url of the running page. Out: small WebP files in .github/pictures; exit code 1 with a remedy when nothing answers there.
// Touches Chromium, the network, .github/pictures.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { NO_BROWSER, openChromium } from '../support/chromium-window.ts';

const FOLDER = join('.github', 'pictures');
const URL_DEFAULT = 'http://127.0.0.1:8080';
/** Letters stay sharp, and a picture stays below some 100 kB. */
const QUALITY = 80;
/** A wall shows each line in turn: the wanted one comes round within so long. */
const TURN_MAX_MS = 180_000;
const PATIENCE_MS = 30_000;
const OPERATOR = 'Anna Berg';

interface Picture {
  readonly file: string;
  readonly address: string;
  readonly width: number;
  readonly height: number;
  /** screen pixels for one of the page */
  readonly scale?: number;
  readonly theme: 'dark' | 'light';
  readonly language: 'en' | 'nb';
  /** what is there when the picture is worth taking */
  readonly when: (page: Page) => Promise<void>;
}

const seen =
  (...signs: readonly string[]): Picture['when'] =>
  async page => {
    for (const sign of signs) await page.locator(sign).first().waitFor({ timeout: TURN_MAX_MS });
  };

/** A stop that needs a reason is in hand by itself; where all have one, the newest is taken up. */
const aStopInHand =
  (live: string): Picture['when'] =>
  async page => {
    await seen(live, '.stop-item')(page);
    if ((await page.locator('.reason').count()) === 0) await page.locator('.stop-item').first().click();
    await seen('.reason')(page);
  };

/** @param report the address of a shift that is over */
function picturesOf(report: string): Picture[] {
  const size = (width: number, height: number) => ({ width, height });
  const live = '[data-link=live]';
  return [
    {
      ...{ file: 'overview-light', address: '', ...size(1920, 1080), theme: 'light', language: 'en' },
      when: seen(live, '[data-unit=packer] .big-value'),
    },
    {
      ...{ file: 'wall-dark', address: '?kiosk', ...size(1920, 1080), theme: 'dark', language: 'nb' },
      when: seen(live, '.card[data-unit=filler]'),
    },
    {
      ...{ file: 'machine-dark', address: '#filler', ...size(1000, 2000), theme: 'dark', language: 'en' },
      when: seen(live, '.pareto', '.trend li'),
    },
    {
      ...{ file: 'operator-phone', address: '#!work filler', ...size(390, 844), scale: 1.5 },
      ...{ theme: 'light', language: 'en', when: aStopInHand(live) },
    },
    {
      ...{ file: 'report', address: report, ...size(860, 1190), theme: 'light', language: 'en', when: seen('.sheet') },
    },
    {
      ...{ file: 'alerts', address: '#!alerts', ...size(1180, 620), theme: 'light', language: 'en' },
      when: seen(live, '.alert-over'),
    },
  ];
}

async function take(browser: Browser, url: string, picture: Picture): Promise<void> {
  const { file, address, width, height, scale = 1, theme, language, when } = picture;
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: scale,
    colorScheme: theme,
    locale: language,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.addInitScript(name => localStorage.setItem('oee.name', name), OPERATOR);
  await page.goto(`${url}/${address}`);
  await when(page);
  // the strips are painted from answers of their own
  await page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLCanvasElement>('.strip canvas')].every(strip =>
      strip
        .getContext('2d')
        ?.getImageData(0, 0, strip.width, strip.height)
        .data.some(value => value !== 0),
    ),
  );
  // what moves has come to rest, no key is marked, and the font is there
  await page.evaluate(async () => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    await Promise.allSettled(document.getAnimations().map(animation => animation.finished));
    await document.fonts.ready;
  });
  const session = await context.newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
  const bytes = Buffer.from(data, 'base64');
  const path = join(FOLDER, `${file}.webp`);
  await writeFile(path, bytes);
  process.stdout.write(`${path}  ${width}x${height}  ${(bytes.length / 1000).toFixed(0)} kB\n`);
  await context.close();
}

/** The last shift of the filler that is over. */
async function reportOf(url: string): Promise<string> {
  const answer = await fetch(`${url}/v1/reports?unit=filler`);
  if (!answer.ok) throw new Error(`${url}/v1/reports answered ${answer.status}`);
  const { reports } = (await answer.json()) as { reports: { final: boolean; window: { start: string } }[] };
  const over = reports.filter(({ final }) => final).at(-1) ?? reports.at(-1);
  if (over === undefined) throw new Error('no shift is known yet');
  return `report?unit=filler&shift=${encodeURIComponent(over.window.start)}`;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { url: { type: 'string', default: URL_DEFAULT } } });
  const url = values.url.replace(/\/+$/, '');
  const browser = await openChromium();
  if (browser === null) {
    process.stderr.write(`${NO_BROWSER}\n`);
    return 1;
  }
  try {
    const report = await reportOf(url);
    await mkdir(FOLDER, { recursive: true });
    for (const picture of picturesOf(report)) await take(browser, url, picture);
    return 0;
  } catch (error) {
    process.stderr.write(
      `No pictures of ${url}: ${String(error)}\nStart the demo plant with npm start, wait until it is live, and name its page: npm run pictures -- --url ${URL_DEFAULT}\n`,
    );
    return 1;
  } finally {
    await browser.close();
  }
}

process.exitCode = await main();
