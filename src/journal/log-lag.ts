// Log lag: how far a partition's work is behind its log.
// In: a partition. Out: entries that are not worked in yet, and since when the oldest of them waits.
// Touches Redis through the connection; reads only.

import type { Connection } from './connection.ts';
import { FIRST_ID, type PartitionKeys } from './keys.ts';

export interface Lag {
  /** entries behind the committed offset, counted up to LAG_ENTRIES_MAX */
  readonly entries: number;
  /** how long the oldest of them has waited, by the journal's clock; 0 when none waits */
  readonly oldestMs: number;
}

/** A stream cannot be asked how many entries follow an id, so they are read; beyond this many the age says enough. */
export const LAG_ENTRIES_MAX = 1_000;
const PAGE = 100;

export async function readLag(connection: Connection, keys: PartitionKeys): Promise<Lag> {
  let after = ((await connection.read('hget', [keys.meta, 'offset'])) as string | null) ?? FIRST_ID;
  let entries = 0;
  let oldest: number | null = null;
  // The first page is one entry: usually there is none.
  for (let page = 1; entries < LAG_ENTRIES_MAX; page = PAGE) {
    const found = (await connection.read('xrange', [keys.in, `(${after}`, '+', 'COUNT', page])) as [string, unknown][];
    const [first, last] = [found[0], found.at(-1)];
    if (first === undefined || last === undefined) break;
    oldest ??= Number(first[0].slice(0, first[0].indexOf('-')));
    entries += found.length;
    after = last[0];
    if (found.length < page) break;
  }
  if (oldest === null) return { entries: 0, oldestMs: 0 };
  return {
    entries: Math.min(entries, LAG_ENTRIES_MAX),
    oldestMs: Math.max(0, (await journalNow(connection)) - oldest),
  };
}

/** The clock by which entries are stamped, epoch ms. */
export async function journalNow(connection: Connection): Promise<number> {
  const [seconds = '0', micros = '0'] = (await connection.read('time', [])) as string[];
  return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
}
