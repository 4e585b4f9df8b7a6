// An entry with an id of the far future: every id after it stood still, no tick counted, what came in was called too old.
// In: the real program; somebody's XADD. Out: what was seen before it was mended, and is seen no more.
// Touches child processes, loopback.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startEngineChild } from '../support/engine-child.ts';

const PLANT = `
plant: Ahead
products: { cola: { name: Cola, piece: bottle } }
calendars: { days: { zone: UTC, shifts: { all: { start: "00:00", end: "00:00" } }, weekly: { mon-fri: [all] } } }
defaults: { calendar: days, vocabulary: packml, cycles: { cola: 200ms }, product: cola }
sites: [{ id: site, zone: UTC, areas: [{ id: hall, lines: [{ id: line, kind: parallel, machines: [{ id: filler }] }] }] }]
`;
const FAR = Date.UTC(2286, 10, 20);

test('after an entry with an id of the far future events come in, ticks go on, the log is let go, and nothing is refused', async t => {
  const engine = await startEngineChild(PLANT, { OEE_PARTITIONS: '1', INFLUX_URL: 'none' });
  t.after(() => engine.close());
  const count = (id: string) => ({ id, machine: 'filler', at: Date.now(), type: 'count', good: 7 });
  await engine.send([count('before')]);
  const edge = async (): Promise<number> => {
    const [current] = await engine.results({ unit: 'filler', window: 'last5m' });
    return Date.parse(current?.window.edge ?? '');
  };
  // a log that never had a tick knows no time but its ids: the first tick comes within a second of the first start
  const begun = Date.now();
  await engine.until('a tick', edge, now => now > begun);
  await engine.redis.command('XADD', 'oee:{p000}:in', `${FAR}-0`, 'b', JSON.stringify(count('outsider')));
  const sent = await engine.send([count('after')]);
  assert.deepEqual(sent.rejected, []);
  const total = async (): Promise<number> => {
    const [result] = await engine.results({ unit: 'filler', from: Date.now() - 600_000, to: Date.now() + 1_000 });
    return result?.tally.total ?? 0;
  };
  await engine.until('all three', total, pieces => pieces === 21);
  const reached = await edge();
  await engine.until('ticks that move time', edge, now => now > reached + 1_500 && now <= Date.now());
  const { deadLetters } = await engine.get<{ deadLetters: unknown[] }>('/v1/dead-letters');
  assert.deepEqual(deadLetters, []);
  const kept = async (): Promise<number> => Number(await engine.redis.command('XLEN', 'oee:{p000}:in'));
  // ticks let it grow all the time: it is let go when it is shorter than it was, whenever we looked first
  let longest = 0;
  await engine.until('the log to be let go', kept, length => {
    longest = Math.max(longest, length);
    return length < longest;
  });
});
