// Looks: on every size of screen, in both languages, no word lies over another and nothing runs out of its card or off the page.
// In: the page as it is built, a plant whose cards say all that a card can say. Out: boxes that overlap, by name.
// Touches: Chromium, a loopback port, a temporary folder.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Output } from '../../src/core/result.ts';
import { emptyTally } from '../../src/core/tally.ts';
import { madeUpState } from '../support/made-up-outputs.ts';
import { madeUpTroubles } from '../support/page-alerts.ts';
import type { PageFeed } from '../support/page-feed.ts';
import { PAGE_LINES } from '../support/page-plant.ts';
import { openPageStage } from '../support/page-stage.ts';

const LIVE = '[data-link=live]';
/** Norwegian words are the longer ones. */
const WALLS = PAGE_LINES.map(({ id }) => `?lang=nb&kiosk=${id}`);
const VIEWS = ['?lang=nb', ...WALLS, '?lang=en&kiosk=bottling-1', '?lang=nb#filler', '?lang=nb#!alerts'];
const SIZES = [
  { name: 'wall', width: 1920, height: 1080 },
  { name: 'upright wall', width: 1080, height: 1920 },
  { name: 'laptop', width: 1366, height: 768 },
  { name: 'phone', width: 390, height: 844 },
] as const;

/**
 * The cards with the longest words: a stop that is none yet, an hour of it not seen, faster than its ideal; and a shift that is
 * over, of which nothing was heard.
 */
function tellAll(feed: PageFeed): void {
  const now = Date.now();
  const told = feed.tell(now);
  const wordy: Output[] = ['filler', 'bench-2'].map(unit =>
    madeUpState(unit, { at: now, since: now - 75_000, category: 'microStop', reason: 'E42', undecided: true }),
  );
  wordy.push(madeUpState('labeller', { at: now, since: now - 30_000_000, category: 'notScheduled' }));
  for (const output of told) {
    if (output.type === 'result' && output.unit === 'labeller') {
      const edge = output.edge + 1;
      const unknown = edge - output.start;
      wordy.push({ ...output, edge, end: edge, final: true, tally: { ...emptyTally(), unknown } });
    }
    if (output.type !== 'result' || output.unit !== 'bench-2') continue;
    const { tally } = output;
    const producing = Math.max(0, tally.producing - 3_600_000);
    wordy.push({
      ...output,
      tally: { ...tally, producing, unknown: tally.unknown + 3_600_000, idealUs: tally.idealUs * 3 },
    });
  }
  feed.hub.publish(wordy);
}

/** Parts of one card that lie over one another or reach out of it, and what makes the page wider than the screen. */
async function troublesOf(page: Page): Promise<string[]> {
  // the compiler that runs the tests marks functions with this name, which a page does not know
  await page.evaluate('globalThis.__name = made => made');
  return page.evaluate(() => {
    const troubles: string[] = [];
    if (document.documentElement.scrollWidth > innerWidth) troubles.push('the page is wider than the screen');
    const nameOf = (element: Element): string => `${element.className}: ${element.textContent?.trim().slice(0, 40)}`;
    const boxOf = (element: Element): DOMRect => element.getBoundingClientRect();
    for (const card of document.querySelectorAll('.card, .line-card')) {
      const parts = [...card.children].filter(
        part => getComputedStyle(part).position === 'static' && boxOf(part).height > 0,
      );
      if (card.scrollHeight > card.clientHeight + 2) troubles.push(`cut off, ${nameOf(card)}`);
      parts.forEach((part, index) => {
        if (part.scrollHeight > part.clientHeight + 2) troubles.push(`too high for its place, ${nameOf(part)}`);
        const next = parts[index + 1];
        if (next !== undefined && boxOf(next).top < boxOf(part).bottom - 1)
          troubles.push(`over the next, ${nameOf(part)}`);
        for (const word of part.querySelectorAll('*')) {
          const [inner, outer] = [boxOf(word), boxOf(card)];
          if (inner.width > 0 && (inner.right > outer.right + 1 || inner.left < outer.left - 1))
            troubles.push(`out of its card, ${nameOf(word)}`);
        }
      });
    }
    return troubles;
  });
}

test('looks', { timeout: 180_000 }, async t => {
  const stage = await openPageStage(t);
  if (stage === null) return;
  const { page, feed, errors } = stage;
  tellAll(feed);
  for (const alert of madeUpTroubles(Date.now())) feed.alerts.say(alert);
  for (const { name, width, height } of SIZES) {
    await page.setViewportSize({ width, height });
    for (const view of VIEWS) {
      await t.test(`${name} ${view}`, async () => {
        // a change of what follows the # alone loads nothing
        await page.goto('about:blank');
        await page.goto(`${feed.url}${view}`);
        await page.locator(LIVE).waitFor();
        await page.locator('.card .big-value').first().waitFor();
        await page.evaluate(() => document.fonts.ready);
        assert.deepEqual(await troublesOf(page), []);
      });
    }
  }
  assert.deepEqual(errors, []);
});
