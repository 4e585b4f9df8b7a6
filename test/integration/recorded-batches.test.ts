// Recorded batches: a bottling line's tables, replayed as orders by a mapping, held to the sums of the tables themselves.
// In: the soda recording. Out: laws on order windows, reasons, GET and InfluxDB together.
// Touches child processes: the program, Redis, InfluxDB, the replay command.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { type EngineChild, startEngineChild } from '../support/engine-child.ts';
import { sameInHistory } from '../support/history-agrees.ts';
import { historyPrint } from '../support/history-print.ts';
import { needs, recording, sodaFile } from '../support/recordings.ts';
import { everythingTold, type Replayed, replayInto, spent } from '../support/replay-child.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const MACHINE = 'bottling-line';
const UNITS = [MACHINE, 'soda-line', 'bottling', 'plant'];
const FILES = [sodaFile('line_productivity'), sodaFile('line_downtime')];
/** The batches ran from 29 August to 4 September 2024. */
const ALL = { from: Date.UTC(2024, 7, 28), to: Date.UTC(2024, 8, 10) };
/** Minutes of each downtime factor, as the publication states them. */
const PUBLISHED = { F2: 160, F4: 225, F6: 332, F7: 254, F8: 145 };

interface Batch {
  readonly batch: string;
  readonly product: string;
  readonly minutes: number;
  /** factor -> minutes */
  readonly lost: Readonly<Record<string, number>>;
}

/** The tables read plainly: a batch's times of day are fractions of a day, one past midnight is smaller. */
function batchesOf(): Batch[] {
  const rows = (file: string): string[][] =>
    readFileSync(recording(file), 'utf8')
      .trim()
      .split(/\r?\n/)
      .map(line => line.split(','));
  const lost = new Map(
    rows(sodaFile('line_downtime'))
      .slice(2)
      .map(([batch = '', ...minutes]) => [
        batch,
        Object.fromEntries(minutes.flatMap((m, i) => (Number(m) > 0 ? [[`F${i + 1}`, Number(m)]] : []))),
      ]),
  );
  return rows(sodaFile('line_productivity'))
    .slice(1)
    .map(([, product = '', batch = '', , start, end]) => {
      const days = Number(end) - Number(start);
      return { batch, product, minutes: Math.round((days < 0 ? days + 1 : days) * 1440), lost: lost.get(batch) ?? {} };
    });
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0);

