// Log view: a partition as those see it who own nothing, and the roster of those who do.
// In: an owner that commits, a looker, a real Redis. Out: laws of what is seen.
// Touches: a child redis-server.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Ownership } from '../../src/journal/lease.ts';
import { batchOf, changesOf, type OpenedJournal, openedJournal } from '../support/opened-journal.ts';
import { type RedisChild, startRedisChild } from '../support/redis-child.ts';

let redis: RedisChild;
let worker: OpenedJournal;
let looker: OpenedJournal;

before(async () => {
  redis = await startRedisChild();
  worker = await openedJournal(redis.url);
  looker = await openedJournal(redis.url);
});
after(async () => {
  for (const journal of [worker, looker]) await journal?.close();
  await redis?.close();
});

async function owned(partition: number): Promise<Ownership> {
  const ownership = await worker.own(partition);
  assert.ok(ownership !== null);
  return ownership;
}

/** The n-th commit: one more line in each of two texts, and the number in a field; so that any two instants differ. */
async function commit(ownership: Ownership, n: number): Promise<void> {
  const line = `${n} pièce\n`;
  const append = new Map([1, 2].map(each => [`f:m${each}:0`, line]));
  await ownership.commit(changesOf(`${n}-1`, { append, set: new Map([['p', String(n)]]) }));
}

test('a snapshot is of one instant, though its owner commits as fast as it can', async () => {
  const ownership = await owned(0);
  await commit(ownership, 1);
  let running = true;
  let commits = 1;
  const work = (async () => {
    for (; running; commits += 1) await commit(ownership, commits + 1);
  })();
  const seen = new Set<string>();
  for (let n = 0; n < 60; n += 1) {
    const { checkpoint } = await looker.view.snapshot(0);
    const at = Number(checkpoint.fields.get('p'));
    seen.add(checkpoint.offset);
    assert.equal(checkpoint.offset, `${at}-1`);
    for (const text of checkpoint.texts.values()) assert.equal(text.trimEnd().split('\n').length, at);
    assert.equal(checkpoint.texts.size, 2);
  }
  running = false;
  await work;
  assert.ok(seen.size > 5, `${seen.size} instants were seen`);
});

test('to look claims nothing: the owner goes on, and who looks learns how far it is', async () => {
  const ownership = await owned(1);
  const { entry } = await worker.append(1, batchOf(['a']));
  const { entry: second } = await worker.append(1, batchOf(['b']));
  assert.deepEqual(
    (await looker.view.read(1, '0-0', 10)).map(({ id }) => id),
    [entry, second],
  );
  const { checkpoint, anchored, history } = await looker.view.snapshot(1);
  assert.deepEqual([checkpoint.offset, anchored], ['0-0', false], 'nothing is committed yet');
  await ownership.commit(changesOf(entry ?? '', { set: new Map([['p', 'books']]) }));
  const look = await looker.view.look(1, entry ?? '');
  assert.deepEqual(look, { there: true, lastId: second, committed: entry, books: 'books', history });
  assert.equal((await looker.view.snapshot(1)).anchored, true);
  await redis.command('XTRIM', 'oee:{p001}:in', 'MINID', second ?? '');
  assert.equal((await looker.view.look(1, entry ?? '')).there, false, 'trimmed past');
});

test('the roster holds who said within a lease that it lives; who looks is not on it; who leaves is off at once', async () => {
  assert.deepEqual(await looker.roster.living(), []);
  assert.deepEqual(await worker.roster.meet(), [worker.owner]);
  assert.deepEqual(await looker.roster.meet(), [worker.owner, looker.owner].sort());
  await looker.roster.leave();
  assert.deepEqual(await looker.roster.living(), [worker.owner]);
  await redis.command('HSET', 'oee:{workers}', worker.owner, 1);
  assert.deepEqual(await looker.roster.living(), [], 'its word ran out by the clock of Redis');
});
