// First page: what a supervisor sees in a real browser, while the plant moves, and when the connection is gone.
// In: the page as it is built, a made-up plant over real HTTP and the real live hub. Out: words and figures on the screen.
// Touches: Chromium, a loopback port, a temporary folder.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { ratiosOf } from '../../src/core/oee.ts';
import type { Output, WindowResult } from '../../src/core/result.ts';
import { emptyTally } from '../../src/core/tally.ts';
import { complaintsOf } from '../support/chromium-window.ts';
import { madeUpState } from '../support/made-up-outputs.ts';
import { madeUpTroubles, STRANGER } from '../support/page-alerts.ts';
import { PAGE_LINES } from '../support/page-plant.ts';
import { openPageStage } from '../support/page-stage.ts';

const machines = PAGE_LINES.flatMap(line => line.machines);
const PERCENT = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
const shown = (ratio: number | null): string => (ratio === null ? '—' : PERCENT.format(ratio));

function resultsIn(outputs: readonly Output[], kind: string): WindowResult[] {
  return outputs.filter((o): o is WindowResult => o.type === 'result' && o.kind === kind && o.level !== 'site');
}

/** What the page shows for a unit, as text. */
async function figuresOf(page: Page, unit: string): Promise<Record<string, string>> {
  return page.locator(`[data-unit="${unit}"]`).evaluate(card => {
    const texts: Record<string, string> = {};
    for (const element of card.querySelectorAll<HTMLElement>('[data-ratio], [data-count]')) {
      texts[element.dataset.ratio ?? element.dataset.count ?? ''] = element.textContent ?? '';
    }
    return texts;
  });
}

async function assertShown(page: Page, results: readonly WindowResult[]): Promise<void> {
  for (const { unit, tally } of results) {
    const { availability, performance, quality, oee } = ratiosOf(tally);
    const expected = { oee, availability, performance, quality };
    const figures = await figuresOf(page, unit);
    for (const [name, ratio] of Object.entries(expected)) assert.equal(figures[name], shown(ratio), `${unit} ${name}`);
    if (figures.good !== undefined) assert.equal(figures.good.replaceAll(',', ''), String(tally.good), `${unit} good`);
  }
}

