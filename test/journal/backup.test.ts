// Backup: a partition copied as of one instant while it is written to, kept in a file, and put back to the byte.
// In: journals on real Redis servers. Out: laws that hold.
// Touches: child redis-servers, a temporary folder.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { type BackupPlace, openCopySource, openRestoreTarget } from '../../src/journal/backup-ends.ts';
import { checkBackup } from '../../src/operate/backup-check.ts';
import { writeBackup } from '../../src/operate/backup-file.ts';
import { contentOf, fillJournal, keepWriting } from '../support/journal-content.ts';
import { batchOf, openedJournal } from '../support/opened-journal.ts';
import { type RedisChild, startRedisChild } from '../support/redis-child.ts';

let [from, to]: RedisChild[] = [];
let folder: string;
const path = (name: string): string => join(folder, name);
const place = (redis: RedisChild, prefix = 'oee'): BackupPlace => ({ url: redis.url, prefix, log: () => {} });
const coded = (code: string) => (error: unknown) => (error as { code?: string }).code === code;

before(async () => {
  [from, to] = await Promise.all([startRedisChild(), startRedisChild()]);
  folder = await mkdtemp(join(tmpdir(), 'oee-backup-'));
});
after(async () => {
  await Promise.all([from?.close(), to?.close()]);
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await Promise.all([from?.command('FLUSHALL'), to?.command('FLUSHALL')]);
});
const servers = (): [RedisChild, RedisChild] => {
  if (from === undefined || to === undefined) throw new Error('no servers');
  return [from, to];
};

async function backup(name: string): Promise<ReturnType<typeof checkBackup>> {
  const source = await openCopySource(place(servers()[0]));
  await writeBackup(source, 'oee', path(name), 'now').finally(source.close);
  return checkBackup(path(name));
}

async function restore(name: string, replace = false, prefix = 'oee'): Promise<void> {
  const { head, records } = await checkBackup(path(name));
  const target = openRestoreTarget(place(servers()[1], prefix));
  try {
    await target.begin(head.partitions, replace);
    for await (const { partition, record } of records()) await target.put(partition, record);
    await target.end(head.partitions);
  } finally {
    target.close();
  }
}

for (const name of ['journal.jsonl', 'journal.jsonl.gz']) {
  test(`what is restored from ${name} is what was there, to the byte, stream books and expiries included`, async () => {
    const [first, second] = servers();
    const journal = await openedJournal(first.url);
    for (const partition of [3, 9]) await fillJournal(journal, partition);
    const { head, partitions } = await backup(name);
    assert.deepEqual([head.partitions, partitions], [16, 2]);
    await journal.close();
    await restore(name);
    const was = await contentOf(first);
    assert.ok(Object.keys(was).length > 15);
    assert.deepEqual(await contentOf(second), was);
  });
}

test('a restored journal goes on: the same events are duplicates, outputs come again from the cursor, ids rise', async () => {
  const [first, second] = servers();
  const journal = await openedJournal(first.url);
  await fillJournal(journal, 3);
  const was = await journal.counts(3);
  await backup('a');
  await journal.close();
  await restore('a', false, 'other');
  const again = await openedJournal(second.url, { prefix: 'other' });
  assert.deepEqual(await again.append(3, batchOf(['e1', 'e2', 'e3'])).then(r => r.duplicates), [0, 1, 2]);
  assert.equal((await again.append(3, batchOf(['n1'], { producer: 'plc', seq: 7 }))).outcome, 'duplicate');
  assert.equal((await again.append(3, batchOf(['e1/other']))).reused.length, 1);
  assert.equal((await again.counts(3)).accepted, was.accepted);
  const own = await again.own(3);
  const { offset, texts } = (await own?.load()) ?? {};
  assert.ok(texts?.get('f:m:1')?.endsWith('工場"}\nmore\n'));
  const cursor = await again.outbox.cursor(3, 'influx');
  assert.ok((await again.outbox.read(3, cursor, 100)).length > 0, 'what the sink had not acknowledged comes');
  const { entry } = await again.append(3, batchOf(['e4']));
  assert.deepEqual(
    (await own?.read(offset ?? '', 10))?.map(({ id }) => id),
    [entry],
    'and no hole is seen',
  );
  assert.deepEqual(
    again.logged.filter(({ level }) => level === 'error'),
    [],
  );
  await again.close();
});

test('a copy taken while events, commits, trims and discards go on is of one instant', async () => {
  const journal = await openedJournal(servers()[0].url);
  const writer = await keepWriting(journal, 5);
  for (let round = 0; round < 5; round++) {
    await writer.steps(30);
    const { head } = await backup('moving');
    await servers()[1].command('FLUSHALL');
    await restore('moving');
    const there = await openedJournal(servers()[1].url);
    assert.equal((await there.position(5)).owner, null, 'nobody owns it yet');
    const copy = await (await there.own(5))?.load();
    const done = Number(copy?.fields.get('steps'));
    const counts = await there.counts(5);
    assert.equal(head.partitions, 16);
    assert.deepEqual(copy?.texts.get('f:m:1')?.split('\n').length, done + 1, 'state and texts are of one commit');
    assert.equal(counts.outputs, done);
    assert.equal(counts.deadLettered - counts.discarded, (await there.position(5)).deadLetters);
    const unread = (await there.lag(5)).entries;
    assert.equal(counts.accepted, done + unread, 'accepted = in state + still in the log');
    const repeats = await there.append(5, batchOf([`e${done + unread - 1}`, `e${done + unread}`]));
    assert.deepEqual(repeats.duplicates, [0], 'ids are known up to that instant and no further');
    await there.close();
  }
  await writer.stop();
  await journal.close();
});

