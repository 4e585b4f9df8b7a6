// Influx sink: what a reader finds in a real InfluxDB 1.x after each story.
// In: a real influxd. Out: laws about digits, repeats, corrections, bad points, missing databases and outages.
// Touches one child process, ended with the file.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { ratiosOf } from '../../src/core/oee.ts';
import type { Interval, Output } from '../../src/core/result.ts';
import { calendarMs, emptyTally, plannedMs, runMs, type Tally } from '../../src/core/tally.ts';
import { deliver } from '../../src/sinks/deliver.ts';
import { influxSink } from '../../src/sinks/influx/influx-sink.ts';
import { type PlainSink, SinkError } from '../../src/sinks/sink.ts';
import { type InfluxChild, startInfluxChild } from '../support/influx-child.ts';
import { madeUpResult, madeUpState, madeUpTally, T0 } from '../support/made-up-outputs.ts';

const MINUTE = 60_000;
const placeOf = () => ({ site: 'oslo', area: 'filling', line: 'line-1' });
let influx: InfluxChild;

before(async () => {
  influx = await startInfluxChild();
});
after(() => influx.close());
beforeEach(() => influx.execute('DROP DATABASE oee; CREATE DATABASE oee'));

const newSink = (): PlainSink => influxSink({ url: influx.url, bucket: 'oee', placeOf });

async function write(...outputs: Output[]): Promise<void> {
  assert.deepEqual(await newSink().write(outputs, 0), []);
}

test('the digits of the published shift come back from InfluxQL as they went in', async () => {
  const tally: Tally = madeUpTally({ unknown: 1_234_567, microStop: 89, energyWh: 7 });
  await write(madeUpResult('filler', 'shift', { name: 'early', tally }));
  const [row, ...others] = await influx.rows("SELECT * FROM oee WHERE shift = 'early' AND unit = 'filler'");
  assert.equal(others.length, 0);
  assert.ok(row);
  const { availability, performance, quality, oee, teep, utilisation, coverage, band } = ratiosOf(tally);
  const expected = { availability, performance, quality, oee, teep, utilisation, coverage, yield: 18_848 / 19_271 };
  for (const [name, value] of Object.entries(expected)) assert.equal(row[name], value, name);
  assert.deepEqual([row.oeeWorst, row.oeeBest], band);
  assert.deepEqual([row.calendarMs, row.plannedMs, row.runMs], [calendarMs(tally), plannedMs(tally), runMs(tally)]);
  assert.equal(row.idealGoodUs, 18_848_000_000);
  assert.equal(row.time, T0);
  assert.deepEqual([row.final, row.revision, row.businessDay, row.basis], [false, 0, '2026-11-22', 'own']);
  assert.deepEqual(
    [row.site, row.area, row.line, row.level, row.window],
    ['oslo', 'filling', 'line-1', 'machine', 'shift'],
  );
});

test('delivering everything again, in one piece or many, leaves the same rows', async () => {
  const outputs: Output[] = [0, 1, 2, 3].flatMap(n => [
    madeUpResult('filler', 'minute', { start: T0 + n * MINUTE, final: true, tally: madeUpTally({ good: n }) }),
    madeUpResult('filler', 'last5m', { start: T0 + n * 20_000, tally: madeUpTally({ good: n }) }),
    interval({ from: T0 + n * MINUTE, to: T0 + (n + 1) * MINUTE }),
    madeUpState('filler'),
  ]);
  const all = 'SELECT * FROM oee, oee_revision, machine_state';
  await write(...outputs);
  const once = await influx.rows(all);
  assert.equal(once.length, 4 + 2 + 4 + 4);
  await write(...outputs);
  for (const output of outputs) await write(output);
  const again = await influx.rows(all);
  // A sliding window is a sample of its minute: which one is chance, that there is one is not.
  const steady = (rows: typeof once) => rows.filter(row => row.window !== 'last5m');
  assert.deepEqual(steady(again), steady(once));
  assert.equal(again.length, once.length);
});

