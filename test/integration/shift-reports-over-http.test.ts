// Shift reports over HTTP: a shift handed over, restated by late scrap, through deaths; as JSON, as CSV, as a sheet of paper.
// In: a real engine on a real Redis and InfluxDB, a real browser where there is one. Out: the same figures in every form.
// Touches child processes, a temporary folder, loopback.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import type { WireConfirmation, WireReport } from '../../src/core/shift-report-to-wire.ts';
import { DAY_MS, HOUR_MS, isoOf, MINUTE_MS } from '../../src/core/time.ts';
import { busyEvents } from '../support/busy-shift.ts';
import { NO_BROWSER, openChromium } from '../support/chromium-window.ts';
import { type EngineChild, startEngineChild } from '../support/engine-child.ts';

const PLANT = `
plant: Report plant
products: { p: { name: Cola, piece: bottle }, q: { name: Lemon, piece: bottle } }
calendars: { days: { zone: UTC, shifts: { early: { start: "06:00", end: "14:00" } }, weekly: { mon-sun: [early] } } }
defaults: { calendar: days, vocabulary: canonical, cycles: { p: 1s, q: 2500ms }, product: p, reasons: { C1: { text: '=changeover, "large"', claim: setup } } }
sites: [{ id: site, zone: Europe/Oslo, areas: [{ id: hall, lines: [{ id: line, kind: parallel, target: 0.6, machines: [{ id: m1 }] }] }] }]
`;
type Answer = WireReport & { readonly confirmations: readonly WireConfirmation[] };

const START = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS + 6 * HOUR_MS;
const END = START + 8 * HOUR_MS;
let engine: EngineChild;
before(async () => {
  engine = await startEngineChild(PLANT);
});
after(() => engine.close());

const ask = (unit: string): Promise<Answer> => engine.get(`/v1/reports/${unit}/${isoOf(START)}`);
const final = (unit: string, revision: number): Promise<Answer> =>
  engine.until(
    `${unit} in revision ${revision}`,
    () => ask(unit),
    ({ result }) => result?.final === true && result.revision === revision,
  );
async function table(name: string): Promise<Record<string, string>[]> {
  const answer = await fetch(new URL(`/v1/reports/m1/${isoOf(START)}?table=${name}`, engine.url), {
    headers: { accept: 'text/csv' },
  });
  assert.match(answer.headers.get('content-type') ?? '', /^text\/csv; charset=utf-8/);
  return parse(await answer.text(), { columns: true, bom: true, record_delimiter: '\r\n' }) as Record<string, string>[];
}

async function reborn(): Promise<void> {
  await engine.kill();
  await engine.start();
}

test('a shift is reported at its watermark, on every level, and a death changes no word of it', async () => {
  const beat = { id: 'after', machine: 'm1', at: END + 30 * MINUTE_MS, type: 'heartbeat' };
  await engine.send([...busyEvents('m1', START), beat]);
  const told = await final('m1', 0);
  assert.deepEqual(
    told.confirmations.map(({ order, revision, restates }) => [order, revision, restates]),
    [
      ['PO-4711', 0, null],
      ['PO-4712', 0, null],
    ],
  );
  assert.equal(
    told.confirmations.reduce((sum, { tally }) => sum + tally.total, 0),
    told.result.tally.total,
  );
  assert.deepEqual(
    told.unexplained.map(stop => stop.state),
    ['breakdown', 'stop'],
  );
  const { fall, calendar } = {
    fall: told.waterfall.losses.reduce((sum, loss) => sum + loss.ms, told.waterfall.idealGoodMs),
    calendar: told.waterfall.calendarMs,
  };
  assert.ok(Math.abs(fall - calendar) < 1e-6, `${fall} is ${calendar}`);
  for (const unit of ['line', 'hall', 'site']) {
    const above = await final(unit, 0);
    assert.deepEqual([above.losses, above.unexplained], [told.losses, told.unexplained], unit);
  }
  await reborn();
  assert.deepEqual(await final('m1', 0), told);
});

