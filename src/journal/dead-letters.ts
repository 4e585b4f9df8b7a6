// Dead letters: what was refused after it was accepted, kept with its reason until somebody replays or discards it.
// In: partition, ids. Out: letters, youngest first; their way back into the log.
// Touches Redis through the connection.

import type { DeadLetter } from '../core/log-entry.ts';
import { lettersToArgs } from './changes-to-args.ts';
import type { Connection } from './connection.ts';
import { compareIds, type PartitionKeys } from './keys.ts';
import { hookOf } from './webhook-queues.ts';

export interface KeptLetter {
  readonly partition: number;
  /** within its partition */
  readonly id: string;
  /** when it was put here, by the journal's clock, epoch ms */
  readonly at: number;
  readonly letter: DeadLetter;
  /** `before` of the page that follows this letter */
  readonly cursor: string;
}

export interface LetterQuery {
  /** all partitions when left out */
  readonly partition?: number;
  /** 1..LIST_MAX */
  readonly countMax: number;
  /** a letter's cursor */
  readonly before?: string;
}

export interface DeadLetters {
  /** Youngest first. */
  list(query: LetterQuery): Promise<readonly KeptLetter[]>;
  get(partition: number, id: string): Promise<KeptLetter | null>;
  /** What a sink's neighbour refused outside of `outbox.advance`. */
  add(partition: number, letters: readonly DeadLetter[]): Promise<void>;
  /** @returns false when it was not there */
  discard(partition: number, id: string): Promise<boolean>;
  /**
   * Its text (or a mended one) goes into the log of its own partition again, a webhook's into its receiver's queue, and the letter
   * goes, in one act.
   * @returns the new entry's id; null when the letter was not there
   */
  replay(partition: number, id: string, mended?: string): Promise<string | null>;
}

/** A page of letters is at most so long. */
export const LIST_MAX = 1_000;

type RawLetter = [id: string, fields: string[]];

export function openDeadLetters(
  connection: Connection,
  keysOf: (partition: number) => PartitionKeys,
  partitions: number,
  token: () => string,
): DeadLetters {
  const kept = (partition: number, [id, fields]: RawLetter): KeptLetter => ({
    partition,
    id,
    at: Number(id.slice(0, id.indexOf('-'))),
    letter: JSON.parse(fields[3] ?? 'null') as DeadLetter,
    cursor: `${id}@${partition}`,
  });

  /** Letters of one partition that come after the cursor in the order (youngest first, higher partition first). */
  const page = async (partition: number, countMax: number, before: string | undefined): Promise<KeptLetter[]> => {
    const [id, ofPartition = '0'] = before?.split('@') ?? [];
    // At the cursor's own instant the partitions below it are still to come.
    const end = id === undefined ? '+' : partition < Number(ofPartition) ? id : `(${id}`;
    const found = await connection.read('xrevrange', [keysOf(partition).dlq, end, '-', 'COUNT', countMax]);
    return (found as RawLetter[]).map(raw => kept(partition, raw));
  };

  const get = async (partition: number, id: string): Promise<KeptLetter | null> => {
    const [found] = (await connection.read('xrange', [keysOf(partition).dlq, id, id])) as RawLetter[];
    return found === undefined ? null : kept(partition, found);
  };

  return {
    list: async ({ partition, countMax, before }) => {
      const most = Math.max(1, Math.min(countMax, LIST_MAX));
      if (partition !== undefined) return page(partition, most, before);
      const pages = await Promise.all(Array.from({ length: partitions }, (_, p) => page(p, most, before)));
      return pages
        .flat()
        .sort((a, b) => compareIds(b.id, a.id) || b.partition - a.partition)
        .slice(0, most);
    },
    get,
    add: async (partition, letters) => {
      if (letters.length === 0) return;
      const keys = keysOf(partition);
      await connection.act('add-letters', [keys.dlq, keys.meta], [token(), letters.length, ...lettersToArgs(letters)]);
    },
    discard: async (partition, id) => {
      const keys = keysOf(partition);
      return (await connection.act('discard-letter', [keys.dlq, keys.meta], [id, token()])) === 1;
    },
    replay: async (partition, id, mended) => {
      const letter = await get(partition, id);
      if (letter === null) return null;
      const keys = keysOf(partition);
      const args = [token(), id, mended ?? letter.letter.event];
      const receiver = hookOf(letter.letter);
      const home = receiver === null ? keys.in : keys.hook(receiver);
      const entry = (await connection.act('replay-letter', [keys.dlq, home, keys.meta], args)) as string;
      return entry === '-' ? null : entry;
    },
  };
}
