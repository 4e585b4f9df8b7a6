// Operator walk: stops get reasons, scrap is corrected, orders begin and end, and everything can be taken back, in a real browser.
// In: the real engine with Redis and InfluxDB, the page as it is built. Out: what the screen says, and what the API says.
// Touches Chromium, child processes, loopback, a temporary folder.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import type { WireExplanation } from '../../src/core/explanation.ts';
import { axeComplaints } from '../support/axe-complaints.ts';
import { walkStage } from '../support/walk-stage.ts';

const HOUR = 3_600_000;
/** What a finger in a work glove can hit. */
const GLOVE_PX = 56;

async function tooSmall(page: Page): Promise<string[]> {
  return page
    .locator('dialog.work :is(button, input, select, summary):visible')
    .evaluateAll(
      (all, least) =>
        all
          .filter(each => each.getBoundingClientRect().height < least - 0.5)
          .map(each => `${each.className} "${each.textContent?.slice(0, 30)}"`),
      GLOVE_PX,
    );
}

const jobOf = (page: Page, stage: string): Locator => page.locator(`.job[data-stage=${stage}]`);

test('an operator at the filler', { timeout: 240_000 }, async t => {
  const stage = await walkStage(t);
  if (stage === null) return;
  const { engine, page, errors } = stage;
  const explained = async (from: number, to: number): Promise<WireExplanation> => {
    const answer = await engine.get<{ machines: WireExplanation[] }>(`/v1/units/filler/explain?from=${from}&to=${to}`);
    return answer.machines[0] as WireExplanation;
  };

  await t.test('a stop without a reason is found on the card, and gets one with one tap', async () => {
    await page.getByRole('button', { name: /stops? needs? a reason: Filler/ }).click();
    await page.getByLabel('Your name').fill('Anna Berg');
    await page.keyboard.press('Enter');
    const open = page.locator('.stop-item.is-open');
    await open.first().waitFor();
    const count = await open.count();
    await open.first().click();
    await page.locator('.all-reasons').locator('[data-reason=M1]').click();
    await jobOf(page, 'restated').getByText('Waiting for material').waitFor();
    const { changes } = await explained(Date.now() - 8 * HOUR, Date.now());
    const said = changes.find(({ type }) => type === 'reclassify');
    assert.deepEqual([said?.category, said?.reason, said?.by], ['starved', 'M1', 'Anna Berg']);
    await page.locator('.stop-item').first().getByText('It still stands').waitFor();
    assert.equal(await open.count(), count - 1, 'what goes on is not asked about again at once');
    const [needing = '0'] = await page.locator('.work-tabs b').allTextContents();
    assert.equal(Number(needing), count - 1, 'the number is that of the list');
    assert.deepEqual(await axeComplaints(page), []);
    assert.deepEqual(await tooSmall(page), []);
  });

  await t.test('it is taken back with one tap, and put back', async () => {
    await jobOf(page, 'restated').first().getByRole('button', { name: /^Undo/ }).click();
    await jobOf(page, 'restated')
      .getByText(/^Undo: Waiting for material/)
      .waitFor();
    assert.equal((await explained(Date.now() - 8 * HOUR, Date.now())).changes[0]?.undone?.by, 'Anna Berg');
    await page.getByRole('button', { name: 'Done', exact: true }).click();
    const item = page.locator('.done li').first();
    await item.getByText('taken back by Anna Berg').waitFor();
    await item.getByRole('button', { name: /^Put back/ }).click();
    await item.getByRole('button', { name: /^Undo/ }).waitFor();
    assert.equal((await explained(Date.now() - 8 * HOUR, Date.now())).changes[0]?.undone, null);
    assert.deepEqual(await tooSmall(page), []);
    assert.deepEqual(await axeComplaints(page, ['light']), []);
  });

  await t.test(
    'scrap of yesterday’s late shift: the number is restated, the old one with its revision beside it',
    async () => {
      const title = page.locator('.work-shift b');
      const yesterday = new Intl.DateTimeFormat('en-GB', {
        timeZone: 'Europe/Oslo',
        weekday: 'short',
        day: 'numeric',
        month: 'short',
      }).format(Date.now() - 24 * HOUR);
      const late = `late, ${yesterday}, 14:00 – 22:00`;
      for (let step = 0; step < 6 && (await title.textContent()) !== late; step += 1) {
        const shown = (await title.textContent()) ?? '';
        await page.getByRole('button', { name: 'Earlier shift' }).click();
        await page.waitForFunction(was => document.querySelector('.work-shift b')?.textContent !== was, shown);
      }
      assert.equal(await title.textContent(), late);
      await page.getByRole('button', { name: 'Scrap and rework' }).click();
      await page.getByText(/^Now counted: [\d,]+ good/).waitFor();
      await page.getByRole('button', { name: '10 more' }).click();
      await page.getByRole('button', { name: '1 more', exact: true }).click();
      await page.getByLabel('Why').fill('burst bottles found in the pallet');
      assert.deepEqual(await tooSmall(page), []);
      await page.getByRole('button', { name: /^Enter 12 / }).click();
      const job = jobOf(page, 'restated').filter({ hasText: '12 × Scrap' });
      const words = job.locator('[data-restated]');
      await words.waitFor();
      assert.match(
        (await words.textContent()) ?? '',
        /OEE of the late shift, .+: \d+\.\d% \(revision 0\) → \d+\.\d% \(revision 1\)/,
      );
      const shifts = await engine.results({
        unit: 'filler',
        window: 'shift',
        from: Date.now() - 48 * HOUR,
        to: Date.now(),
      });
      const restated = shifts.filter(({ revision, window }) => revision === 1 && window.name === 'late');
      assert.equal(restated.length, 1);
      assert.equal(restated[0]?.tally.reject, 8 * 10 + 12);
      assert.deepEqual(await axeComplaints(page), []);
    },
  );

  await t.test('an order is started and ended, and what cannot be sent is kept until it can', async () => {
    while (await page.getByRole('button', { name: 'Later shift' }).isEnabled()) {
      await page.getByRole('button', { name: 'Later shift' }).click();
    }
    await page.getByRole('button', { name: 'Order', exact: true }).click();
    await page.getByLabel('Order number').fill('A-77');
    await page.getByRole('button', { name: 'Water 0.5 l' }).click();
    await page.route('**/v1/events', route => route.abort());
    await page.getByRole('button', { name: 'Start order' }).click();
    await jobOf(page, 'unsent').getByText('Order A-77 started').waitFor();
    errors.splice(0, errors.length, ...errors.filter(error => !error.includes('net::ERR_FAILED')));
    await page.unroute('**/v1/events');
    await jobOf(page, 'unsent').getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Order A-77 runs: Water 0.5 l').waitFor();
    await page.getByRole('button', { name: 'End order A-77' }).click();
    await page.getByText('No order runs.').waitFor();
    assert.deepEqual(await axeComplaints(page, ['light']), []);
  });

  await t.test('a stop is split, and its parts are told apart', async () => {
    await page.getByRole('button', { name: /^Stops/ }).click();
    await page.locator('.stop-item').last().click();
    await page.getByRole('button', { name: 'Split' }).click();
    await page.getByRole('button', { name: /^First part/ }).click();
    await page.locator('.all-reasons').locator('[data-reason=C1]').click();
    await jobOf(page, 'restated')
      .getByText(/^Format change/)
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog.work').waitFor({ state: 'hidden' });
    await page.waitForFunction(() => location.hash === '');
  });

  assert.deepEqual(errors, []);
});