test('of several tellings of one window in a batch the newest stands, however many they are', async () => {
  const tellings = Array.from({ length: 300 }, (_, n) =>
    madeUpResult('filler', 'hour', { revision: n, tally: madeUpTally({ total: n }) }),
  );
  await write(...tellings);
  const rows = await influx.rows('SELECT total, revision FROM oee');
  assert.deepEqual(rows, [{ time: T0, total: 299, revision: 299 }]);
});

test('as known now is one point; as reported is all of them, with who and why', async () => {
  const changed = { revision: 1, final: true, by: 'lab', why: 'burst test' };
  await write(madeUpResult('filler', 'shift', { name: 'early', final: true }));
  await write(madeUpResult('filler', 'shift', { name: 'early', ...changed, tally: madeUpTally({ good: 18_000 }) }));
  assert.deepEqual(await influx.rows('SELECT good, revision FROM oee'), [{ time: T0, good: 18_000, revision: 1 }]);
  const reported = await influx.rows('SELECT good, "by", why FROM oee_revision GROUP BY revision');
  assert.deepEqual(reported, [
    { revision: '0', time: T0, good: 18_848, by: '', why: '' },
    { revision: '1', time: T0, good: 18_000, by: 'lab', why: 'burst test' },
  ]);
});

test('a reader who asks what is defined never sees the ratio of an earlier revision', async () => {
  await write(madeUpResult('filler', 'hour'));
  await write(madeUpResult('capper', 'hour'));
  const oees = () => influx.rows('SELECT oee FROM oee WHERE undefinedBecause !~ /(^| )oee:/ GROUP BY unit');
  assert.equal((await oees()).length, 2);
  // All of the filler's hour turns out to have been a planned stop: its OEE has no base any more.
  const tally = { ...emptyTally(), plannedStop: 3_600_000 };
  await write(madeUpResult('filler', 'hour', { revision: 1, tally }));
  const [stale] = await influx.rows("SELECT oee, undefinedBecause, runMs FROM oee WHERE unit = 'filler'");
  // InfluxDB itself still holds the old digits: this is what the field is for.
  assert.equal(stale?.oee, 18_848 / 25_200);
  assert.equal(stale?.runMs, 0);
  assert.match(String(stale?.undefinedBecause), /\boee:noPlannedTime\b/);
  assert.deepEqual(
    (await oees()).map(row => row.unit),
    ['capper'],
  );
  const whole = await influx.rows("SELECT availability FROM oee WHERE undefinedBecause = '' GROUP BY unit");
  assert.deepEqual(
    whole.map(row => row.unit),
    ['capper'],
  );
  await write(madeUpResult('filler', 'hour', { revision: 2 }));
  assert.equal((await oees()).length, 2);
});

test('a superseded interval adds no time to what replaced it', async () => {
  await write(interval({ from: T0, to: T0 + 90_000 }), interval({ from: T0 + 90_000, to: T0 + 120_000 }));
  await write(
    interval({ from: T0, to: T0 + 120_000, category: 'setup' }),
    interval({ from: T0 + 90_000, to: T0 + 90_000 }),
  );
  assert.deepEqual(await influx.rows('SELECT sum(durationMs) FROM machine_state'), [{ time: 0, sum: 120_000 }]);
  const standing = await influx.rows('SELECT category FROM machine_state WHERE superseded = false');
  assert.deepEqual(standing, [{ time: T0, category: 'setup' }]);
});

test('a sliding window leaves one point for each minute, not one for each look', async () => {
  const sink = newSink();
  for (let n = 0; n < 40; n += 1) {
    await sink.write(
      [madeUpResult('filler', 'last5m', { start: T0 + n * 5_000, tally: madeUpTally({ total: n }) })],
      0,
    );
  }
  const rows = await influx.rows("SELECT total FROM oee WHERE window = 'last5m'");
  assert.deepEqual(
    rows,
    [0, 12, 24, 36].map((total, minute) => ({ time: T0 + minute * MINUTE, total })),
  );
});