test('what a line told its area while the backup went on is in the backup, wherever the area lies', async () => {
  const journal = await openedJournal(servers()[0].url);
  await fillJournal(journal, 3);
  await fillJournal(journal, 9);
  const source = await openCopySource(place(servers()[0]));
  // Partition 3, the area's, is copied first; its line in 9 tells it something before 9 is copied, and an event comes, too.
  const copy: typeof source.copy = partition => {
    if (partition !== 9) return source.copy(partition);
    return (async function* () {
      await journal.appendInternal(3, 'rollup', 'the part of a line');
      await journal.append(3, batchOf(['later']));
      return yield* source.copy(9);
    })();
  };
  await writeBackup({ ...source, copy }, 'oee', path('e'), 'now').finally(source.close);
  assert.equal((await checkBackup(path('e'))).partitions, 2);
  await restore('e');
  const there = await openedJournal(servers()[1].url);
  const own = await there.own(3);
  const { offset } = (await own?.load()) ?? {};
  const bodies = (await own?.read(offset ?? '', 10))?.map(({ kind, body }) => [kind, body]);
  assert.deepEqual(bodies, [['rollup', 'the part of a line']]);
  assert.deepEqual(
    (await there.append(3, batchOf(['later']))).duplicates,
    [],
    'what came in later is not there: it is sent again',
  );
  assert.deepEqual(
    there.logged.filter(({ level }) => level === 'error'),
    [],
  );
  await journal.close();
  await there.close();
});

test('a restore is refused over a journal, over a living engine, and never stops half-way unnoticed', async () => {
  const [first, second] = servers();
  const journal = await openedJournal(first.url);
  await fillJournal(journal, 3);
  await backup('b');
  await journal.close();
  await restore('b');
  await assert.rejects(restore('b'), coded('OEE_BACKUP_NOT_EMPTY'));

  const engine = await openedJournal(second.url);
  const own = await engine.own(3);
  await engine.append(8, batchOf(['x']));
  await assert.rejects(restore('b', true), coded('OEE_BACKUP_IN_USE'));
  await own?.release();
  await engine.close();
  const was = await contentOf(first);
  await restore('b', true);
  assert.deepEqual(await contentOf(second), was, 'replaced whole: nothing of the other journal is left');

  const target = openRestoreTarget(place(second));
  await target.begin(16, true);
  target.close();
  await assert.rejects(openedJournal(second.url), coded('OEE_JOURNAL_RESTORING'));
  await assert.rejects(
    backup('c').then(() => restore('b')),
    coded('OEE_BACKUP_NOT_EMPTY'),
  );
  await restore('b', true);
  assert.deepEqual(await contentOf(second), was);
});

test('a file that was cut or changed is found out before anything is written; a failed backup leaves no file', async () => {
  const [first, second] = servers();
  const journal = await openedJournal(first.url);
  await fillJournal(journal, 3);
  await backup('d');
  await backup('d.gz');
  await journal.close();
  const text = await readFile(path('d'), 'utf8');
  const packed = await readFile(path('d.gz'));
  const lines = text.trimEnd().split('\n');
  const harmed: [string, string | Buffer, string][] = [
    ['last line gone', lines.slice(0, -1).join('\n'), 'OEE_BACKUP_DAMAGED'],
    ['a letter changed', text.replace('stateRevision', 'stateRevisiom'), 'OEE_BACKUP_DAMAGED'],
    ['a record gone', lines.filter((_, at) => at !== 4).join('\n'), 'OEE_BACKUP_DAMAGED'],
    ['cut in a line', text.slice(0, text.length / 2), 'OEE_BACKUP_DAMAGED'],
    ['something else', '{"some":"json"}\n', 'OEE_BACKUP_FORMAT'],
    ['a later format', text.replace('"format":2', '"format":3'), 'OEE_BACKUP_FORMAT'],
    ['cut.gz', packed.subarray(0, packed.length / 2), 'OEE_BACKUP_DAMAGED'],
    ['not.gz', text, 'OEE_BACKUP_DAMAGED'],
  ];
  for (const [name, content, code] of harmed) {
    await writeFile(path(name), content);
    await assert.rejects(restore(name), coded(code), name);
  }
  assert.deepEqual(await second.command('KEYS', '*'), []);
  await assert.rejects(openCopySource(place(second)), coded('OEE_BACKUP_NO_JOURNAL'));
  assert.deepEqual(
    (await readdir(folder)).filter(name => name.endsWith('.part')),
    [],
  );
});