test('the first page', { timeout: 120_000 }, async t => {
  const stage = await openPageStage(t);
  if (stage === null) return;
  const { page, feed, errors } = stage;
  const told = feed.tell(Date.now());
  await page.goto(feed.url);
  await page.locator('[data-link=live]').waitFor();

  await t.test('shows every line and machine with its state in words and the figures that were fed', async () => {
    for (const { name } of [...PAGE_LINES, ...machines]) await page.getByText(name, { exact: true }).first().waitFor();
    assert.equal(await page.locator('.card .band[data-category]').count(), machines.length);
    const results = resultsIn(told, 'shift');
    assert.equal(results.length, machines.length + PAGE_LINES.length);
    await assertShown(page, results);
  });

  await t.test('shows another window at a click, with that window’s figures', async () => {
    await page.getByText('5 min', { exact: true }).click();
    await page.getByText('last 5 minutes').first().waitFor();
    await assertShown(page, resultsIn(told, 'last5m'));
    await page.getByText('Shift', { exact: true }).click();
  });

  await t.test('a state change arrives by itself, in word, colour and reason', async () => {
    const at = Date.now();
    feed.hub.publish([
      madeUpState('filler', { at, since: at, category: 'breakdown', state: 'ABORTED', reason: 'E42' }),
    ]);
    const card = page.locator('[data-unit=filler]');
    await card.locator('.band[data-category=breakdown]').waitFor();
    assert.match((await card.locator('.band').textContent()) ?? '', /Breakdown/);
    assert.match((await card.textContent()) ?? '', /Label reel torn/);
  });

  await t.test('an undefined ratio is a dash with its reason, never a zero', async () => {
    const running = resultsIn(told, 'shift').find(r => r.unit === 'capper');
    assert.ok(running !== undefined);
    feed.hub.publish([{ ...running, start: running.start + 60_000, tally: emptyTally() }]);
    const card = page.locator('[data-unit=capper]');
    await card.getByText('no planned time in this window').first().waitFor();
    const { oee, availability, performance, quality } = await figuresOf(page, 'capper');
    assert.deepEqual([oee, availability, performance, quality], ['—', '—', '—', '—']);
  });

  await t.test(
    'a shift that is over is the last one, with its end; of one that nobody heard it is not said that nothing was planned',
    async () => {
      const over = resultsIn(told, 'shift').find(r => r.unit === 'depalletizer');
      assert.ok(over !== undefined);
      const [start, end] = [over.start + 60_000, over.edge];
      feed.hub.publish([{ ...over, start, end, edge: end, tally: { ...emptyTally(), unknown: end - start } }]);
      const card = page.locator('[data-unit=depalletizer]');
      await card.getByText('last shift').waitFor();
      await card.getByText('nothing was heard in this window').first().waitFor();
      await card.getByText(/^ended (\w+ \d+ \w+ )?\d\d:\d\d$/).waitFor();
    },
  );

  await t.test('a wall that is asked for one line shows that one, and says what it was asked for in vain', async () => {
    const wall = await page.context().browser()?.newPage();
    assert.ok(wall);
    await wall.goto(`${feed.url}?lang=en&kiosk=benches,nowhere`);
    await wall.locator('.card').first().waitFor();
    assert.deepEqual(await wall.locator('.card h3').allTextContents(), ['Bench 1', 'Bench 2']);
    await wall.getByText(/asked for nowhere, which the plant does not have\. It has: .*bottling-1/).waitFor();
    await wall.close();
  });

  await t.test(
    'figures whose facts stopped coming in are called stale, and the time in state stands still',
    async () => {
      const running = resultsIn(told, 'shift').find(r => r.unit === 'bench-2');
      assert.ok(running !== undefined);
      const edge = running.edge - 600_000;
      const card = page.locator('[data-unit=bench-2]');
      assert.equal(await card.getByText(/^Stale/).count(), 0);
      const since = edge - 65_000;
      feed.hub.publish([
        { ...running, start: running.start + 60_000, edge },
        madeUpState('bench-2', { at: Date.now(), since }),
      ]);
      await card.getByText(/^Stale: facts up to \d\d:\d\d$/).waitFor();
      await card.locator('.band-time').getByText('1:05', { exact: true }).waitFor();
    },
  );

  await t.test('the timeline speaks to the keyboard, details open and close by it', async () => {
    const strip = page.locator('[data-unit=packer] canvas');
    await strip.focus();
    await page.keyboard.press('ArrowLeft');
    await page.locator('.tip').waitFor();
    await page.keyboard.press('ArrowLeft');
    const stretch = (await strip.getAttribute('aria-valuetext')) ?? '';
    const ended = feed.days.get('packer')?.filter(s => s.to <= Date.now()) ?? [];
    assert.match(stretch, /^(Producing|Starved|Idle), \d\d:\d\d:\d\d – \d\d:\d\d:\d\d, /);
    assert.ok(ended.length > 0);
    await page.getByRole('button', { name: 'Details of Packer' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Packer' });
    await dialog.getByText('Where the time went').waitFor();
    assert.deepEqual(await complaintsOf(page), []);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await page.waitForFunction(() => location.hash === '');
  });

  await t.test(
    'alerts come by themselves, the worst first, in word and shape, in the language of the page, and leave when over',
    async () => {
      assert.equal(await page.locator('[data-alerts]').textContent(), '0');
      for (const alert of madeUpTroubles(Date.now())) feed.alerts.say(alert);
      await page.locator('[data-alerts="4"]').waitFor();
      const cards = page.locator('.alert-card');
      assert.deepEqual(await cards.locator('h3').allTextContents(), [
        'Filler stands: filler, stopped for 10 min or longer',
        'Nothing heard from machines',
        'Many short stops',
      ]);
      assert.match((await cards.first().textContent()) ?? '', /Critical · Filler · since \d\d:\d\d, \d+ min/);
      assert.equal(await cards.first().locator('.severity-mark.is-critical').count(), 1);
      await page.getByRole('button', { name: 'Norsk' }).click();
      await cards.getByText('Filler stands: filler, har stått i 10 min eller lenger').waitFor();
      await page.getByRole('button', { name: 'English' }).click();
      await cards.getByText('Filler stands: filler, stopped for 10 min or longer').waitFor();
      const [benches] = madeUpTroubles(Date.now()).filter(alert => alert.id === 'a-benches');
      assert.ok(benches !== undefined);
      feed.alerts.say({ ...benches, sequence: 1, status: 'resolved', resolvedAt: Date.now() });
      await page.locator('[data-alerts="3"]').waitFor();
      assert.deepEqual(await complaintsOf(page), []);
    },
  );

  await t.test('an alert is taken on with a name, a refusal is said, and a mute shows until when', async () => {
    await page.getByRole('button', { name: 'Acknowledge: Filler stands' }).click();
    const filler = page.locator('[data-active=a-filler]');
    await filler.getByLabel('Your name').fill(STRANGER);
    await page.keyboard.press('Enter');
    await filler.getByText('nobody of that name works here').waitFor();
    errors.splice(0, errors.length, ...errors.filter(error => !error.includes('400 (Bad Request)')));
    await filler.getByLabel('Your name').fill('Anna Berg');
    await filler.getByLabel('Why (may stay empty)').fill('on my way');
    await page.keyboard.press('Enter');
    await filler.getByText(/^Taken on by Anna Berg at \d\d:\d\d: on my way$/).waitFor();
    await filler.getByRole('button', { name: 'Mute: Filler stands' }).click();
    assert.equal(await filler.getByLabel('Your name').inputValue(), 'Anna Berg', 'a name is given once');
    assert.deepEqual(await complaintsOf(page), []);
    await filler.locator('form button[type=submit]').click();
    await filler.getByText(/^muted until \d\d:\d\d$/).waitFor();
    await filler.getByRole('button', { name: 'Unmute: Filler stands' }).click();
    await filler.getByRole('button', { name: 'Mute: Filler stands' }).waitFor();
    assert.match((await page.locator('[data-over=h-3]').textContent()) ?? '', /withdrawn: late facts show that it ran/);
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => location.hash === '');
  });

  await t.test('whoever may only look sees the same alerts, and no button that would be refused', async () => {
    const looking = await page.context().browser()?.newPage();
    assert.ok(looking !== undefined);
    const onlooker = { id: 'user:vera', name: 'Vera', role: 'viewer' };
    const session = { isAsked: true, user: onlooker, may: [], mark: null, oidc: null };
    await looking.route('**/v1/session', route => route.fulfill({ json: session }));
    await looking.goto(`${feed.url}#!alerts`);
    await looking.locator('[data-active]').nth(2).waitFor();
    const acts = /^(Acknowledge|Mute|Unmute)/;
    assert.equal(await looking.getByRole('button', { name: acts }).count(), 0);
    assert.ok((await looking.getByRole('button', { name: /^Show/ }).count()) > 0);
    await looking.keyboard.press('Escape');
    await looking.locator('.alert-card').nth(2).waitFor();
    assert.equal(await looking.getByRole('button', { name: acts }).count(), 0);
    await looking.close();
  });

  await t.test('every text has contrast and every control a name, in dark and in light', async () => {
    assert.deepEqual(await complaintsOf(page), []);
    await page.getByRole('button', { name: 'Light colours' }).click();
    await page.locator('html[data-theme=light]').waitFor({ state: 'attached' });
    assert.deepEqual(await complaintsOf(page), []);
  });

  await t.test('nothing scrolls sideways on a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    await page.setViewportSize({ width: 1366, height: 768 });
  });

  await t.test('up to here not one error, and no request that leaves the house', () => {
    assert.deepEqual(errors, []);
  });

  await t.test(
    'a lost connection is said and the old figures lose their colour; back again, they are the new ones',
    async () => {
      feed.cut();
      await page.locator('[data-link=lost]').waitFor();
      await page.getByText(/Connection lost\. What you see is from/).waitFor();
      assert.match(await page.locator('main').evaluate(main => getComputedStyle(main).filter), /grayscale/);
      const at = Date.now() + 1;
      feed.hub.publish([madeUpState('filler', { at, since: at, category: 'setup' })]);
      feed.reopen();
      await page.locator('[data-link=live]').waitFor();
      await page.locator('[data-unit=filler] .band[data-category=setup]').waitFor();
    },
  );
});