test('CSV is a table with the figures of the JSON, in every table, and other people’s words are no formulas', async () => {
  const { result, losses, unexplained, confirmations } = await ask('m1');
  const [figures] = await table('figures');
  assert.equal(Number(figures?.oee), result.oee);
  assert.deepEqual([figures?.start, figures?.end], [result.window.start, result.window.end]);
  assert.equal(Number(figures?.breakdownMs), result.tally.categoriesMs.breakdown);
  const rows = await table('losses');
  assert.deepEqual(
    rows.map(row => Number(row.ms)),
    losses.map(loss => loss.ms),
  );
  assert.equal(rows.find(row => row.reason === 'C1')?.text, '\'=changeover, "large"');
  assert.equal((await table('unexplained')).length, unexplained.length);
  assert.deepEqual(
    (await table('confirmations')).map(row => [row.id, Number(row.good)]),
    confirmations.map(({ id, tally }) => [id, tally.good]),
  );
  assert.equal((await table('waterfall')).length, 11);
  const refused = await fetch(new URL(`/v1/reports/m1/${isoOf(START)}?format=csv&table=none`, engine.url));
  assert.deepEqual([refused.status, ((await refused.json()) as { code: string }).code], [400, 'OEE_QUERY_FORMAT']);
  const list = await engine.get<{ reports: readonly { report: string }[] }>('/v1/reports?unit=m1');
  assert.ok(list.reports.some(({ report }) => decodeURIComponent(report).endsWith(isoOf(START))));
  const nowhere = await engine.get<{ code: string }>(`/v1/reports/m1/${isoOf(START + 1)}`);
  assert.equal(nowhere.code, 'OEE_QUERY_NO_SHIFT');
});

test('late scrap restates the shift and the order that it was made for, which says what it takes back, through deaths', async () => {
  const known = await ask('m1');
  const lab = { by: 'lab', why: 'burst test' };
  await engine.send([
    { id: 'lab-1', machine: 'm1', at: START + 59 * MINUTE_MS, type: 'requalify', good: -300, reject: 300, ...lab },
  ]);
  const told = await final('m1', 1);
  const [first, second] = told.confirmations;
  const was = known.confirmations[0];
  assert.deepEqual([first?.id, first?.revision, first?.by, first?.why], [was?.id, 1, 'lab', 'burst test']);
  assert.deepEqual(first?.restates, { revision: 0, tally: was?.tally });
  assert.deepEqual(second, known.confirmations[1], 'the other order is not touched');
  assert.equal(told.result.tally.good, known.result.tally.good - 300);
  const site = await final('site', 1);
  assert.equal(site.result.tally.reject, told.result.tally.reject);
  await reborn();
  assert.deepEqual(await final('m1', 1), told);
});

test('a reason that is given afterwards moves no time, and restates the report of every level', async () => {
  const [stop] = (await ask('m1')).unexplained;
  assert.ok(stop !== undefined);
  const says = { category: 'breakdown', reason: 'C1', by: 'anna', why: 'seen' };
  await engine.send([
    { id: 'op-1', machine: 'm1', type: 'reclassify', at: Date.now(), from: stop.from, to: stop.to, ...says },
  ]);
  const told = await final('m1', 2);
  assert.equal(told.unexplained.length, 1);
  assert.equal((await final('site', 2)).unexplained.length, 1);
});

test('the sheet opens without a word of complaint, says what stands, and is one page of paper', async t => {
  const browser = await openChromium();
  if (browser === null) return t.diagnostic(NO_BROWSER);
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', message => complaints.push(message.text()));
    page.on('pageerror', error => complaints.push(String(error)));
    const address = `${engine.url}/report?unit=m1&shift=${encodeURIComponent(isoOf(START))}`;
    const said = {
      en: ['RESTATED', 'revision 2', 'Report plant', 'Europe/Oslo', 'PO-4711', 'Handed over by'],
      nb: ['RETTET', 'revisjon 2', 'Report plant', 'Europe/Oslo', 'PO-4711', 'Overlevert av', 'Tilgjengelighet'],
    };
    for (const [language, words] of Object.entries(said)) {
      await page.goto(`${address}&lang=${language}`);
      assert.equal(await page.locator('html').getAttribute('lang'), language);
      const text = (await page.locator('.sheet').textContent()) ?? '';
      for (const word of words) assert.ok(text.includes(word), word);
      assert.match(text, language === 'en' ? /\d\.\d%/ : /\d,\d\u00a0%/);
      const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString('latin1');
      assert.equal(pdf.match(/\/Type\s*\/Page\b/g)?.length, 1, 'one sheet');
      const hidden = await page.$$eval('.sheet', sheets =>
        sheets.some(sheet => sheet.scrollHeight > sheet.clientHeight + 1 || sheet.scrollWidth > sheet.clientWidth + 1),
      );
      assert.equal(hidden, false, 'nothing is cut off');
    }
    const inTurn = await fetch(address, { headers: { 'accept-language': 'de, nn-NO;q=0.8, en;q=0.5' } });
    assert.match(await inTurn.text(), /<html lang="nb">/, 'the browser’s first language that is spoken');
    assert.deepEqual(complaints, []);
  } finally {
    await browser.close();
  }
});
