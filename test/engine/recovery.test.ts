// Recovery: a partition whose owner was killed is worked again within its lease and a second, from its last commit on.
// In: a keeper in virtual time, a log in memory, the lease of a dead owner. Out: laws.
// Touches virtual time only.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PartitionKeeper } from '../../src/engine/partition-keeper.ts';
import type { Ownership } from '../../src/journal/lease.ts';
import { VirtualTime } from '../simulation/virtual-time.ts';
import { MemoryLog } from '../support/memory-log.ts';
import { smallPlant } from '../support/small-plant.ts';

const LEASE_MS = 5_000;
const GRACE_MS = 1_000;
const BEGIN = Date.UTC(2026, 10, 20, 8);

const count = (index: number) => ({ id: `c${index}`, machine: 'm1', at: BEGIN + index, type: 'count', good: 1 });

test('after a kill -9 the partition is owned and worked within the lease and a second; only what was not committed is read again', async () => {
  const log = new MemoryLog();
  log.append('plant', JSON.stringify(smallPlant()), BEGIN);
  log.events([count(1), count(2)], BEGIN);
  const committed = log.workedAlone();
  const missed = [log.events([count(3)], BEGIN), log.events([count(4)], BEGIN)];
  const time = new VirtualTime(BEGIN, 11);
  const readAfter: string[] = [];
  let ownedAt = 0;
  await time.reign(async () => {
    const own = async (): Promise<Ownership | null> => {
      // the dead one renewed its lease in the instant before
      if (time.now < BEGIN + LEASE_MS) return null;
      const ownership = await log.own();
      const read: Ownership['read'] = async (after, entriesMax) => {
        readAfter.push(after);
        return ownership.read(after, entriesMax);
      };
      return { ...ownership, read };
    };
    const keeper = new PartitionKeeper({
      partitions: [0],
      owner: 'next',
      leaseMs: LEASE_MS,
      roster: { meet: async () => ['next'], leave: async () => {} },
      own,
      leaseOf: async () => `dead ${BEGIN + LEASE_MS}`,
      worker: {
        onAppend: () => () => {},
        share: () => () => true,
        onWorking: () => (ownedAt = time.now),
        log: () => {},
      },
      onEnded: () => {},
      log: () => {},
    });
    // its first round has run up to its first pause: from there on time is what is due
    await keeper.started;
    await time.runUntil(BEGIN + LEASE_MS + GRACE_MS);
    assert.ok(keeper.isReady(), 'ready within the lease and a second');
    const stopped = keeper.stop();
    await time.runUntil(time.now + LEASE_MS);
    await stopped;
  });
  assert.ok(ownedAt >= BEGIN + LEASE_MS, 'not before the lease ran out');
  assert.equal(readAfter[0], committed.offset, 'from the last commit on');
  assert.equal(log.checkpoint().offset, missed.at(-1), 'and all that was missed is worked in');
  const head = JSON.parse(log.checkpoint().fields.get('p') ?? '{}') as { accounting: { inState: number } };
  assert.equal(head.accounting.inState, 4);
});
