// Refusing neighbour: whatever an InfluxDB answers, nothing is missing afterwards; what it never takes, and only that, is a dead letter.
// In: the delivery loop and the sink, a neighbour with moods. Out: laws beside a neighbour without any.
// Touches loopback ports.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { deliver } from '../../src/sinks/deliver.ts';
import type { InfluxOptions } from '../../src/sinks/influx/influx-address.ts';
import { influxSink } from '../../src/sinks/influx/influx-sink.ts';
import { madeUpResult, madeUpTally, T0 } from '../support/made-up-outputs.ts';
import { MemoryOutbox } from '../support/memory-outbox.ts';
import { type Mood, startRefusingInflux } from '../support/refusing-influx.ts';

const HOUR_MS = 3_600_000;
const ENTRIES = 24;
const UNITS = ['filler', 'capper', 'labeller'];
const BAD_ENTRY = 9;
const BAD = 'bad';
const ODD = { error: 'made up' };
const MOODS: Readonly<Record<string, Mood>> = {
  '400 about the address': { status: 400, error: 'database is required' },
  '401': { status: 401, ...ODD },
  '403': { status: 403, ...ODD },
  '404': { status: 404, ...ODD },
  '429 with seconds': { status: 429, headers: { 'retry-after': '7' } },
  '429 with a date': {
    status: 429,
    headers: { date: 'Sun, 22 Nov 2026 06:00:00 GMT', 'retry-after': 'Sun, 22 Nov 2026 06:01:30 GMT' },
  },
  '500': { status: 500, ...ODD },
  '502': { status: 502, ...ODD },
  '503 with seconds': { status: 503, headers: { 'retry-after': '11' } },
  '503': { status: 503, ...ODD },
  'a page of a proxy': { status: 200, error: 'welcome' },
  'a reset in the body': 'reset in the body',
  'an answer that is lost': 'unheard',
  'half an answer': 'half an answer',
  'no answer': 'hangs',
};

/** Each entry tells every unit's window of its third hour anew: three words on each window, the last of them right. */
function outboxOf(): MemoryOutbox {
  const outbox = new MemoryOutbox();
  const entries = Array.from({ length: ENTRIES }, (_, n) => {
    const units = n === BAD_ENTRY ? ['filler', BAD, 'capper', 'labeller'] : UNITS;
    const more = { start: T0 + Math.floor(n / 3) * HOUR_MS, revision: n % 3, tally: madeUpTally({ good: n }) };
    return { id: `${n + 1}-0`, outputs: units.map(unit => madeUpResult(unit, 'hour', more)) };
  });
  outbox.entries.set(0, entries);
  return outbox;
}

interface Delivered {
  readonly points: Readonly<Record<string, string>>;
  readonly letters: MemoryOutbox['letters'];
  /** pauses before the same was sent again */
  readonly pauses: readonly number[];
  readonly delivered: number;
  readonly refused: number;
  readonly words: readonly (readonly string[])[];
}

async function through(
  t: TestContext,
  moods: readonly Mood[],
  more: Partial<InfluxOptions> & { linesMax?: number } = {},
): Promise<Delivered> {
  const influx = await startRefusingInflux(line => line.includes(`unit=${BAD}`));
  t.after(() => influx.close());
  influx.moods.push(...moods);
  influx.linesMax = more.linesMax ?? 0;
  const outbox = outboxOf();
  const placeOf = () => ({ site: null, area: null, line: null });
  const sink = influxSink({ url: influx.url, bucket: 'plant', placeOf, requestMaxMs: 250, ...more });
  const pauses: number[] = [];
  const idleMs = 987_654;
  const sleep = (ms: number, signal: AbortSignal): Promise<void> => {
    if (ms !== idleMs) return Promise.resolve(void pauses.push(ms));
    return new Promise(settle => signal.addEventListener('abort', () => settle()));
  };
  const bounds = { backoffMinMs: 2, backoffMaxMs: 100, idleMs };
  const delivery = deliver({ sink, partitions: [0], outbox, random: () => 0.5, log: () => {}, sleep, ...bounds });
  await outbox.reached(0, `${ENTRIES}-0`);
  await delivery.stop();
  const { delivered, refused } = delivery.status();
  const points = Object.fromEntries([...influx.points].sort());
  return { points, letters: outbox.letters, pauses, delivered, refused, words: [...influx.words.values()] };
}

const revisionOf = (line: string): number => Number(/[, ]revision=(\d+)i/.exec(line)?.[1]);

/** Every point as with a patient neighbour, none twice in another form, only the bad one refused, and no word after a newer one. */
function nothingMissing(calm: Delivered, told: Delivered, what: string): void {
  assert.deepEqual(told.points, calm.points, what);
  assert.deepEqual(
    told.letters.map(({ code, machine, entry, index }) => [code, machine, entry, index]),
    [['OEE_INFLUX_REFUSED', BAD, `out:${BAD_ENTRY + 1}-0`, 1]],
    what,
  );
  assert.match(told.letters[0]?.message ?? '', /field type conflict/, what);
  assert.equal(told.delivered + told.refused, ENTRIES * UNITS.length + 1, `${what}: all outputs are accounted for`);
  assert.equal(told.refused, 1, what);
  for (const words of told.words) {
    const revisions = words.map(revisionOf);
    assert.deepEqual(
      revisions,
      [...revisions].sort((a, b) => a - b),
      `${what}: order`,
    );
  }
}

for (const [api, options] of Object.entries({ '1.x': {}, '2.x': { token: 'secret', org: 'acme' } })) {
  test(`InfluxDB ${api}: after any single trouble, and after all of them in a row, nothing is missing`, async t => {
    const calm = await through(t, [], options);
    assert.ok(Object.keys(calm.points).length > ENTRIES);
    for (const [name, mood] of Object.entries(MOODS)) {
      nothingMissing(calm, await through(t, [mood, mood], options), name);
    }
    nothingMissing(calm, await through(t, Object.values(MOODS), options), 'all in a row');
    nothingMissing(calm, await through(t, [], { ...options, linesMax: 2 }), '413 for more than two lines');
  });
}

test('a neighbour that asks for patience is left alone so long: seconds, or until a date by its own clock', async t => {
  const asked = ['429 with seconds', '429 with a date', '503 with seconds'].map(name => MOODS[name] as Mood);
  const { pauses } = await through(t, asked);
  assert.deepEqual(pauses, [7_000, 90_000, 11_000]);
});
