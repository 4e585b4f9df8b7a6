// Trim: lets go of what everybody has behind them, and of producers that have been silent beyond the horizon.
// In: a partition, how long to keep, who still reads. Out: how many entries went.
// Touches Redis through the connection.

import type { Connection } from './connection.ts';
import type { PartitionKeys } from './keys.ts';

export interface TrimOptions {
  /** entries of the log stay at least so long, for a replay */
  readonly keepMs: number;
  /** sinks that must have a cursor before anything of the outbox goes */
  readonly sinks: readonly string[];
}

/** Entries removed in one act: some ms of the server's time. */
const SLICE = 2_000;
/** Marks looked at in one go. */
const MARKS_AT_ONCE = 500;

export async function trimPartition(
  connection: Connection,
  keys: PartitionKeys,
  options: TrimOptions,
  horizonMs: number,
): Promise<number> {
  let removed = 0;
  const args = [options.keepMs, SLICE, ...options.sinks];
  for (;;) {
    const some = (await connection.act('trim-streams', [keys.in, keys.out, keys.cur, keys.meta], args)) as number;
    removed += some;
    if (some === 0) break;
  }
  await forgetMarks(connection, keys, horizonMs);
  return removed;
}

/**
 * The journal's clock is the id of what it last appended: a mark that lies a horizon before that belongs to a producer whose
 * events would be too late anyway. So the marks stay bounded by the producers of one horizon.
 */
async function forgetMarks(connection: Connection, keys: PartitionKeys, horizonMs: number): Promise<void> {
  const edges = (await connection.act('stream-edges', [keys.in], [])) as string[];
  const newest = Number((edges[3] ?? '0-0').split('-')[0]);
  let cursor = '0';
  do {
    const reply = (await connection.read('hscan', [keys.hwm, cursor, 'COUNT', MARKS_AT_ONCE])) as [string, string[]];
    const stale: string[] = [];
    for (let i = 0; i + 1 < reply[1].length; i += 2) {
      const value = reply[1][i + 1] ?? '';
      const at = Number((value.split(' ')[2] ?? '').split('-')[0]);
      if (at < newest - horizonMs) stale.push(reply[1][i] ?? '', value);
    }
    if (stale.length > 0) await connection.act('forget-marks', [keys.hwm], stale);
    cursor = reply[0];
  } while (cursor !== '0');
}
