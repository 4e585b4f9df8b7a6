// Backup verb: the journal into a file, and a file into a journal.
// In: a file's path, config. Out: what was done in a sentence, or why not; the exit code.
// Touches Redis, the file system, standard output.

import { readFileSync } from 'node:fs';
import type { Config } from './config.ts';
import { isoOf } from './core/time.ts';
import { type BackupPlace, openCopySource, openRestoreTarget } from './journal/backup-ends.ts';
import type { Log } from './log.ts';
import { checkBackup } from './operate/backup-check.ts';
import { writeBackup } from './operate/backup-file.ts';
import { redisForVerb } from './verb-redis.ts';

export interface VerbOutput {
  write(text: string): unknown;
}

/** A copy waits longer than a live engine would: nobody stands behind it. */
const WAITS = { commandMs: 60_000, silenceMs: 65_000 };

function placeOf(config: Config, url: string, log: Log): BackupPlace {
  const ca = config.redisCaFile === null ? null : readFileSync(config.redisCaFile, 'utf8');
  const { prefix } = config;
  return { url, ca, prefix, waits: WAITS, log: (level, message, fields) => log(level, message, fields) };
}

export async function backupVerb(file: string, config: Config, log: Log, out: VerbOutput): Promise<number> {
  return withRedis(config, log, out, async place => {
    const source = await openCopySource(place);
    try {
      const { partitions, lines, sha256 } = await writeBackup(source, config.prefix, file, isoOf(source.at));
      out.write(`${file}: ${partitions} partitions in use, ${lines} records, content ${sha256.slice(0, 16)}\n`);
    } finally {
      source.close();
    }
  });
}

export async function restoreVerb(
  file: string,
  replace: boolean,
  config: Config,
  log: Log,
  out: VerbOutput,
): Promise<number> {
  return withRedis(config, log, out, async place => {
    const backup = await checkBackup(file);
    const target = openRestoreTarget(place);
    try {
      await target.begin(backup.head.partitions, replace);
      for await (const { partition, record } of backup.records()) await target.put(partition, record);
      await target.end(backup.head.partitions);
    } finally {
      target.close();
    }
    const { head, partitions, lines, sha256 } = backup;
    out.write(
      `${partitions} partitions, ${lines} records of ${head.at} restored, content ${sha256.slice(0, 16)}\n` +
        `Start the engine with OEE_PARTITIONS=${head.partitions}. What came in after that instant is to be sent again; what is there already is recognised.\n`,
    );
  });
}

async function withRedis(
  config: Config,
  log: Log,
  out: VerbOutput,
  run: (place: BackupPlace) => Promise<void>,
): Promise<number> {
  let stop = async (): Promise<void> => {};
  try {
    const redis = await redisForVerb(config, log);
    stop = redis.stop;
    await run(placeOf(config, redis.url, log));
    return 0;
  } catch (error) {
    out.write(troubleText(error));
    return 2;
  } finally {
    await stop();
  }
}

/** What we know how to say in one sentence; anything else is a fault of ours and keeps its stack. */
export function troubleText(error: unknown): string {
  const { code, message, remedy, path } = error as NodeJS.ErrnoException & { remedy?: string };
  if (code?.startsWith('OEE_') === true) return `${code}: ${message}\n  ${remedy ?? ''}\n`;
  if (path === undefined) throw error;
  return `OEE_BACKUP_FILE: ${path} cannot be used: ${code}\n  Name a file in a folder that is there and may be written.\n`;
}
