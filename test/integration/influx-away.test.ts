// Influx away: the history's server is gone for a while of real time; screens and questions go on, and afterwards it has everything.
// In: the real program, InfluxDB behind a proxy that is shut for OEE_AWAY_S seconds (4 by default; the full form is 60). Out: laws.
// Touches child processes, loopback.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { startEngineChild } from '../support/engine-child.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { sameInHistory } from '../support/history-agrees.ts';
import { listenLive } from '../support/live-listener.ts';

const AWAY_S = Number(process.env.OEE_AWAY_S ?? 4);
const PLANT = `
plant: Away
products: { cola: { name: Cola, piece: bottle } }
calendars: { days: { zone: UTC, shifts: { early: { start: "06:00", end: "14:00" } }, weekly: { mon-fri: [early] } } }
defaults: { calendar: days, vocabulary: packml, cycles: { cola: 200ms }, product: cola }
sites: [{ id: site, zone: UTC, areas: [{ id: hall, lines: [{ id: line, kind: parallel, machines: [{ id: filler }] }] }] }]
`;
const MINUTE_MS = 60_000;
/** Each batch tells of an hour of the days before, so that many windows become final meanwhile. */
const BATCH_MINUTES = 60;
const PER_MINUTE = 5;
const BATCH_PIECES = BATCH_MINUTES * PER_MINUTE;
/** Four days of hours: with them the rest of the time is waited for. */
const BATCHES_MAX = 90;
const START = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 4 * 86_400_000;

const batchOf = (number: number) =>
  Array.from({ length: BATCH_MINUTES }, (_, minute) => ({
    id: `b${number}-${minute}`,
    machine: 'filler',
    at: START + (number * BATCH_MINUTES + minute) * MINUTE_MS,
    type: 'count',
    good: PER_MINUTE,
  }));

test(`InfluxDB is away for ${AWAY_S} seconds: live results go on, and afterwards not one point is missing or unlike`, async t => {
  const engine = await startEngineChild(PLANT, { OEE_PARTITIONS: '1' });
  t.after(() => engine.close());
  const proxy = await startFaultProxy(Number(new URL(engine.influx.url).port));
  t.after(() => proxy.close());
  await engine.kill();
  await engine.start({ INFLUX_URL: proxy.url.replace('redis:', 'http:') });
  const live = await listenLive(`${engine.url.replace('http:', 'ws:')}/v1/live`);
  t.after(() => live.socket.close());
  live.say({ op: 'subscribe', units: ['filler'], windows: ['hour'] });
  let sent = 0;
  const sendOne = async (): Promise<void> => {
    assert.deepEqual((await engine.send(batchOf(sent))).rejected, []);
    sent += 1;
  };
  await sendOne();
  await engine.settled();
  proxy.shut();
  const until = Date.now() + AWAY_S * 1_000;
  while (Date.now() < until) {
    const hour = new Date(START + sent * BATCH_MINUTES * MINUTE_MS).toISOString();
    await sendOne();
    const heard = await live.hears(({ result }) => result !== undefined && startOf(result) === Date.parse(hour));
    assert.equal(heard.result?.unit, 'filler', 'screens hear of it');
    await engine.until(
      'the answer',
      () => piecesOf(),
      pieces => pieces === sent * BATCH_PIECES,
    );
    if (sent >= BATCHES_MAX) break;
  }
  // what is left of the time passes in silence
  await wait(Math.max(0, until - Date.now()));
  await proxy.turnedAway(1);
  const missing = await engine.influx.rows(`SELECT * FROM oee WHERE "window" = 'hour' AND unit = 'filler'`);
  assert.ok(missing.length < sent, 'InfluxDB knows nothing of it meanwhile');
  proxy.open();
  await engine.settled();
  const span = { from: START, to: START + (sent * BATCH_MINUTES - 30) * MINUTE_MS };
  for (const unit of ['filler', 'line']) {
    const compared = () => sameInHistory(engine, { unit, kind: 'minute', ...span });
    await engine.until(`every minute of ${unit}`, compared, minutes => minutes >= (sent - 1) * BATCH_MINUTES);
  }
  const { deadLetters } = await engine.get<{ deadLetters: unknown[] }>('/v1/dead-letters');
  assert.deepEqual(deadLetters, []);

  async function piecesOf(): Promise<number> {
    const [span] = await engine.results({ unit: 'filler', from: START, to: START + 4 * 86_400_000 });
    return span?.tally.total ?? 0;
  }
});

const startOf = (result: { readonly window: { readonly start: string } }): number => Date.parse(result.window.start);
