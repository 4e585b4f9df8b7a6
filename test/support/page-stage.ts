// Page stage: the page as it is built, in a real browser, over a made-up plant.
// In: a test. Out: the page, its feed, what went wrong in it; all of it ended with the test.
// Touches: Chromium, a loopback port, a temporary folder.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { NO_BROWSER, openChromium } from './chromium-window.ts';
import { openPageFeed, type PageFeed } from './page-feed.ts';

const CONFIG = fileURLToPath(new URL('../../src/web/vite.config.ts', import.meta.url));

export interface PageStage {
  readonly page: Page;
  readonly feed: PageFeed;
  /** what a reader of the console, or of the network, would complain about */
  readonly errors: string[];
}

/** Built as it is shipped, and fed with a made-up plant; null, and the test skipped with the reason, where no browser is installed. */
export async function openPageStage(t: TestContext): Promise<PageStage | null> {
  const browser = await openChromium();
  if (browser === null) {
    t.skip(NO_BROWSER);
    return null;
  }
  const built = await mkdtemp(join(tmpdir(), 'oee-page-'));
  await build({ configFile: CONFIG, logLevel: 'silent', build: { outDir: built } });
  const feed = await openPageFeed(Date.now(), built);
  t.after(async () => {
    await browser.close();
    await feed.close();
    await rm(built, { recursive: true });
  });
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 }, colorScheme: 'dark' });
  const errors: string[] = [];
  page.on('pageerror', error => errors.push(error.message));
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
  });
  page.on('requestfailed', request => errors.push(`${request.url()} ${request.failure()?.errorText}`));
  page.on('request', request => {
    if (!request.url().startsWith(feed.url)) errors.push(`a request leaves the house: ${request.url()}`);
  });
  return { page, feed, errors };
}