test('one bad point among thousands is refused by name, and all the others are in', async () => {
  // The type of a field belongs to a week's shard. Somebody wrote text into one of an old week: no number goes in there.
  const longAgo = T0 - 20 * 7 * 24 * 60 * MINUTE;
  const url = `${influx.url}/write?db=oee&precision=ms`;
  await fetch(url, { method: 'POST', body: `oee,unit=other total="many" ${longAgo}` });
  const good = Array.from({ length: 4_500 }, (_, n) => madeUpResult('filler', 'minute', { start: T0 + n * MINUTE }));
  const first = madeUpResult('bad-1', 'minute', { start: longAgo });
  const second = madeUpResult('bad-2', 'minute', { start: longAgo });
  const outputs = [...good.slice(0, 100), first, ...good.slice(100, 3_000), second, ...good.slice(3_000)];
  const refused = await newSink().write(outputs, 0);
  assert.deepEqual(
    refused.map(({ output, code }) => [output.unit, code]),
    [
      ['bad-1', 'OEE_INFLUX_REFUSED'],
      ['bad-2', 'OEE_INFLUX_REFUSED'],
    ],
  );
  assert.match(refused[0]?.message ?? '', /field type conflict/);
  const [count] = await influx.rows("SELECT count(total) FROM oee WHERE unit = 'filler'");
  assert.equal(count?.count, 4_500);
});

test('an output that has no form in line protocol is refused, and the next goes in', async () => {
  const nameless = madeUpResult('filler\\', 'hour');
  const refused = await newSink().write([nameless, madeUpResult('capper', 'hour')], 0);
  assert.deepEqual(
    refused.map(({ output, code }) => [output, code]),
    [[nameless, 'OEE_INFLUX_NO_FORM']],
  );
  assert.equal((await influx.rows('SELECT total FROM oee')).length, 1);
});

test('a database that is not there is made, and the points go in', async () => {
  await influx.execute('DROP DATABASE oee');
  await write(madeUpResult('filler', 'hour'));
  assert.equal((await influx.rows('SELECT total FROM oee')).length, 1);
});

test('while InfluxDB is dead points wait; when it is back they are there, once', async () => {
  const outputs = Array.from({ length: 50 }, (_, n) => madeUpResult('filler', 'minute', { start: T0 + n * MINUTE }));
  let cursor = '0-0';
  let through = (): void => {};
  const delivered = new Promise<void>(settle => {
    through = settle;
  });
  const outbox = {
    cursor: async () => cursor,
    read: async (_: number, after: string) => (after === '0-0' ? [{ id: '1-0', outputs }] : []),
    advance: async (_: number, __: string, id: string) => {
      cursor = id;
      through();
    },
  };
  const back = new Promise<void>(settle => influx.onRestart(settle));
  process.kill(influx.pid(), 'SIGKILL');
  await assert.rejects(newSink().write(outputs, 0), (error: unknown) => {
    assert.ok(error instanceof SinkError);
    assert.equal(error.code, 'OEE_INFLUX_AWAY');
    assert.match(error.hint, /INFLUX_URL/);
    return true;
  });
  const options = { random: Math.random, log: () => {}, backoffMinMs: 10, backoffMaxMs: 50 };
  const delivery = deliver({ sink: newSink(), partitions: [0], outbox, ...options });
  await Promise.all([back, delivered]);
  await delivery.stop();
  assert.equal(delivery.status().delivered, 50);
  assert.deepEqual(await influx.rows('SELECT count(total) FROM oee'), [{ time: 0, count: 50 }]);
});

function interval(more: Partial<Interval>): Interval {
  return {
    type: 'interval',
    unit: 'filler',
    from: T0,
    to: T0 + MINUTE,
    category: 'breakdown',
    state: 'HELD',
    reason: 'E42',
    stopId: 's-1',
    source: 'state',
    open: false,
    undecided: false,
    ...more,
  };
}
