// Lease: who works on a partition, and how an owner learns that it does not any more.
// In: several owners against a real Redis. Out: laws that hold.
// Touches: a child redis-server.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LostOwnership } from '../../src/journal/journal-error.ts';
import { batchOf, changesOf, type OpenedJournal, openedJournal } from '../support/opened-journal.ts';
import { type RedisChild, startRedisChild } from '../support/redis-child.ts';

let redis: RedisChild;
let early: OpenedJournal;
let late: OpenedJournal;
/** renews every 10 ms, so that it soon notices what happens to it */
let watchful: OpenedJournal;

before(async () => {
  redis = await startRedisChild('--appendfsync', 'always');
  early = await openedJournal(redis.url);
  late = await openedJournal(redis.url);
  watchful = await openedJournal(redis.url, { leaseMs: 30 });
});
after(async () => {
  for (const journal of [early, late, watchful]) await journal?.close();
  await redis?.close();
});

test('a partition has one owner; when it is released the next need not wait', async () => {
  const own = await early.own(0);
  assert.equal(own?.fence, 1);
  assert.equal(await late.own(0), null);
  await own.release();
  assert.equal((await early.position(0)).owner, null);
  const next = await late.own(0);
  assert.equal(next?.fence, 2);
  await assert.rejects(own.commit(changesOf('1-1')), LostOwnership);
  await own.release();
  assert.equal((await next.load()).offset, '0-0', 'who released already takes nothing from the next');
});

test('an owner that was overtaken in its sleep and leaves takes nothing from its heir', async () => {
  const sleeper = await early.own(9);
  assert.ok(sleeper !== null);
  await redis.command('HSET', 'oee:{p009}:meta', 'lease', 0);
  const heir = await late.own(9);
  assert.ok(heir !== null);
  await sleeper.release();
  assert.equal(await watchful.own(9), null);
  await heir.commit(changesOf('1-1'));
});

test('the same owner may claim again, and its earlier claim is void', async () => {
  const before = await early.own(1);
  const now = await early.own(1);
  assert.ok(before !== null && now !== null);
  assert.ok(now.fence > before.fence);
  await assert.rejects(before.commit(changesOf('1-1')), LostOwnership);
  await now.commit(changesOf('1-1'));
});

test('a lease that ran out by the clock of Redis lets another in', async () => {
  const own = await early.own(2);
  assert.ok(own !== null);
  const [seconds] = (await redis.command('TIME')) as [string];
  await redis.command('HSET', 'oee:{p002}:meta', 'lease', Number(seconds) * 1_000 + 3_600_000);
  assert.equal(await late.own(2), null);
  await redis.command('HSET', 'oee:{p002}:meta', 'lease', Number(seconds) * 1_000 - 1);
  assert.equal((await late.own(2))?.fence, own.fence + 1);
});

test('an owner renews its lease while it lives', async () => {
  const own = await watchful.own(3);
  assert.ok(own !== null);
  await redis.command('HSET', 'oee:{p003}:meta', 'lease', 1);
  while ((await redis.command('HGET', 'oee:{p003}:meta', 'lease')) === '1');
  await own.release();
});

test('an owner that was overtaken learns it without committing, and loads nothing', async () => {
  const own = await watchful.own(4);
  assert.ok(own !== null);
  await redis.command('HINCRBY', 'oee:{p004}:meta', 'fence', 1);
  assert.match((await own.lost).message, /new owner/);
  await assert.rejects(own.load(), LostOwnership);
  await assert.rejects(own.read('0-0', 1), LostOwnership);

  const slow = await early.own(5);
  assert.ok(slow !== null);
  await redis.command('HINCRBY', 'oee:{p005}:meta', 'fence', 1);
  await assert.rejects(slow.load(), LostOwnership);
});

