// Reader: the log in order, whoever wrote it, and never a hole in silence.
// In: entries of ours and of outsiders, and meddling. Out: laws that hold.
// Touches: a child redis-server.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Ownership } from '../../src/journal/lease.ts';
import { batchOf, changesOf, type OpenedJournal, openedJournal } from '../support/opened-journal.ts';
import { type RedisChild, startRedisChild } from '../support/redis-child.ts';

let redis: RedisChild;
let journal: OpenedJournal;

before(async () => {
  redis = await startRedisChild();
  journal = await openedJournal(redis.url);
});
after(async () => {
  await journal?.close();
  await redis?.close();
});

async function owned(partition: number): Promise<Ownership> {
  const own = await journal.own(partition);
  assert.ok(own !== null);
  return own;
}
const streamOf = (partition: number): string => `oee:{p00${partition}}:in`;
const holesLogged = (partition: number): number =>
  journal.logged.filter(({ fields }) => (fields as { stream?: string })?.stream === streamOf(partition)).length;

test('entries come in the order of the log, in chunks, with kind and time of arrival', async () => {
  await journal.appendInternal(0, 'plant', '{"plant":1}');
  await journal.append(0, batchOf(['a', 'b']));
  await journal.append(0, batchOf(['c'], { producer: 'plc', seq: 1 }));
  await journal.appendInternal(0, 'tick', '');
  await journal.appendInternal(0, 'rollup', '[1]', { name: 'r', seq: 1 });
  const own = await owned(0);
  const first = await own.read('0-0', 2);
  const rest = await own.read(first[1]?.id ?? '', 100);
  assert.deepEqual(
    [...first, ...rest].map(entry => [entry.kind, entry.body]),
    [
      ['plant', '{"plant":1}'],
      ['events', '{"id":"a","variant":""}\n{"id":"b","variant":""}'],
      ['events', '{"id":"c","variant":""}'],
      ['tick', ''],
      ['rollup', '[1]'],
    ],
  );
  for (const { id, at } of [...first, ...rest]) assert.equal(id.split('-')[0], String(at));
  assert.deepEqual(await own.read(rest.at(-1)?.id ?? '', 10), []);
});

test('what outsiders put into the log is read; what nobody can read is handed on with its text, not skipped', async () => {
  for (const field of ['b', 'body', 'event', 'events'])
    await redis.command('XADD', streamOf(1), '*', field, `[${field}]`);
  await redis.command('XADD', streamOf(1), '*', 'machine', 'filler', 'state', 'EXECUTE');
  await redis.command('XADD', streamOf(1), '*', 'k', 'from the future', 'b', '[]');
  await redis.command('XADD', streamOf(1), '*', 'b', '[]', 'other', 'word');
  const entries = await (await owned(1)).read('0-0', 100);
  assert.deepEqual(
    entries.map(entry => [entry.kind, entry.body]),
    [
      ['events', '[b]'],
      ['events', '[body]'],
      ['events', '[event]'],
      ['events', '[events]'],
      ['events', '{"machine":"filler","state":"EXECUTE"}'],
      ['events', '{"k":"from the future","b":"[]"}'],
      ['events', '{"b":"[]","other":"word"}'],
    ],
  );
});

const MEDDLING: readonly (readonly [string, number, (ids: string[]) => (string | number)[]])[] = [
  ['trimmed by somebody beyond our offset', 2, () => ['XTRIM', streamOf(2), 'MAXLEN', 1]],
  ['deleted by somebody in the middle', 3, ids => ['XDEL', streamOf(3), ids[2] ?? '']],
];
for (const [what, partition, meddle] of MEDDLING) {
  test(`entries ${what} raise an alarm, once, and what is left is worked on`, async () => {
    const ids: string[] = [];
    for (const id of ['a', 'b', 'c', 'd']) ids.push((await journal.append(partition, batchOf([id]))).entry ?? '');
    const own = await owned(partition);
    assert.equal((await own.read('0-0', 100)).length, 4);
    await own.commit(changesOf(ids[0] ?? ''));
    await journal.trim(partition, { keepMs: 0, sinks: [] });
    assert.equal((await own.read(ids[0] ?? '', 100)).length, 3);
    assert.equal((await journal.counts(partition)).holes, 0, 'our own trimming is no hole');

    const [name = '', ...args] = meddle(ids);
    await redis.command(name, ...args);
    if (what.startsWith('deleted')) {
      // The first chunk ends before the hole: nothing to say yet.
      assert.equal((await own.read(ids[0] ?? '', 1)).length, 1);
      assert.equal((await journal.counts(partition)).holes, 0);
    }
    const left = await own.read(ids[0] ?? '', 100);
    await own.read(ids[0] ?? '', 100);
    assert.equal(left.at(-1)?.id, ids[3]);
    assert.equal((await journal.counts(partition)).holes, 1);
    assert.equal(holesLogged(partition), 1);
  });
}

test('entries that vanished before anything was read are missed, too', async () => {
  for (const id of ['a', 'b']) await journal.append(4, batchOf([id]));
  await redis.command('XTRIM', streamOf(4), 'MAXLEN', 1);
  assert.equal((await (await owned(4)).read('0-0', 100)).length, 1);
  assert.equal(holesLogged(4), 1);
});

test('an owner behind which the journal fell back, and that does not know it yet, raises no alarm', async () => {
  const ids: string[] = [];
  for (const id of ['a', 'b', 'c']) ids.push((await journal.append(6, batchOf([id]))).entry ?? '');
  const own = await owned(6);
  await own.commit(changesOf(ids[0] ?? ''));
  await redis.command('XTRIM', streamOf(6), 'MAXLEN', 1);
  await redis.command('HSET', 'oee:{p006}:meta', 'cp', '0');
  await own.read(ids[0] ?? '', 100);
  assert.deepEqual([(await journal.counts(6)).holes, holesLogged(6)], [0, 0]);
  await redis.command('HSET', 'oee:{p006}:meta', 'cp', '1');
  await own.read(ids[0] ?? '', 100);
  assert.deepEqual([(await journal.counts(6)).holes, holesLogged(6)], [1, 1], 'where it did not, there is one');
});
