// Letter tally: how many dead letters of which reason and machine are kept, without reading them all anew each time.
// In: a partition. Out: counts per reason and machine.
// Touches Redis through the connection, reading only; remembers what it has counted.

import type { DeadLetter } from '../core/log-entry.ts';
import type { Connection } from './connection.ts';
import { FIRST_ID, type PartitionKeys } from './keys.ts';

export interface LetterCount {
  readonly code: string;
  /** machine or unit; null: none is known */
  readonly machine: string | null;
  letters: number;
  /** events, or results, that they stand for */
  events: number;
  /** when the first and the last of them were put here, epoch ms */
  readonly oldest: number;
  youngest: number;
}

export interface PartitionTally {
  readonly counts: readonly LetterCount[];
  /** false while there are more letters than are counted in one go: the next question counts on */
  readonly complete: boolean;
}

/** Letters read at once, and in one go: a scrape stays short though millions wait to be counted for the first time. */
const PAGE = 500;
const PAGES_MAX = 40;
/** Pairs of reason and machine that are told apart in a partition; beyond, machines are counted together. */
const PAIRS_MAX = 1_000;
export const OTHER_MACHINES = '…';

interface Counted {
  after: string;
  known: number;
  pairs: Map<string, LetterCount>;
}

const nothing = (): Counted => ({ after: FIRST_ID, known: 0, pairs: new Map() });

/** Letters only come at the end; when one is taken out, the length gives it away, and the partition is counted anew. */
export function openLetterTally(
  connection: Connection,
  keysOf: (partition: number) => PartitionKeys,
): (partition: number) => Promise<PartitionTally> {
  const counted = new Map<number, Counted>();
  const underWay = new Map<number, Promise<PartitionTally>>();
  const length = async (partition: number): Promise<number> =>
    (await connection.read('xlen', [keysOf(partition).dlq])) as number;

  const countOn = async (partition: number, state: Counted): Promise<boolean> => {
    for (let page = 0; page < PAGES_MAX; page++) {
      const range = [keysOf(partition).dlq, `(${state.after}`, '+', 'COUNT', PAGE];
      const found = (await connection.read('xrange', range)) as [string, string[]][];
      for (const [id, fields] of found) add(state, id, fields[3] ?? 'null');
      if (found.length < PAGE) return true;
    }
    return false;
  };

  const look = async (partition: number): Promise<PartitionTally> => {
    let state = counted.get(partition) ?? nothing();
    let complete = await countOn(partition, state);
    if ((await length(partition)) < state.known) {
      state = nothing();
      complete = await countOn(partition, state);
    }
    counted.set(partition, state);
    return { counts: [...state.pairs.values()], complete };
  };

  return partition => {
    const asked = underWay.get(partition) ?? look(partition).finally(() => underWay.delete(partition));
    underWay.set(partition, asked);
    return asked;
  };
}

function add(state: Counted, id: string, text: string): void {
  state.after = id;
  state.known += 1;
  const { code, machine: named, count } = (JSON.parse(text) ?? {}) as Partial<DeadLetter>;
  const reason = code ?? 'unknown';
  const exact = `${reason} ${named ?? ''}`;
  const machine = state.pairs.has(exact) || state.pairs.size < PAIRS_MAX ? (named ?? null) : OTHER_MACHINES;
  const key = `${reason} ${machine ?? ''}`;
  const at = Number(id.slice(0, id.indexOf('-')));
  const known = state.pairs.get(key);
  const events = count ?? 1;
  if (known === undefined) {
    state.pairs.set(key, { code: reason, machine, letters: 1, events, oldest: at, youngest: at });
    return;
  }
  known.letters += 1;
  known.events += events;
  known.youngest = at;
}
