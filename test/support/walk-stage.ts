// Walk stage: the real engine with its page in a real browser, on a plant of its own: what a walk through the page needs.
// In: a plant, events. Out: a page, the engine's door, what went wrong in the page's console.
// Touches Chromium, child processes, loopback, a temporary folder.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { openClient, type UnnamedEvent } from '../../src/client/oee-client.ts';
import { NO_BROWSER, openChromium } from './chromium-window.ts';
import { type EngineChild, startEngineChild } from './engine-child.ts';
import { WALK_PLANT, walkEvents } from './walk-plant.ts';

const CONFIG = fileURLToPath(new URL('../../src/web/vite.config.ts', import.meta.url));
/** How long a walk waits for something to appear: generous, for machines that do much else. */
const PATIENCE_MS = 60_000;

export interface WalkEngine {
  readonly engine: EngineChild;
  readonly browser: Browser;
}

export interface WalkStage extends WalkEngine {
  readonly page: Page;
  /** errors and warnings of the console, failed requests */
  readonly errors: string[];
  newPage(width: number, height: number, address?: string): Promise<Page>;
}

export interface WalkSettings {
  readonly settings?: Readonly<Record<string, string>>;
  /** of whoever tells what the machines did, where everybody is asked who they are */
  readonly tokenFrom?: (engine: EngineChild) => Promise<string>;
}

/** @returns the engine with its page and a day behind it; null where no browser is installed: the test is then skipped and says so */
export async function walkEngine(
  t: TestContext,
  { settings = {}, tokenFrom }: WalkSettings = {},
): Promise<WalkEngine | null> {
  const browser = await openChromium();
  if (browser === null) {
    t.skip(NO_BROWSER);
    return null;
  }
  const closers: (() => Promise<unknown>)[] = [() => browser.close()];
  t.after(async () => {
    for (const close of closers) await close();
  });
  const folder = await mkdtemp(join(tmpdir(), 'oee-walk-'));
  closers.push(() => rm(folder, { recursive: true, force: true }));
  // an engine looks for the page when it starts
  await build({ configFile: CONFIG, logLevel: 'silent', build: { outDir: join(folder, 'web') } });
  const engine = await startEngineChild(WALK_PLANT, { OEE_DATA_DIR: folder, ...settings });
  closers.splice(1, 0, engine.close);
  const told = openClient({ url: engine.url, token: await tokenFrom?.(engine) });
  await told.send(walkEvents(Date.now()) as UnnamedEvent[]);
  return { engine, browser };
}

/** @returns the same with a page that is open and live, and others on wish */
export async function walkStage(t: TestContext): Promise<WalkStage | null> {
  const stage = await walkEngine(t);
  if (stage === null) return null;
  const { engine, browser } = stage;
  const errors: string[] = [];
  const newPage = async (width: number, height: number, address = ''): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: 'dark', locale: 'en-GB' });
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', error => errors.push(error.message));
    page.on('console', message => {
      if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
    });
    await page.goto(`${engine.url}/${address}`);
    await page.locator('[data-link=live]').waitFor();
    return page;
  };
  return { engine, browser, page: await newPage(1366, 768), errors, newPage };
}
