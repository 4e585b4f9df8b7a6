// Disk full: the append-only file finds no room: refused with a reason, gone on when there is room, nothing lost, nothing doubled.
// In: a real Redis on a disk of a few megabytes. Out: laws that hold, with either way of syncing.
// Touches: a child redis-server, a tmpfs, which only root may mount: without root the tests say so and end.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { JournalError } from '../../src/journal/journal-error.ts';
import { batchOf, changesOf, type OpenedJournal, openedJournal, outputOf } from '../support/opened-journal.ts';
import { type RedisChild, startRedisChild } from '../support/redis-child.ts';

const run = promisify(execFile);
const DISK_MB = 8;
const BALLAST_MB = 6;
const TEXT = 'x'.repeat(20_000);
const BATCHES_MAX = 1_000;

interface SmallDisk {
  readonly folder: string;
  /** what somebody else put there */
  fill(): Promise<void>;
  makeRoom(): Promise<void>;
  remove(): Promise<void>;
}

/** @returns null when we may not mount */
async function smallDisk(t: TestContext): Promise<SmallDisk | null> {
  const folder = await mkdtemp(join(tmpdir(), 'oee-disk-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'tmpfs', folder]);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    t.skip(`a full disk was not tried: only root may mount one (${(error as Error).message.trim()})`);
    return null;
  }
  const ballast = join(folder, 'ballast');
  return {
    folder,
    fill: () => writeFile(ballast, Buffer.alloc(BALLAST_MB * 1024 * 1024)),
    makeRoom: () => rm(ballast),
    remove: async () => {
      await run('umount', [folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const numbered = (seq: number) =>
  batchOf([`e${seq}`, `${TEXT}${seq}`], { producer: 'plc', seq, previous: seq === 1 ? null : seq - 1 });

/** Appends until one is refused. @returns its number and its error */
async function appendUntilRefused(journal: OpenedJournal, from: number): Promise<[seq: number, error: unknown]> {
  for (let seq = from; seq < BATCHES_MAX; seq++) {
    try {
      await journal.append(0, numbered(seq));
    } catch (error) {
      return [seq, error];
    }
  }
  throw new Error('the disk was never full');
}

async function idsInLog(journal: OpenedJournal): Promise<string[]> {
  const own = await journal.own(0);
  assert.ok(own !== null);
  const entries = await own.read('0-0', BATCHES_MAX);
  return entries.map(({ body }) => (JSON.parse(body.split('\n')[0] ?? '') as { id: string }).id);
}

const expected = (last: number): string[] => Array.from({ length: last }, (_, i) => `e${i + 1}`);

test('a Redis that cannot write its file refuses with a code of its own, and goes on by itself when there is room', async t => {
  const disk = await smallDisk(t);
  if (disk === null) return;
  let redis: RedisChild | null = null;
  let journal: OpenedJournal | null = null;
  try {
    redis = await startRedisChild('--dir', disk.folder);
    journal = await openedJournal(redis.url);
    const own = await journal.own(0);
    const first = await journal.append(0, numbered(1));
    await disk.fill();
    const [refused, error] = await appendUntilRefused(journal, 2);
    assert.ok(error instanceof JournalError && error.code === 'OEE_JOURNAL_DISK', String(error));
    assert.match((await journal.info()).warnings.join(), /could not write its append-only file/);
    const committing = own?.commit(changesOf(first.entry ?? '', { outputs: [outputOf('m')] }));
    const sending = journal.append(0, numbered(refused));
    await disk.makeRoom();
    await Promise.all([committing, sending]);
    await journal.append(0, numbered(refused + 1));
    assert.deepEqual(await idsInLog(journal), expected(refused + 1));
    assert.equal((await journal.counts(0)).commits, 1);
    // What was acknowledged is in the file, too.
    await redis.command('CONFIG', 'SET', 'appendfsync', 'always');
    await journal.append(0, numbered(refused + 2));
    await redis.kill();
    await redis.start();
    assert.deepEqual(await idsInLog(journal), expected(refused + 2));
    const { accepted, duplicates } = await journal.counts(0);
    assert.deepEqual([accepted, duplicates], [2 * (refused + 2), 0]);
  } finally {
    await journal?.close();
    await redis?.close();
    await disk.remove();
  }
});

test('a Redis that syncs always ends itself rather than acknowledge what it cannot write; started again it has all it said yes to', async t => {
  const disk = await smallDisk(t);
  if (disk === null) return;
  let redis: RedisChild | null = null;
  let journal: OpenedJournal | null = null;
  try {
    redis = await startRedisChild('--dir', disk.folder, '--appendfsync', 'always');
    journal = await openedJournal(redis.url);
    await journal.append(0, numbered(1));
    await disk.fill();
    const [refused, error] = await appendUntilRefused(journal, 2);
    assert.ok(error instanceof JournalError && error.code === 'OEE_JOURNAL_AWAY', String(error));
    await disk.makeRoom();
    const sending = journal.append(0, numbered(refused));
    await redis.kill();
    await redis.start();
    await sending;
    await journal.append(0, numbered(refused + 1));
    assert.deepEqual(await idsInLog(journal), expected(refused + 1));
    assert.equal((await journal.counts(0)).accepted, 2 * (refused + 1));
  } finally {
    await journal?.close();
    await redis?.close();
    await disk.remove();
  }
});
