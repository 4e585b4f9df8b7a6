// Regression: old news that cost more time than a lease kept a partition going from owner to owner without one commit.
// In: a worker on a log in memory, by a clock of which every entry takes a while. Out: commits on the way, and turns for others.
// Touches nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PartitionWorker } from '../../src/engine/partition-worker.ts';
import { MemoryLog } from '../support/memory-log.ts';
import { smallPlant } from '../support/small-plant.ts';

const BEGIN = Date.UTC(2026, 10, 20, 8);
const ENTRIES = 40;
/** By the worker's clock an entry takes this long, and a lease is as long as ten of them. */
const ENTRY_MS = 100;
const LEASE_MS = 10 * ENTRY_MS;

test('a chunk that takes longer than a lease is committed on the way, and others have their turn in between', async () => {
  const log = new MemoryLog();
  log.append('plant', JSON.stringify(smallPlant()), BEGIN);
  for (let index = 0; index < ENTRIES; index++) {
    log.events([{ id: `c${index}`, machine: 'm1', at: BEGIN - index * 1_000, type: 'count', good: 1 }], BEGIN);
  }
  let clock = 0;
  let committedAt = 0;
  let longest = 0;
  let turns = 0;
  let running = true;
  const beat = (): void => {
    turns += 1;
    if (running) setImmediate(beat);
  };
  const worker = new PartitionWorker(0, {
    own: () => log.own(),
    onAppend: () => () => {},
    share: () => true,
    steadyNow: () => {
      clock += ENTRY_MS;
      return clock;
    },
    onWorking: () => {
      committedAt = clock;
      setImmediate(beat);
    },
    onCommit: () => {
      longest = Math.max(longest, clock - committedAt);
      committedAt = clock;
    },
    log: () => {},
  });
  await log.committed(log.last());
  running = false;
  await worker.stop();
  assert.ok(longest < LEASE_MS, `${longest} ms without a commit, by a lease of ${LEASE_MS} ms`);
  assert.ok(turns > 2, 'a renewal would have had its turn');
  const head = JSON.parse(log.checkpoint().fields.get('p') ?? '{}') as { accounting: { inState: number } };
  assert.equal(head.accounting.inState, ENTRIES);
});
