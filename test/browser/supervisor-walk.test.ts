// Supervisor walk: the worst machine is found from afar, its worst hour explained, the network lost and found again, a shift handed over.
// In: the real engine with Redis and InfluxDB, the page as it is built. Out: what the screen says.
// Touches Chromium, child processes, loopback, a temporary folder.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { axeComplaints } from '../support/axe-complaints.ts';
import { readWorkbook } from '../support/read-workbook.ts';
import { walkStage } from '../support/walk-stage.ts';

/** At ten metres a letter of 1.5 cm is read; on a wall screen of 55 inches that is some 20 px. */
const WALL_PX = 20;

test('a supervisor before the screen', { timeout: 240_000 }, async t => {
  const stage = await walkStage(t);
  if (stage === null) return;
  const { engine, page, errors } = stage;

  await t.test('the one machine that stands is found by word, shape and size from ten metres', async () => {
    const wall = await stage.newPage(1920, 1080, '?kiosk');
    const standing = wall.locator('.card .band[data-category=breakdown]');
    await standing.first().waitFor();
    assert.equal(await standing.count(), 1);
    const card = wall.locator('.card[data-unit=filler]');
    assert.match((await card.textContent()) ?? '', /Filler.*Breakdown/s);
    for (const part of ['.band-word', '.big-value', 'h3']) {
      const size = await card
        .locator(part)
        .first()
        .evaluate(element => Number.parseFloat(getComputedStyle(element).fontSize));
      assert.ok(size >= WALL_PX, `${part} ${size} px`);
    }
    const cut = await wall
      .locator('.card, .line-card, .page')
      .evaluateAll(all => all.filter(each => each.scrollHeight > each.clientHeight + 1).map(each => each.className));
    assert.deepEqual(cut, [], 'nobody scrolls a wall');
    assert.deepEqual(await axeComplaints(wall), []);
    await wall.close();
  });

  await t.test('its worst hour is opened and says what made it', async () => {
    assert.deepEqual(await axeComplaints(page), []);
    await page.getByRole('button', { name: 'Details of Filler' }).click();
    const trend = page.locator('.trend li');
    await trend.nth(2).waitFor();
    const values = (await page.locator('.trend-value').allTextContents()).map(text => Number.parseFloat(text));
    const worst = values.indexOf(Math.min(...values.filter(value => !Number.isNaN(value))));
    await trend.nth(worst).locator('button').click();
    await page.getByRole('button', { name: 'Back to now' }).waitFor();
    await page
      .locator('.pareto tbody tr')
      .first()
      .getByText(/Breakdown/)
      .waitFor();
    await page.getByText('What made these numbers').waitFor();
    await page.getByText(/^All \d+ intervals with their source$/).click();
    await page.getByText('reported by the machine').first().waitFor();
    assert.deepEqual(await axeComplaints(page), []);
  });

  await t.test('a table and the timeline are saved as files that a spreadsheet of the language opens', async () => {
    const fileOf = async (from: Page, name: string): Promise<Buffer> => {
      const [download] = await Promise.all([
        from.waitForEvent('download'),
        from.getByRole('button', { name, exact: true }).click(),
      ]);
      return readFile(await download.path());
    };
    const saved = async (from: Page, name: string): Promise<string[]> => {
      const text = (await fileOf(from, name)).toString('utf8');
      assert.equal(text[0], '\ufeff', 'the mark by which Excel knows UTF-8');
      return text.slice(1).trimEnd().split('\r\n');
    };
    const [heads, ...rows] = await saved(page, 'Save as CSV: What cost the most time');
    assert.equal(heads, 'Cause,Lost time,Times,Share');
    assert.equal(rows.length, await page.locator('.pareto tbody tr').count());
    for (const row of rows) assert.match(row, /,\d+:\d\d:\d\d,\d+,\d+(\.\d+)?%$/);
    const pareto = readWorkbook(await fileOf(page, 'Save as Excel: What cost the most time'));
    assert.deepEqual(pareto.rows[0], ['Cause', 'Lost time', 'Times', 'Share']);
    assert.deepEqual(
      pareto.rows.slice(1).map(([cause, , times, share]) => `${cause} ${times} ${share}`),
      await page
        .locator('.pareto tbody tr')
        .evaluateAll(all =>
          (all as HTMLTableRowElement[])
            .map(({ cells }) => [0, 2, 3].map(at => cells[at]?.textContent?.trim() ?? ''))
            .map(([cause, times, share]) => `${cause} ${times} % ${Number.parseFloat(share ?? '')}`),
        ),
    );
    const stretches = await saved(page, 'Save as CSV: Timeline');
    assert.ok(stretches.some(row => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,.*,Breakdown,/.test(row)));

    const norsk = await stage.newPage(1366, 768, '?lang=nb#filler');
    // a whole shift: in one that has just begun nothing may have been made yet
    await norsk.locator('.trend-head button', { hasText: 'Skift' }).click();
    await norsk
      .locator('.trend-hour', { hasText: /early|late|night/ })
      .first()
      .waitFor();
    await norsk.locator('.trend li').nth(-2).locator('button').click();
    await norsk.locator('.hour-board tbody tr').nth(7).waitFor();
    const fall = await saved(norsk, 'Lagre som CSV: Hvor tiden ble av');
    assert.equal(fall[0], 'Slag;min;enheter');
    assert.match(fall.at(-1) ?? '', /^Gode enheter;\d+(,\d+)?;\d+(,\d+)?$/);
    const board = await saved(norsk, 'Lagre som CSV: Time for time');
    assert.equal(
      board[0],
      'Time (Europe/Oslo);Plan (enheter);Faktisk (enheter);Avvik (enheter);OEE;Hovedårsak',
      'a file says units and zone',
    );
    assert.match(board[1] ?? '', /^\d{4}-\d\d-\d\d \d\d:00:00;\d+;\d+;-?\d+;\d+(,\d+)?%;/);
    const hours = readWorkbook(await fileOf(norsk, 'Lagre som Excel: Time for time'));
    assert.deepEqual([hours.name, hours.frozenRows, hours.rows[0]?.join(';')], ['Time for time', 1, board[0]]);
    assert.equal(hours.rows.length, board.length);
    assert.match(hours.rows[1]?.join(';') ?? '', /^at \d{4}-\d\d-\d\d \d\d:00:00;\d+;\d+;-?\d+;% \d+(\.\d)?;/);
    await norsk.close();
  });

  await t.test('the timeline is zoomed and moved by button and by key', async () => {
    const timeline = page.locator('.unit-timeline');
    const span = async (): Promise<number> => Number(await timeline.getAttribute('data-span'));
    const before = await span();
    await page.getByRole('button', { name: 'Zoom in' }).click();
    await page.waitForFunction(
      was => Number(document.querySelector<HTMLElement>('.unit-timeline')?.dataset.span) < was,
      before,
    );
    await timeline.locator('canvas').first().focus();
    await page.keyboard.press('-');
    await page.keyboard.press('-');
    await page.waitForFunction(
      was => Number(document.querySelector<HTMLElement>('.unit-timeline')?.dataset.span) > was,
      before,
    );
    await page.keyboard.press('Home');
    await page.getByRole('button', { name: 'Last 8 hours', disabled: true }).waitFor();
    await page.getByRole('button', { name: 'Back to now' }).click();
  });

  await t.test('no view shuts anybody out who sees, hears or points otherwise, in either language', async () => {
    const OPENED = {
      '': '.card .big-value',
      '#filler': '.pareto',
      '#line-1': '.waterfall',
      '#!alerts': '.alert-over',
      '#!work%20filler': '.stop-item',
    };
    // colours do not depend on the language: what the walk has seen in both colours is seen in one of them here
    const seen = { en: ['dark', 'light'], nb: ['light'] };
    for (const [language, themes] of Object.entries(seen)) {
      const view = await stage.newPage(1366, 768, `?lang=${language}`);
      assert.equal(await view.locator('html').getAttribute('lang'), language);
      await view.evaluate(() => localStorage.setItem('oee.name', 'Anna Berg'));
      for (const [place, sign] of Object.entries(OPENED)) {
        if (language === 'en' && ['', '#filler'].includes(place)) continue;
        await view.goto('about:blank');
        await view.goto(`${engine.url}/?lang=${language}${place}`);
        await view.locator(sign).first().waitFor();
        assert.deepEqual(await axeComplaints(view, themes), [], `${language} ${place}`);
      }
      await view.close();
    }
  });

  await t.test('the language is switched in the header, and is the same after a reload', async () => {
    const view = await stage.newPage(1366, 768);
    await view.getByRole('button', { name: 'Norsk' }).click();
    await view.getByText('Havari', { exact: true }).first().waitFor();
    await view.reload();
    await view.getByText('Direkte', { exact: true }).waitFor();
    assert.equal(await view.locator('html').getAttribute('lang'), 'nb');
    assert.match((await view.locator('[data-ratio=oee]').first().textContent()) ?? '', /^\d+,\d\u00a0%$/);
    await view.close();
  });

  await t.test('the shift is handed over on paper', async () => {
    const link = page.getByRole('link', { name: 'Shift report, to print' });
    const address = await link.evaluate(element => (element as HTMLAnchorElement).href);
    const paper = await stage.browser.newPage();
    await paper.goto(address);
    await paper.getByText('Filler').first().waitFor();
    assert.deepEqual(await axeComplaints(paper, ['light']), []);
    assert.ok((await paper.pdf({ format: 'A4' })).length > 1_000);
    await paper.close();
  });

  await t.test('the engine dies and comes back: nothing old looks live, and the page recovers by itself', async () => {
    await page.keyboard.press('Escape');
    await engine.kill();
    await page.locator('[data-link=lost]').waitFor();
    await page.getByText(/Connection lost\. What you see is from/).waitFor();
    assert.match(await page.locator('main').evaluate(main => getComputedStyle(main).filter), /grayscale/);
    await engine.start();
    await page.locator('[data-link=live]').waitFor();
    errors.splice(
      0,
      errors.length,
      ...errors.filter(error => !/WebSocket|ERR_CONNECTION|Failed to load|alerts were not read/.test(error)),
    );
  });

  assert.deepEqual(errors, []);
});
