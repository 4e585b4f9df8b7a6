// Partition keeper: what one process does about partitions that nobody else takes.
// In: a roster and leases in memory. Out: laws about sharing where a share is not taken.
// Touches timers.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { PartitionKeeper } from '../../src/engine/partition-keeper.ts';
import { MemoryLog } from '../support/memory-log.ts';

const PARTITIONS = [0, 1, 2, 3];

interface Stage {
  readonly keeper: PartitionKeeper;
  living: string[];
  /** what others own, and what is on its way from one to another: free, but not for long */
  readonly others: Map<number, 'renewed' | 'moving' | 'lapsed'>;
  /** partitions whose leases were looked at, one after another */
  readonly looks: readonly number[];
  /** told of each look */
  onLook: () => void;
  /** resolves at the next worker's end or beginning that makes it so */
  owns(count: number): Promise<void>;
}

function stage(t: TestContext): Stage {
  const others = new Map<number, 'renewed' | 'moving' | 'lapsed'>();
  const looks: number[] = [];
  let waiting: { count: number; settle: () => void }[] = [];
  const check = (): void => {
    const owned = [...keeper.workers.values()].filter(worker => worker.mode === 'working').length;
    for (const { settle } of waiting.filter(({ count }) => count === owned)) settle();
    waiting = waiting.filter(({ count }) => count !== owned);
  };
  const here: Stage = {
    living: ['me', 'other'],
    others,
    looks,
    onLook: () => {},
    get keeper() {
      return keeper;
    },
    owns: count =>
      new Promise(settle => {
        waiting.push({ count, settle });
        check();
      }),
  };
  const keeper: PartitionKeeper = new PartitionKeeper({
    partitions: PARTITIONS,
    owner: 'me',
    leaseMs: 20,
    roster: { meet: async () => here.living, leave: async () => {} },
    own: async partition => (others.get(partition) === 'renewed' ? null : new MemoryLog().own()),
    leaseOf: async partition => {
      const look = looks.push(partition);
      here.onLook();
      const said = others.get(partition);
      return said === undefined ? ' 0' : said === 'lapsed' ? 'other 0' : `other ${look}`;
    },
    worker: { onAppend: () => () => {}, share: () => () => true, onWorking: () => setImmediate(check), log: () => {} },
    onEnded: () => setImmediate(check),
    log: () => {},
  });
  t.after(() => keeper.stop());
  return here;
}

test('what is the share of one that does not take it is taken beyond the share, and given back when the living change', async t => {
  const here = stage(t);
  here.others.set(0, 'renewed').set(1, 'renewed');
  await here.owns(2);
  assert.equal(here.keeper.share, 2);
  // the other cannot go on with one of its own: it gives it back, and does not take it again
  here.others.delete(0);
  await here.owns(3);
  assert.equal(here.keeper.share, 2, 'beyond the share');
  assert.ok(here.keeper.workers.has(0));
  here.living = ['another', 'me'];
  await here.owns(2);
  assert.ok(!here.keeper.workers.has(0), 'the youngest goes first');
});

test('what the living renew is left to them', async t => {
  const here = stage(t);
  here.others.set(0, 'renewed').set(1, 'renewed');
  await here.owns(2);
  here.living = ['me'];
  here.others.delete(1);
  await here.owns(3);
  assert.ok(!here.keeper.workers.has(0));
  assert.deepEqual(here.keeper.handOvers(), { claimed: 3, released: 0, lost: 0, refused: 0, failed: 0 });
});

test('what is on its way from one to another is not taken in between', async t => {
  const here = stage(t);
  here.others.set(0, 'renewed').set(1, 'renewed');
  await here.owns(2);
  here.others.set(0, 'moving');
  const before = here.looks.length;
  while (here.looks.length < before + 6) await new Promise(resolve => setTimeout(resolve, 5));
  assert.ok(!here.keeper.workers.has(0), 'it was looked at three times, and each time somebody else had it meanwhile');
});

test('a lease that its living owner missed to renew is left to it for a while, and taken if it does not come', async t => {
  const here = stage(t);
  here.others.set(0, 'renewed').set(1, 'renewed');
  await here.owns(2);
  here.others.set(0, 'lapsed');
  const before = here.looks.length;
  await here.owns(3);
  const looks = here.looks.slice(before).filter(partition => partition === 0);
  assert.ok(looks.length >= 5, `${looks.length} looks`);
});

test('right after the living changed nothing is taken beyond the share: it may be the share of one who lives now', async t => {
  const here = stage(t);
  here.living = ['me', 'third'];
  here.others.set(0, 'renewed').set(1, 'renewed');
  await here.owns(2);
  const since: number[] = [];
  here.onLook = () => {
    here.living = ['fourth', 'me'];
    here.others.set(0, 'lapsed');
    here.onLook = () => since.push(here.looks.at(-1) ?? -1);
  };
  await here.owns(3);
  assert.ok(since.filter(partition => partition === 0).length >= 2, `looked at partitions ${since}`);
});

test('whose share it is may only have been cut off: what was taken beyond the share is offered, to it or in the end to nobody', async t => {
  const here = stage(t);
  here.others.set(0, 'renewed').set(1, 'renewed');
  await here.owns(2);
  here.others.delete(0);
  await here.owns(3);
  // nobody wants it: offered three times, and kept from then on
  for (let offer = 1; offer <= 3; offer += 1) {
    await here.owns(2);
    assert.ok(!here.keeper.workers.has(0), `offered for the ${offer}. time`);
    await here.owns(3);
  }
  const before = here.looks.length;
  while (here.looks.length < before + 18) await new Promise(resolve => setTimeout(resolve, 5));
  assert.deepEqual(here.keeper.handOvers(), { claimed: 6, released: 3, lost: 0, refused: 0, failed: 0 });
  // among others it may be wanted again
  here.living = ['another', 'me'];
  await here.owns(2);
  here.others.set(0, 'renewed');
  assert.equal(here.keeper.share, 2);
});
