// Dead letters: kept with their reason, found again, replayed or discarded once.
// In: letters against a real Redis. Out: laws that hold.
// Touches: a child redis-server.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { batchOf, changesOf, letterOf, type OpenedJournal, openedJournal } from '../support/opened-journal.ts';
import { type RedisChild, startRedisChild } from '../support/redis-child.ts';

let redis: RedisChild;
let proxy: FaultProxy;
let journal: OpenedJournal;

before(async () => {
  redis = await startRedisChild();
  proxy = await startFaultProxy(redis.port);
  journal = await openedJournal(proxy.url, { partitions: 5 });
});
after(async () => {
  await journal?.close();
  await proxy?.close();
  await redis?.close();
});

test('letters of all partitions are listed youngest first, page by page, none left out and none twice', async () => {
  // Same instants in several partitions: the worst that paging can meet.
  for (const partition of [0, 1, 2]) {
    for (const id of ['100-0', '100-1', '200-0']) {
      const letter = JSON.stringify(letterOf(`${id} in ${partition}`));
      await redis.command('XADD', `oee:{p00${partition}}:dlq`, id, 'n', 1, 'l', letter);
    }
  }
  const all = await journal.deadLetters.list({ countMax: 100 });
  assert.deepEqual(
    all.map(kept => [kept.id, kept.partition, kept.at]),
    ['200-0', '100-1', '100-0'].flatMap(id => [2, 1, 0].map(p => [id, p, Number(id.slice(0, 3))])),
  );
  const paged = [];
  let before: string | undefined;
  for (;;) {
    const page = await journal.deadLetters.list({ countMax: 2, ...(before === undefined ? {} : { before }) });
    paged.push(...page);
    before = page.at(-1)?.cursor;
    if (page.length < 2) break;
  }
  assert.deepEqual(paged, all);
  const ofOne = await journal.deadLetters.list({ partition: 1, countMax: 2 });
  const rest = await journal.deadLetters.list({ partition: 1, countMax: 2, before: ofOne[1]?.cursor ?? '' });
  assert.deepEqual(
    [...ofOne, ...rest],
    all.filter(kept => kept.partition === 1),
  );
  for (const kept of all) assert.ok(await journal.deadLetters.discard(kept.partition, kept.id));
});

test('a letter comes with what was refused, why, and what to do; discarded it is gone and counted', async () => {
  const letter = letterOf('{"id":"e1"}', {
    code: 'OEE_X',
    message: 'why',
    remedy: 'what to do',
    machine: 'm',
    count: 3,
  });
  await journal.deadLetters.add(3, [letter]);
  const [kept] = await journal.deadLetters.list({ partition: 3, countMax: 10 });
  assert.ok(kept !== undefined);
  assert.deepEqual(await journal.deadLetters.get(3, kept.id), kept);
  assert.deepEqual(kept.letter, letter);
  assert.equal(await journal.deadLetters.discard(3, kept.id), true);
  assert.equal(await journal.deadLetters.discard(3, kept.id), false);
  assert.equal(await journal.deadLetters.get(3, kept.id), null);
  assert.equal(await journal.deadLetters.replay(3, kept.id), null);
  const counts = await journal.counts(3);
  assert.deepEqual([counts.refused, counts.discarded], [3, 3]);
});

test('letters whose reply was lost are kept once', async () => {
  const dropped = proxy.dropReplyOf('oee_add_letters');
  await journal.deadLetters.add(2, [letterOf('a'), letterOf('b')]);
  await dropped;
  await journal.deadLetters.add(2, [letterOf('c')]);
  const letters = await journal.deadLetters.list({ partition: 2, countMax: 10 });
  assert.deepEqual(
    letters.map(kept => kept.letter.event),
    ['c', 'b', 'a'],
  );
});

test('a replayed letter is in the log once more and in the dead letters no more, though its id is known', async () => {
  const { events } = batchOf(['e1']);
  const { entry } = await journal.append(4, { events });
  const own = await journal.own(4);
  assert.ok(own !== null && entry !== null);
  await own.commit(changesOf(entry, { deadLetters: [letterOf(events[0]?.text ?? ''), letterOf('{"broken')] }));
  const [broken, whole] = await journal.deadLetters.list({ partition: 4, countMax: 10 });
  let woken = 0;
  journal.onAppend(4, () => woken++);

  const dropped = proxy.dropReplyOf('oee_replay_letter');
  const again = await journal.deadLetters.replay(4, whole?.id ?? '');
  await dropped;
  await journal.deadLetters.replay(4, broken?.id ?? '', '{"mended":true}');
  const entries = await own.read(entry, 10);
  assert.deepEqual(
    entries.map(found => found.body),
    [events[0]?.text, '{"mended":true}'],
  );
  assert.equal(entries[0]?.id, again);
  assert.equal(woken, 2);
  assert.deepEqual(await journal.deadLetters.list({ countMax: 10, partition: 4 }), []);
  const counts = await journal.counts(4);
  assert.deepEqual([counts.accepted, counts.deadLettered, counts.replayed], [1, 2, 2]);
});
