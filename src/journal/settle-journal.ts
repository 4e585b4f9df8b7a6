// Settle journal: whether this Redis, and the journal in it, are ours to use.
// In: a connection, what we were told. Out: nothing; or a fault with its remedy.
// Touches Redis through the connection; writes the number of partitions, once.

import type { Connection, Log } from './connection.ts';
import { JournalFault } from './journal-error.ts';
import { compareVersions, readInfo } from './journal-health.ts';
import { journalKey } from './keys.ts';

export interface Settling {
  readonly prefix: string;
  readonly partitions: number;
  readonly replicas?: number;
  readonly log: Log;
}

/** How long the start waits for Redis: it may still be loading its file. */
export const OPEN_PATIENCE_MS = 15_000;
/** A release's functions and stream fields that the acts need. */
export const REDIS_VERSION_MIN = '7.0';

/** Finds out whether this Redis and this journal are ours to use. */
export async function settleJournal(work: Connection, options: Settling): Promise<void> {
  // The cheapest question first: it waits until Redis is there.
  await work.read('exists', [journalKey(options.prefix)], OPEN_PATIENCE_MS);
  const info = await readInfo(work, options.replicas ?? 0);
  if (compareVersions(info.redisVersion, REDIS_VERSION_MIN) < 0) {
    throw new JournalFault(
      'OEE_JOURNAL_TOO_OLD',
      `Redis is ${info.redisVersion}`,
      `Use Redis ${REDIS_VERSION_MIN} or newer: the journal needs its functions.`,
    );
  }
  for (const warning of info.warnings) options.log('warn', warning);
  const settled = Number(
    await work.act('settle-partitions', [journalKey(options.prefix)], [options.partitions], OPEN_PATIENCE_MS),
  );
  if (settled === options.partitions) return;
  if (Number.isNaN(settled)) {
    throw new JournalFault(
      'OEE_JOURNAL_RESTORING',
      'a backup is being restored into this journal, or that was not finished',
      'Wait for it, or restore again with --force.',
    );
  }
  throw new JournalFault(
    'OEE_JOURNAL_PARTITIONS',
    `this journal has ${settled} partitions, not ${options.partitions}`,
    `Set the number of partitions to ${settled}, or begin a new journal under another prefix.`,
  );
}