describe('38 batches of a bottling line, replayed as orders', needs(...FILES), () => {
  const words = [recording(sodaFile('line_productivity')), '--mapping', 'test/support/plants/soda-mapping.yaml'];
  let engine: EngineChild;
  let replayed: Replayed;
  before(async () => {
    engine = await startEngineChild('test/support/plants/soda.yaml');
    replayed = await replayInto(engine, ...words);
    await everythingTold(engine);
  });
  after(() => engine.close());

  test('every row is taken', async t => {
    assert.equal(replayed.exit, 0, replayed.text);
    assert.deepEqual([replayed.accepted, replayed.duplicates, replayed.rejected], [replayed.read, 0, 0]);
    const { rssMb, cpuS, outputs } = await spent(engine);
    t.diagnostic(`${replayed.text.split('\n')[0]} engine: ${rssMb} MB, ${cpuS} s of CPU, ${outputs} outputs`);
  });

  test('each batch is an order window with its own minutes, run time and cycle', async () => {
    const orders = await engine.results({ unit: MACHINE, window: 'order', ...ALL });
    const batches = batchesOf();
    assert.equal(batches.length, 38);
    const cycles: Readonly<Record<string, number>> = { 'CO-2L': 98 };
    assert.deepEqual(
      orders.map(({ window, tally }) => ({
        batch: window.name,
        minutes: tally.plannedMs / MINUTE_MS,
        calendar: tally.calendarMs / MINUTE_MS,
        ran: tally.runMs / MINUTE_MS,
        good: tally.good,
        ideal: tally.idealMs / MINUTE_MS,
      })),
      batches.map(({ batch, minutes, lost, product }) => ({
        batch,
        minutes,
        calendar: minutes,
        ran: minutes - sumOf(Object.values(lost)),
        good: 1,
        ideal: cycles[product] ?? 60,
      })),
    );
  });

  test('availability over all batches is 2470/3858, by their sum and over the whole span', async () => {
    const orders = await engine.results({ unit: MACHINE, window: 'order', ...ALL });
    assert.equal(sumOf(orders.map(({ tally }) => tally.runMs)), 2_470 * MINUTE_MS);
    assert.equal(sumOf(orders.map(({ tally }) => tally.plannedMs)), 3_858 * MINUTE_MS);
    const first = Date.parse(orders[0]?.window.start ?? '');
    const last = Date.parse(orders.at(-1)?.window.end ?? '');
    const [whole] = await engine.results({ unit: MACHINE, from: first, to: last });
    assert.equal(whole?.availability, 2_470 / 3_858);
    assert.equal(sumOf(Object.values(whole.tally.categoriesMs)), last - first, 'categories sum to the span');
    const [site] = await engine.results({ unit: 'plant', from: first, to: last });
    assert.equal(site?.availability, 2_470 / 3_858);
  });

  test('minutes by reason are those of the tables, and those that were published', async () => {
    const byReason: Record<string, number> = {};
    for (const { reason, from, to, category } of await engine.timeline(MACHINE, ALL.from, ALL.to)) {
      if (category === 'plannedStop' || reason === null) continue;
      byReason[reason] = (byReason[reason] ?? 0) + (Date.parse(to) - Date.parse(from)) / MINUTE_MS;
    }
    const expected: Record<string, number> = {};
    for (const { lost } of batchesOf()) {
      for (const [factor, minutes] of Object.entries(lost)) expected[factor] = (expected[factor] ?? 0) + minutes;
    }
    assert.deepEqual(byReason, expected);
    assert.deepEqual({ ...byReason, ...PUBLISHED }, byReason);
    for (const [reason, minutes] of Object.entries(expected)) {
      const where = `"unit"='${MACHINE}' AND "reason"='${reason}'`;
      const [row] = await engine.influx.rows(`SELECT SUM("durationMs") AS ms FROM machine_state WHERE ${where}`);
      assert.equal(row?.ms, minutes * MINUTE_MS, `${reason} in InfluxDB`);
    }
  });

  test('every window that GET gives is in InfluxDB with the same digits, and no other is there', async t => {
    let windows = await sameInHistory(engine, { unit: MACHINE, kind: 'order', ...ALL });
    for (const unit of UNITS) {
      // the minutes of the two ends of the roll-up stand for those between
      const minutes = unit === MACHINE || unit === 'plant' ? ['minute'] : [];
      for (const kind of ['day', 'shift', 'hour', ...minutes]) {
        const compared = await sameInHistory(engine, { unit, kind, ...ALL });
        assert.ok(compared > 0, `${unit} ${kind}`);
        windows += compared;
      }
    }
    t.diagnostic(`${windows} windows compared`);
  });

  test('orders run on machines: a line, an area or a site is told so', async () => {
    for (const unit of UNITS.slice(1)) {
      const answer = await engine.get<{ code: string; remedy: string }>(
        `/v1/oee?unit=${unit}&window=order&from=${ALL.from}&to=${ALL.from + DAY_MS}`,
      );
      assert.equal(answer.code, 'OEE_QUERY_WINDOW');
      assert.match(answer.remedy, /machine/);
    }
  });

  test('a second replay is all duplicates and changes no row', async () => {
    const print = await historyPrint(engine.influx);
    const { outputs } = await spent(engine);
    const again = await replayInto(engine, ...words);
    assert.deepEqual([again.exit, again.read, again.accepted, again.duplicates], [0, replayed.read, 0, replayed.read]);
    await everythingTold(engine);
    assert.deepEqual(await historyPrint(engine.influx), print);
    assert.equal((await spent(engine)).outputs, outputs, 'nothing was told again');
  });
});
