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
import { NO_BROWSER, openChromium } from './chromium-window.ts';
import { type EngineChild, startEngineChild } from './engine-child.ts';
import { WALK_PLANT, walkEvents } from './walk-plant.ts';

const CONFIG = fileURLToPath(new URL('../../src/web/vite.config.ts', import.meta.url));
/** How long a walk waits for something to appear: generous, for machines that do much else. */
const PATIENCE_MS = 30_000;

export interface WalkStage {
  readonly engine: EngineChild;
  readonly browser: Browser;
  readonly page: Page;
  /** errors and warnings of the console, failed requests */
  readonly errors: string[];
  newPage(width: number, height: number, address?: string): Promise<Page>;
}

/** @returns null where no browser is installed: the test is then skipped and says so */
export async function walkStage(t: TestContext): Promise<WalkStage | null> {
  const browser = await openChromium();
  if (browser === null) {
    t.skip(NO_BROWSER);
    return null;
  }
  const folder = await mkdtemp(join(tmpdir(), 'oee-walk-'));
  // an engine looks for the page when it starts
  await build({ configFile: CONFIG, logLevel: 'silent', build: { outDir: join(folder, 'web') } });
  const engine = await startEngineChild(WALK_PLANT, { OEE_DATA_DIR: folder });
  t.after(async () => {
    await browser.close();
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  });
  await engine.send(walkEvents(Date.now()));
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
