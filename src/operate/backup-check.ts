// Backup check: a backup file read to its end before a word of it is restored, and then its records.
// In: a file. Out: its head and its records, once every hash is found right; or what is wrong with it.
// Touches the file system, reading only.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { CopyRecord } from '../journal/copy-partition.ts';
import {
  BACKUP_FORMAT,
  BACKUP_NAME,
  BackupFault,
  type BackupHead,
  type BackupLine,
  type BackupTold,
  isGzip,
} from './backup-format.ts';

async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const input = isGzip(path) ? file.pipe(createGunzip()) : file;
  file.once('error', error => input.destroy(error));
  input.setEncoding('utf8');
  let rest = '';
  try {
    for await (const chunk of input) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code?.startsWith('Z_') === true ? damaged(path, 0, 'it cannot be unpacked') : error;
  } finally {
    file.destroy();
  }
  if (rest !== '') yield rest;
}

export interface CheckedBackup extends BackupTold {
  readonly head: BackupHead;
  /** The records of whole sections, in order. */
  records(): AsyncGenerator<{ readonly partition: number; readonly record: CopyRecord }>;
}

/** Reads the file to its end once, before anybody writes anything of it. @throws BackupFault */
export async function checkBackup(path: string): Promise<CheckedBackup> {
  const whole = new Set<number>();
  const partitions = new Set<number>();
  const all = createHash('sha256');
  let head: BackupHead | null = null;
  let hash = createHash('sha256');
  let [lines, inSection, at, done, partition] = [0, 0, 0, false, 0];
  for await (const text of linesOf(path)) {
    at += 1;
    const line = lineOf(text, path, at);
    if (head === null) {
      head = headOf(line, path);
    } else if ('section' in line) {
      hash = createHash('sha256');
      inSection = 0;
      partition = line.partition;
    } else if ('end' in line) {
      const found = hash.digest('hex');
      if (found !== line.sha256 || inSection !== line.lines) throw damaged(path, at, 'its hash is another');
      all.update(found);
      whole.add(line.end);
      partitions.add(partition);
      lines += inSection;
    } else if ('done' in line) {
      done = whole.size === line.sections && all.copy().digest('hex') === line.sha256;
    } else if (!('again' in line)) {
      hash.update(`${text}\n`);
      inSection += 1;
    }
  }
  if (head === null) throw notOurs(path, 'it is empty');
  if (!done) throw damaged(path, at, 'its last line is not there');
  return { head, partitions: partitions.size, lines, sha256: all.digest('hex'), records: () => recordsOf(path, whole) };
}

async function* recordsOf(path: string, whole: ReadonlySet<number>): ReturnType<CheckedBackup['records']> {
  let at = 0;
  let partition: number | null = null;
  for await (const text of linesOf(path)) {
    at += 1;
    if (at === 1) continue;
    const line = lineOf(text, path, at);
    if ('section' in line) partition = whole.has(line.section) ? line.partition : null;
    else if ('end' in line || 'again' in line || 'done' in line) partition = null;
    else if (partition !== null) yield { partition, record: line };
  }
}

function lineOf(text: string, path: string, at: number): BackupLine {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as BackupLine;
  } catch {
    // said below
  }
  throw at === 1 ? notOurs(path, 'it does not begin as one') : damaged(path, at, 'it is not JSON');
}

function headOf(line: object, path: string): BackupHead {
  const head = line as BackupHead;
  if (head.oee !== BACKUP_NAME) throw notOurs(path, 'it does not begin as one');
  if (head.format >= 1 && head.format <= BACKUP_FORMAT && Number.isInteger(head.partitions) && head.partitions > 0)
    return head;
  throw notOurs(path, `its format is ${head.format}, this program reads ${BACKUP_FORMAT}`);
}

const damaged = (path: string, at: number, what: string): BackupFault =>
  new BackupFault(
    'OEE_BACKUP_DAMAGED',
    `${path}${at > 0 ? `, line ${at}` : ''}: ${what}`,
    'It was cut or changed: take another backup. Nothing was restored.',
  );

const notOurs = (path: string, why: string): BackupFault =>
  new BackupFault(
    'OEE_BACKUP_FORMAT',
    `${path} is no backup that can be read: ${why}`,
    'Name a file that backup wrote.',
  );
