// State knows what its log lost: a fail-over between reading an entry and committing it left the state ahead of its log.
// In: a real Redis that goes on with a shorter past under another history. Out: the commit is refused, the next owner sees what is there.
// Touches: a child redis-server.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchOf, changesOf, openedJournal } from '../support/opened-journal.ts';
import { startRedisChild } from '../support/redis-child.ts';

test('what was read before a fail-over that lost it is never committed after it', async () => {
  const redis = await startRedisChild();
  const journal = await openedJournal(redis.url);
  try {
    const own = await journal.own(0);
    assert.ok(own !== null);
    const kept = await journal.append(0, batchOf(['kept']));
    await own.commit(changesOf(kept.entry ?? ''));
    const lost = await journal.append(0, batchOf(['lost']));
    const [read] = await own.read(kept.entry ?? '', 10);
    assert.equal(read?.id, lost.entry);
    // what a promoted replica is, as far as this partition can tell: without the last entry, and with a history of its own
    await redis.command('XDEL', 'oee:{p000}:in', lost.entry ?? '');
    await redis.command('REPLICAOF', '127.0.0.1', '1');
    await redis.command('REPLICAOF', 'NO', 'ONE');
    const ahead = changesOf(lost.entry ?? '', { set: new Map([['m', '"knows what was lost"']]) });
    await assert.rejects(own.commit(ahead), { code: 'OEE_JOURNAL_LOST_OWNERSHIP' });
    const next = await journal.own(0);
    const { offset, fields } = (await next?.load()) ?? assert.fail('nobody owns it');
    assert.deepEqual([offset, [...fields]], [kept.entry, []]);
  } finally {
    await journal.close();
    await redis.close();
  }
});
