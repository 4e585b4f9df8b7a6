// Upgrade commit: a state lifted to another shape goes in by one commit that takes in nothing of the log; doubts are counted.
// In: a partition on a real Redis, a made-up step. Out: laws that hold.
// Touches: a child redis-server, a proxy that drops replies.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type StateLaw, upgradeState } from '../../src/core/state-revision.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { batchOf, changesOf, openedJournal } from '../support/opened-journal.ts';
import { type RedisChild, startRedisChild } from '../support/redis-child.ts';

let redis: RedisChild;
let proxy: FaultProxy;
before(async () => {
  redis = await startRedisChild();
  proxy = await startFaultProxy(redis.port);
});
after(async () => {
  await proxy?.close();
  await redis?.close();
});

const MADE_UP: StateLaw = {
  revision: 2,
  steps: {
    1: before => {
      const texts = new Map([...before.texts].map(([suffix, text]) => [suffix, text.replaceAll('old', 'new')]));
      texts.delete('gone');
      return { ...before, texts, fields: new Map([...before.fields, ['added', '1']]) };
    },
  },
};

test('the lifted state is there once though the reply was lost, at the same offset, and work goes on from it', async () => {
  const journal = await openedJournal(proxy.url);
  const first = await journal.own(7);
  const { entry } = await journal.append(7, batchOf(['a']));
  const append = new Map([
    ['f:1', 'old\n'],
    ['f:2', 'same\n'],
    ['gone', 'x\n'],
  ]);
  await first?.commit(changesOf(entry ?? '', { set: new Map([['p', '{"stateRevision":1}']]), append }));
  await first?.release();

  const own = await journal.own(7);
  assert.ok(own !== null);
  const { checkpoint, changes } = upgradeState(await own.load(), MADE_UP);
  assert.ok(changes !== null);
  const before = journal.doubts();
  const dropped = proxy.dropReplyOf('oee_commit_step');
  await own.commit(changes);
  await dropped;
  assert.equal(journal.doubts(), before + 1, 'a commit whose reply is lost is one in doubt');

  const there = await own.load();
  assert.deepEqual(there, checkpoint);
  assert.deepEqual([...there.texts].sort(), [
    ['f:1', 'new\n'],
    ['f:2', 'same\n'],
  ]);
  assert.equal(there.offset, entry);
  const next = await journal.append(7, batchOf(['b']));
  assert.deepEqual(
    (await own.read(there.offset, 10)).map(({ id }) => id),
    [next.entry],
  );
  await own.commit(changesOf(next.entry ?? ''));
  assert.equal(journal.doubts(), before + 1);
  await journal.close();
});
