// Commit in doubt: a reply that never came: the step is found done, sent again, or lost to another owner; never twice.
// In: changes against a real Redis, through a proxy that loses requests and replies. Out: laws that hold.
// Touches: a child redis-server.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { JournalAway, LostOwnership } from '../../src/journal/journal-error.ts';
import { JournalRig } from '../support/journal-rig.ts';
import { batchOf, changesOf, openedJournal, outputOf } from '../support/opened-journal.ts';

const COMMIT = 'oee_commit_step';
const rig = new JournalRig();

test('a commit whose reply was lost is found done, and its bytes are not sent again', async () => {
  const own = await rig.owned(8);
  const sent = rig.proxy.passed(COMMIT);
  const dropped = rig.proxy.dropReplyOf(COMMIT);
  await own.commit(changesOf('1-1', { append: new Map([['t', 'once.']]), outputs: [outputOf('m')] }));
  await dropped;
  assert.equal(rig.proxy.passed(COMMIT) - sent, 1);
  await own.commit(changesOf('1-2', { append: new Map([['t', 'twice.']]) }));
  assert.deepEqual((await own.load()).texts, new Map([['t', 'once.twice.']]));
  assert.equal((await rig.journal.outbox.read(8, '0-0', 10)).length, 1);
});

test('a commit that never reached Redis is sent again, and is there once', async () => {
  const own = await rig.owned(9);
  const sent = rig.proxy.passed(COMMIT);
  const lost = rig.proxy.loseRequestOf(COMMIT);
  await own.commit(changesOf('1-1', { append: new Map([['t', 'once.']]) }));
  await lost;
  assert.equal(rig.proxy.passed(COMMIT) - sent, 2);
  assert.deepEqual((await own.load()).texts, new Map([['t', 'once.']]));
  assert.equal((await rig.journal.counts(9)).commits, 1);
});

test('the same step sent twice to Redis is there once', async () => {
  const own = await rig.owned(10);
  // The doubt is resolved by sending again, and that reply is lost, too.
  const lost = rig.proxy.loseRequestOf(COMMIT);
  const committed = own.commit(changesOf('1-1', { append: new Map([['t', 'once.']]), outputs: [outputOf('m')] }));
  await lost;
  await rig.proxy.dropReplyOf(COMMIT);
  await committed;
  assert.deepEqual((await own.load()).texts, new Map([['t', 'once.']]));
  assert.equal((await rig.journal.counts(10)).outputs, 1);
});

test('a commit in doubt whose partition was taken over meanwhile is lost, not sent again', async () => {
  const own = await rig.owned(11);
  const sent = rig.proxy.passed(COMMIT);
  const lost = rig.proxy.loseRequestOf(COMMIT);
  const committed = own.commit(changesOf('1-1', { append: new Map([['t', 'x']]) }));
  const refused = assert.rejects(committed, LostOwnership);
  await lost;
  await rig.redis.command('HINCRBY', 'oee:{p011}:meta', 'fence', 1);
  await refused;
  assert.equal(await rig.redis.command('EXISTS', 'oee:{p011}:t:t'), 0);
  assert.equal(rig.proxy.passed(COMMIT) - sent, 1, 'many MB are not sent only to be refused');
});

test('a connection that ends between the answer of an append and that of its replicas is an absence, not a fault', async () => {
  const sure = await openedJournal(rig.proxy.url, { replicas: 1 });
  const half = rig.proxy.answerTo('oee_append_counted', ':1\r\n');
  const appended = sure.append(12, batchOf(['a'], { producer: 'plc', seq: 1, previous: null }));
  // Tried again, it is there, and still no replica has it: that, and not the lost answer, is what the caller hears.
  const refused = assert.rejects(
    appended,
    (error: unknown) => error instanceof JournalAway && error.code === 'OEE_JOURNAL_UNREPLICATED',
  );
  await half;
  await wait(20);
  rig.proxy.shut();
  rig.proxy.open();
  await refused;
  assert.equal((await rig.journal.counts(12)).accepted, 1);
  await sure.close();
});
