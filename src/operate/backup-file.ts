// Backup file: a journal as JSON lines that any tool can read and any version of Redis can take, with a hash per partition.
// In: copies of partitions; a path. Out: a file that is whole, or none.
// Touches the file system.

import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { PassThrough, type Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { CopySource } from '../journal/backup-ends.ts';
import type { CopyRecord } from '../journal/copy-partition.ts';
import { BACKUP_FORMAT, BACKUP_NAME, BackupFault, type BackupHead, type BackupTold, isGzip } from './backup-format.ts';

/** A partition that lets go of things faster than they are copied, so many times: its engine should be stopped. */
const ATTEMPTS_MAX = 8;

/** Writes beside the file and puts it in place when it is whole: what bears the name is never half a backup. */
export async function writeBackup(source: CopySource, prefix: string, path: string, at: string): Promise<BackupTold> {
  const part = `${path}.part`;
  const file = createWriteStream(part, { mode: 0o600 });
  const out: Writable = isGzip(path) ? createGzip() : new PassThrough();
  out.pipe(file);
  try {
    const { partitions, redisVersion } = source;
    const head: BackupHead = { oee: BACKUP_NAME, format: BACKUP_FORMAT, prefix, partitions, redis: redisVersion, at };
    await put(out, `${JSON.stringify(head)}\n`);
    const told = await writeSections(source, out);
    out.end();
    await finished(file);
    await rename(part, path);
    return told;
  } catch (error) {
    out.destroy();
    file.destroy();
    await rm(part, { force: true });
    throw error;
  }
}

async function put(out: Writable, text: string): Promise<void> {
  if (!out.write(text)) await new Promise((resolve, fail) => out.once('drain', resolve).once('error', fail));
}

async function writeSections(source: CopySource, out: Writable): Promise<BackupTold> {
  const all = createHash('sha256');
  const ends = new Map<number, string>();
  let [begun, whole, lines] = [0, 0, 0];
  const write = async (partition: number, copy: () => AsyncGenerator<CopyRecord, boolean>): Promise<void> => {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      const section = await writeSection(copy(), begun, partition, out);
      if (section === 'empty') return;
      begun += 1;
      if (section === 'again') continue;
      all.update(section.sha256);
      whole += 1;
      lines += section.lines;
      ends.set(partition, section.logEnd);
      return;
    }
    throw restless(partition);
  };
  for (let partition = 0; partition < source.partitions; partition++)
    await write(partition, () => source.copy(partition));
  const partitions = ends.size;
  for (const [partition, entry] of [...ends]) await write(partition, () => source.toldSince(partition, entry));
  const told = { partitions, lines, sha256: all.digest('hex') };
  await put(out, `${JSON.stringify({ done: true, sections: whole, sha256: told.sha256 })}\n`);
  return told;
}

interface WrittenSection {
  readonly lines: number;
  readonly sha256: string;
  /** the last entry of the log that it knows */
  readonly logEnd: string;
}

async function writeSection(
  copy: AsyncGenerator<CopyRecord, boolean>,
  section: number,
  partition: number,
  out: Writable,
): Promise<WrittenSection | 'again' | 'empty'> {
  const hash = createHash('sha256');
  let [lines, logEnd] = [0, '0-0'];
  for (;;) {
    const { value, done } = await copy.next();
    if (done === true) {
      if (lines === 0 && value) return 'empty';
      if (lines === 0) await put(out, `${JSON.stringify({ section, partition })}\n`);
      const sha256 = hash.digest('hex');
      await put(out, `${JSON.stringify(value ? { end: section, lines, sha256 } : { again: section })}\n`);
      return value ? { lines, sha256, logEnd } : 'again';
    }
    if (lines === 0) await put(out, `${JSON.stringify({ section, partition })}\n`);
    if ('edges' in value && value.edges === 'in') logEnd = value.last;
    const text = `${JSON.stringify(value)}\n`;
    hash.update(text);
    lines += 1;
    await put(out, text);
  }
}

const restless = (partition: number): BackupFault =>
  new BackupFault(
    'OEE_BACKUP_RESTLESS',
    `partition ${partition} let go of things faster than they could be copied, ${ATTEMPTS_MAX} times`,
    'Try again, or stop the engine for the time of the backup.',
  );
