// Journal look: who only looks changes nothing, needs no more rights than the engine, and finds out which are missing.
// In: a journal on a real Redis, users of several rights. Out: laws that hold.
// Touches: a child redis-server.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openCopySource } from '../../src/journal/backup-ends.ts';
import { type JournalLook, openJournalLook } from '../../src/journal/journal-look.ts';
import { contentOf, fillJournal } from '../support/journal-content.ts';
import { batchOf, changesOf, letterOf, openedJournal, outputOf } from '../support/opened-journal.ts';
import { type RedisChild, startRedisChild } from '../support/redis-child.ts';
import { ruleOfReadme } from '../support/rule-of-readme.ts';

let redis: RedisChild;
before(async () => {
  redis = await startRedisChild();
});
after(() => redis?.close());

const as = (user: string): string => redis.url.replace('//', `//${user}:secret@`);
const look = (url = redis.url): JournalLook => openJournalLook({ url, prefix: 'oee', log: () => {} }, 0);
/** Behind ACL, SETUSER and the name. */
const engineRights = (): string[] => ruleOfReadme('secret').slice(3);

test('a look at a journal, rights and all, leaves it as it was', async () => {
  const journal = await openedJournal(redis.url);
  await fillJournal(journal, 3);
  await journal.close();
  const was = await contentOf(redis);
  const looking = look();
  await looking.server(Date.now);
  for (let partition = 0; partition < 16; partition++) await looking.partition(partition);
  looking.close();
  assert.deepEqual(await contentOf(redis), was);
});

test('a partition is seen as it stands: owner and lease, what is unread, sinks, letters, state', async () => {
  const journal = await openedJournal(redis.url, { owner: 'host-7', leaseMs: 50_000 });
  const own = await journal.own(5);
  const first = await journal.append(5, batchOf(['a']));
  const set = new Map([
    ['p', '{"stateRevision":4}'],
    ['plant', '{"revision":"r9"}'],
  ]);
  const deadLetters = [letterOf('x', { code: 'OEE_X', machine: 'm' })];
  await own?.commit(changesOf(first.entry ?? '', { set, outputs: [outputOf('m'), outputOf('m')], deadLetters }));
  await journal.outbox.advance(5, 'influx', `${(await journal.position(5)).checkpoint - 1}-1`);
  await journal.append(5, batchOf(['b']));
  await journal.append(5, batchOf(['c']));
  const looking = look();
  const seen = await looking.partition(5);
  assert.ok(seen !== null);
  assert.deepEqual(
    [seen.owner, seen.fence, seen.offset, seen.stateRevision, seen.plantRevision],
    ['host-7', 1, first.entry, 4, 'r9'],
  );
  assert.ok(seen.leaseLeftMs > 10_000 && seen.leaseLeftMs <= 50_000);
  assert.deepEqual([seen.lag.entries, seen.logLength, seen.outLength, seen.sinkLags], [2, 3, 1, { influx: 2 }]);
  assert.deepEqual(
    seen.letters.map(({ code, machine, letters }) => [code, machine, letters]),
    [['OEE_X', 'm', 1]],
  );
  await own?.release();
  assert.equal((await looking.partition(5))?.owner, null);
  assert.equal(await looking.partition(6), null);
  assert.equal(await looking.partitionCount(), 16);
  looking.close();
  await journal.close();
});

test('the rights of the README are enough to look; one that is taken away is named; a copy needs two more', async () => {
  await redis.command('ACL', 'SETUSER', 'oee', ...engineRights());
  const deniedTo = async (user: string): Promise<readonly string[]> => {
    const looking = look(as(user));
    return (await looking.server(Date.now).finally(looking.close)).denied;
  };
  assert.deepEqual(await deniedTo('oee'), []);
  await redis.command('ACL', 'SETUSER', 'less', ...engineRights(), '-xadd', '-append', '-function|load');
  assert.deepEqual([...(await deniedTo('less'))].sort(), ['append', 'function', 'xadd']);

  await redis.command('ACL', 'SETUSER', 'copier', ...engineRights(), '+getrange', '+pexpiretime');
  const source = await openCopySource({ url: as('copier'), prefix: 'oee', log: () => {} });
  let records = 0;
  for await (const record of source.copy(3)) records += Object.keys(record).length;
  source.close();
  assert.ok(records > 10);
});
