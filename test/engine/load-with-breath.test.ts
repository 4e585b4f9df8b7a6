// Load with breath: a large state is loaded in steps, so that a worker's other duties go on, and comes out as it was.
// In: a worker on a log in memory with many facts. Out: laws about what has its turn meanwhile, and what is loaded.
// Touches nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tallyOver } from '../../src/core/machine-results.ts';
import type { Partition } from '../../src/core/partition.ts';
import { PartitionWorker } from '../../src/engine/partition-worker.ts';
import type { Ownership } from '../../src/journal/lease.ts';
import { chanceOf } from '../support/chance-of.ts';
import { MemoryLog } from '../support/memory-log.ts';
import { smallPlant } from '../support/small-plant.ts';

const DAY_MS = 86_400_000;
const FACTS = 12_000;
const EVERY_MS = 15_000;
const END = Date.UTC(2026, 10, 20, 8);
const BEGIN = END - FACTS * EVERY_MS;
const PER_ENTRY = 500;
/** A step may do this many facts at most, or others wait too long: some 10 ms. */
const FACTS_PER_TURN = 2_000;

function factOf(index: number): object {
  const [id, machine, at] = [`f${index}`, 'm1', BEGIN + index * EVERY_MS];
  if (index % 50 === 0) return { id, machine, at, type: 'order', phase: 'start', order: `o${index}`, product: 'p' };
  if (index % 10 === 0)
    return { id, machine, at, type: 'state', state: index % 20 === 0 ? 'stop' : 'producing', reason: 'C1' };
  return { id, machine, at, type: 'count', good: 3, reject: index % 3 };
}

/** Days of facts, of which each day's came in any order. */
function longLog(): MemoryLog {
  const log = new MemoryLog();
  log.append('plant', JSON.stringify(smallPlant()), BEGIN);
  const order = chanceOf(5).shuffled(Array.from({ length: FACTS }, (_, index) => index));
  const dayOf = (index: number): number => Math.floor((BEGIN + index * EVERY_MS) / DAY_MS);
  order.sort((a, b) => dayOf(a) - dayOf(b));
  for (let from = 0; from < FACTS; from += PER_ENTRY) {
    log.events(order.slice(from, from + PER_ENTRY).map(factOf), END);
  }
  log.append('tick', '', END);
  return log;
}

/** Works the whole log off, and loads what was committed in a second life. @returns both states, and the turns that others had */
async function twoLives(): Promise<{ before: Partition; after: Partition; turns: number; renewals: number }> {
  const log = longLog();
  const ports = { onAppend: () => () => {}, share: () => true, log: () => {} };
  const first = new PartitionWorker(0, { ...ports, own: () => log.own() });
  await log.committed(log.last());
  await first.stop();
  let turns = 0;
  let renewals = 0;
  let loading = false;
  const beat = (): void => {
    if (!loading) return;
    turns += 1;
    setImmediate(beat);
  };
  const own = async (): Promise<Ownership> => ({
    ...(await log.own()),
    load: async () => {
      loading = true;
      setImmediate(beat);
      // as the renewal of another partition's lease: a timer of this process
      renewing = setInterval(() => (renewals += 1), 1);
      return log.checkpoint();
    },
  });
  let renewing: NodeJS.Timeout | undefined;
  const loaded = await new Promise<PartitionWorker>(settle => {
    new PartitionWorker(0, { ...ports, own, onWorking: settle });
  });
  loading = false;
  clearInterval(renewing);
  await loaded.stop();
  return { before: first.partition, after: loaded.partition, turns, renewals };
}

test('while a large state is loaded others have their turn again and again; it comes out as the life before left it', async () => {
  const { before, after, turns, renewals } = await twoLives();
  const [was, is] = [before.machines.get('m1'), after.machines.get('m1')];
  assert.ok(was !== undefined && is !== undefined);
  assert.ok(turns >= FACTS / FACTS_PER_TURN, `others had ${turns} turns`);
  assert.ok(renewals > 0, 'leases were renewed meanwhile');
  assert.equal(is.store.count, FACTS);
  assert.deepEqual(
    is.store.blocks.flatMap(block => block.facts),
    was.store.blocks.flatMap(block => block.facts),
  );
  assert.deepEqual(is.runs, was.runs);
  assert.deepEqual(is.store.head, was.store.head);
  assert.deepEqual([is.edge, is.latest, is.beginning], [was.edge, was.latest, was.beginning]);
  for (let from = BEGIN - (BEGIN % DAY_MS); from < END; from += DAY_MS) {
    assert.deepEqual(tallyOver(is, from, from + DAY_MS), tallyOver(was, from, from + DAY_MS));
  }
});