test('an owner notices that the journal fell back behind its last commit', async () => {
  const own = await watchful.own(6);
  assert.ok(own !== null);
  await own.commit(changesOf('1-1'));
  await redis.command('HSET', 'oee:{p006}:meta', 'cp', 0, 'offset', '0-0');
  assert.match((await own.lost).message, /fell back/);

  const loading = await early.own(7);
  assert.ok(loading !== null);
  await loading.commit(changesOf('1-1'));
  await redis.command('HSET', 'oee:{p007}:meta', 'offset', '0-0');
  await assert.rejects(loading.load(), /fell back/);
});

test('a log that was emptied under its state is told of, and what comes in afterwards is read, whatever the clock says', async () => {
  const own = await early.own(11);
  assert.ok(own !== null);
  const [seconds] = (await redis.command('TIME')) as [string];
  const ahead = `${Number(seconds) * 1_000 + 3_600_000}-0`;
  await own.commit(changesOf(ahead));
  const again = await early.own(11);
  assert.match(JSON.stringify(early.logged), /OEE_JOURNAL_FELL_BACK/);
  const { entry } = await early.append(11, batchOf(['a']));
  assert.deepEqual(
    (await again?.read(ahead, 10))?.map(({ id }) => id),
    [entry],
  );
});

test('after Redis was started anew nobody goes on: whoever owns then begins a new epoch, above all that was ever told', async () => {
  const own = await late.own(12);
  assert.ok(own !== null);
  await own.commit(changesOf('1-1'));
  await redis.kill();
  await redis.start();
  await assert.rejects(own.commit(changesOf('1-2')), { code: 'OEE_JOURNAL_LOST_OWNERSHIP' });
  assert.deepEqual([(await late.position(12)).epoch, (await late.position(12)).checkpoint], [0, 1]);
  await (await late.own(12))?.commit(changesOf('1-2'));
  const { epoch, checkpoint } = await late.position(12);
  assert.deepEqual([epoch, checkpoint % 1_000], [1, 1]);
  assert.ok(checkpoint > 1_000_000);
  assert.equal((await late.counts(12)).commits, 2);
});

/** As a lease, or a word on the roster, stands when the clock of Redis was set back by an hour after it was given. */
const anHourAhead = async (): Promise<number> => {
  const [seconds] = (await redis.command('TIME')) as [string];
  return Number(seconds) * 1_000 + 3_600_000;
};

test('a clock of Redis that was set back by an hour keeps a dead owner’s partition from nobody; a living one keeps its own', async () => {
  const dead = await openedJournal(redis.url, { leaseMs: 50 });
  const living = await openedJournal(redis.url, { leaseMs: 10_000 });
  assert.ok((await dead.own(13)) !== null && (await living.own(14)) !== null);
  await dead.close();
  for (const partition of ['p013', 'p014']) {
    await redis.command('HSET', `oee:{${partition}}:meta`, 'lease', await anHourAhead());
  }
  let next: Awaited<ReturnType<typeof early.own>> = null;
  while (next === null) next = await late.own(13);
  assert.equal(next.fence, 2);
  assert.equal(await late.own(14), null, 'its lease was only cut to its own length');
  await living.close();
});

test('a clock of Redis that was set back by an hour keeps no dead worker among the living', async () => {
  const word = 'oee:{workers}';
  await redis.command('HSET', word, 'dead', await anHourAhead());
  let living = await watchful.roster.meet();
  assert.ok(living.includes('dead'), 'for one lease it may live');
  while (living.includes('dead')) living = await watchful.roster.meet();
  assert.ok(living.includes(watchful.owner));
});

test('a closed journal renews nothing and answers no more', async () => {
  const leaving = await openedJournal(redis.url);
  const own = await leaving.own(8);
  assert.ok(own !== null);
  await leaving.close();
  await assert.rejects(own.commit(changesOf('1-1')), /closed/);
  await assert.rejects(leaving.own(10), { code: 'OEE_JOURNAL_AWAY' });
});
