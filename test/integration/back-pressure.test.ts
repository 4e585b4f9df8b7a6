// Back-pressure: a Redis near its memory limit under a flood, with InfluxDB away: refused with patience, nothing lost, nothing doubled.
// In: the real program on a small Redis, InfluxDB behind a proxy. Out: laws that hold.
// Touches child processes, loopback.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type EngineChild, startEngineChild } from '../support/engine-child.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { type InfluxChild, startInfluxChild } from '../support/influx-child.ts';
import { type RedisChild, startRedisChild } from '../support/redis-child.ts';

const PLANT = `
plant: Flood
products: { cola: { name: Cola, piece: bottle } }
calendars: { days: { zone: Europe/Oslo, shifts: { early: { start: "06:00", end: "14:00" } }, weekly: { mon-fri: [early] } } }
defaults: { calendar: days, vocabulary: packml, cycles: { cola: 200ms }, product: cola }
sites: [{ id: site, zone: Europe/Oslo, areas: [{ id: hall, lines: [{ id: line, kind: parallel, machines: [{ id: filler }] }] }] }]
`;
const BATCH = 500;
/** So many batches would be some 100 MB: the limit comes long before. */
const BATCHES_MAX = 1_000;
const ROOM_BYTES = 8 * 1024 * 1024;
const HOUR_MS = 3_600_000;
/** The hours before this one. */
const START = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 30 * HOUR_MS;
const EVERY_MS = 100;

let redis: RedisChild;
let influx: InfluxChild;
let toInflux: FaultProxy;
let engine: EngineChild;

before(async () => {
  redis = await startRedisChild('--maxmemory-policy', 'noeviction');
  influx = await startInfluxChild();
  toInflux = await startFaultProxy(Number(new URL(influx.url).port));
  toInflux.shut();
  engine = await startEngineChild(PLANT, {
    REDIS_URL: redis.url,
    INFLUX_URL: toInflux.url.replace('redis:', 'http:'),
    INFLUX_BUCKET: influx.database,
    // a request that was broken off may still be on its way for so long: until then the outbox is kept
    INFLUX_TIMEOUT_MS: '2000',
  });
});
after(async () => {
  await engine?.close();
  await toInflux?.close();
  await influx?.close();
  await redis?.close();
});

const batchOf = (number: number): string =>
  Array.from({ length: BATCH }, (_, i) => {
    const n = number * BATCH + i;
    return JSON.stringify({ id: `e${n}`, machine: 'filler', at: START + n * EVERY_MS, type: 'count', good: 1 });
  }).join('\n');

async function post(
  number: number,
): Promise<{ status: number; code?: string; accepted?: number; retryAfter: string | null }> {
  const answer = await fetch(new URL('/v1/events', engine.url), {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: batchOf(number),
  });
  const body = (await answer.json()) as { code?: string; accepted?: number };
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), ...body };
}

const keysLike = async (suffix: string): Promise<string[]> =>
  (await redis.command('KEYS', `oee:*:${suffix}`)) as string[];
/** Entries that were there once, and that are there now, over all partitions. */
async function entriesOf(suffix: string): Promise<{ ever: number; now: number }> {
  const sums = { ever: 0, now: 0 };
  for (const key of await keysLike(suffix)) {
    const info = (await redis.command('XINFO', 'STREAM', key)) as (string | number)[];
    sums.ever += Number(info[info.indexOf('entries-added') + 1]);
    sums.now += Number(info[info.indexOf('length') + 1]);
  }
  return sums;
}
const usedMemory = async (): Promise<number> =>
  Number(/used_memory:(\d+)/.exec(String(await redis.command('INFO', 'memory')))?.[1]);

/** Whole batches that were acknowledged. */
let taken = 0;

/** Sends batch after batch until one is refused, which holds nothing of it. */
async function floodUntilFull(): Promise<void> {
  for (; taken < BATCHES_MAX; taken++) {
    const answer = await post(taken);
    if (answer.status !== 202) {
      assert.deepEqual([answer.status, answer.code], [503, 'OEE_JOURNAL_FULL']);
      assert.ok(Number(answer.retryAfter) >= 1, 'it says when to come back');
      return;
    }
    assert.equal(answer.accepted, BATCH);
  }
  assert.fail('it was never full');
}

/** The refused batch, until it is taken. */
async function sendAgain(): Promise<void> {
  const { accepted } = await engine.until(
    'room',
    () => post(taken),
    ({ status }) => status === 202,
  );
  assert.equal(accepted, BATCH, 'nothing of it was there');
  taken++;
}

async function workedOff(): Promise<void> {
  const worked = async (): Promise<number> => engine.metric('oee_pipeline_events_total', 'outcome="read"');
  await engine.until('all that was taken in is worked off', worked, read => read === taken * BATCH);
}

/** Pieces by the engine itself, over all that was sent. */
async function piecesHere(): Promise<number> {
  const [span] = await engine.results({ unit: 'filler', from: START, to: START + 26 * HOUR_MS });
  return span?.tally.total ?? 0;
}

test('a flood is taken in until Redis is full, then refused with 503 and Retry-After; what is there is worked off and shown', async () => {
  await redis.command('CONFIG', 'SET', 'maxmemory', (await usedMemory()) + ROOM_BYTES);
  await floodUntilFull();
  await workedOff();
  assert.equal(await piecesHere(), taken * BATCH, 'the live figures do not wait for InfluxDB');
  assert.equal((await influx.rows('SELECT * FROM oee')).length, 0, 'which is away');
});

test('trimming makes room again, but takes nothing that a sink has not seen', async () => {
  const before = taken;
  await sendAgain();
  const [log, outbox] = [await entriesOf('in'), await entriesOf('out')];
  assert.ok(log.now < log.ever, 'worked-off entries of the log were let go');
  assert.ok(outbox.ever > 0);
  assert.equal(outbox.now, outbox.ever, 'InfluxDB has seen nothing yet, so all is kept');
  await floodUntilFull();
  assert.ok(taken > before);
  await workedOff();
  assert.equal(await piecesHere(), taken * BATCH);
});

test('with more memory all goes on; InfluxDB, back, gets everything that it missed; nothing lost, nothing doubled', async () => {
  await redis.command('CONFIG', 'SET', 'maxmemory', '256mb');
  await sendAgain();
  toInflux.open();
  await workedOff();
  assert.equal(await piecesHere(), taken * BATCH);
  assert.equal(await engine.metric('oee_journal_accepted_total'), taken * BATCH);
  const lag = (): Promise<number> => engine.metric('oee_sinks_lag_outputs', 'influx');
  await engine.until('InfluxDB has all', lag, outputs => outputs === 0);
  const pieces = async (): Promise<number> => {
    const [sum] = await influx.rows(`SELECT sum(total) FROM oee WHERE unit = 'filler' AND "window" = 'minute'`);
    return Number(sum?.sum);
  };
  await engine.until('the last minute is told', pieces, sum => sum === taken * BATCH);
  await engine.until(
    'what all have seen is let go',
    () => entriesOf('out'),
    ({ ever, now }) => now < ever,
  );
  const { deadLetters } = await engine.get<{ deadLetters: unknown[] }>('/v1/dead-letters');
  assert.deepEqual(deadLetters, []);
});
