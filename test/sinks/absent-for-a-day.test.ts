// Absent for a day: a neighbour that is away for 24 hours gets everything that it missed, in order, once it is back.
// In: the delivery loop in virtual time, an outbox that is trimmed as the journal's is. Out: laws beside a day without absence.
// Touches virtual time only.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packOutput } from '../../src/core/result.ts';
import { deliver } from '../../src/sinks/deliver.ts';
import { type Sink, SinkError } from '../../src/sinks/sink.ts';
import { VirtualTime } from '../simulation/virtual-time.ts';
import { MemoryOutbox } from '../support/memory-outbox.ts';

const MINUTE_MS = 60_000;
const DAY_MIN = 24 * 60;
const PARTITIONS = [0, 1, 2];
/** The longest pause between two attempts, half of which is chance. */
const BACKOFF_MAX_MS = 30_000;
/** What one partition may hold in memory while its neighbour is away: one batch. */
const IN_HAND_MAX = 500;

/** What nobody needs any more goes at the next trimming: some minutes' worth. */
const KEPT_MAX = 20;

interface Day {
  /** per partition, what the neighbour took, in order, each once */
  readonly taken: Readonly<Record<number, readonly string[]>>;
  readonly attempts: number;
  readonly inHandMax: number;
  readonly keptMax: number;
  readonly letters: number;
}

/** Each minute every partition has something new; the neighbour is away from one minute to another. */
async function dayOf(away: { readonly from: number; readonly to: number }): Promise<Day> {
  const time = new VirtualTime(Date.UTC(2026, 10, 22), 3);
  const begin = time.now;
  const outbox = new MemoryOutbox();
  const taken: Record<number, string[]> = { 0: [], 1: [], 2: [] };
  let [attempts, inHandMax, keptMax] = [0, 0, 0];
  const isAway = (): boolean => time.now >= begin + away.from * MINUTE_MS && time.now < begin + away.to * MINUTE_MS;
  const sink: Sink = {
    name: 'influx',
    write: async (outputs, partition) => {
      attempts += 1;
      if (isAway()) throw new SinkError('OEE_INFLUX_AWAY', 'nobody there', 'Start it.');
      taken[partition]?.push(...outputs.map(packOutput));
      return [];
    },
    close: async () => {},
  };
  await time.reign(async () => {
    const delivery = deliver({ sink, partitions: PARTITIONS, outbox, random: () => time.chance.next(), log: () => {} });
    for (let minute = 0; minute < DAY_MIN + 120; minute += 1) {
      for (const partition of PARTITIONS) {
        if (minute <= DAY_MIN) outbox.put(partition, `${minute + 1}-1`, `a${minute}`, `b${minute}`);
        delivery.wake(partition);
        trim(outbox, partition);
      }
      await time.runUntil(begin + (minute + 1) * MINUTE_MS);
      inHandMax = Math.max(inHandMax, delivery.status().lagEntries);
      keptMax = Math.max(keptMax, ...PARTITIONS.map(partition => outbox.entries.get(partition)?.length ?? 0));
    }
    const stopped = delivery.stop();
    await time.runUntil(time.now + MINUTE_MS);
    await stopped;
  });
  return { taken, attempts, inHandMax, keptMax, letters: outbox.letters.length };
}

/** As the journal does it: what lies below every cursor goes, the entry at it stays, and without a cursor nothing goes. */
function trim(outbox: MemoryOutbox, partition: number): void {
  const entries = outbox.entries.get(partition) ?? [];
  const at = entries.findIndex(({ id }) => id === outbox.cursors.get(partition));
  if (at > 0) outbox.entries.set(partition, entries.slice(at));
}

test('away for 24 hours: nothing is missing afterwards, nothing comes twice or out of order, and the wait costs little', async () => {
  const calm = await dayOf({ from: 0, to: 0 });
  const told = await dayOf({ from: 5, to: 5 + DAY_MIN });
  assert.equal(calm.taken[0]?.length, 2 * (DAY_MIN + 1));
  assert.deepEqual(told.taken, calm.taken);
  assert.equal(told.letters, 0, 'absence refuses nothing');
  assert.ok(told.inHandMax <= IN_HAND_MAX * PARTITIONS.length, `${told.inHandMax} entries in memory`);
  const patient = PARTITIONS.length * ((2 * DAY_MIN * MINUTE_MS) / BACKOFF_MAX_MS + 100) + calm.attempts;
  assert.ok(told.attempts <= patient, `${told.attempts} attempts`);
  assert.ok(told.attempts > DAY_MIN, 'it went on trying');
  assert.ok(calm.keptMax <= KEPT_MAX, `what everybody has is let go: ${calm.keptMax} are kept`);
  assert.ok(told.keptMax >= DAY_MIN, 'what the absent one has not seen is kept');
});
