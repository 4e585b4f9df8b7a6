// Cursor hand: how a follower of an outbox keeps its place in the journal.
// In: the outbox, a partition, a sink. Out: where to read on; what the neighbour said yes to; what may still come of a write given up.
// Touches the outbox.
//
// Of most sinks a repeat ends in the same place, whenever it comes: their place is a plain cursor. A neighbour that keeps what came last
// is another matter (`lateMs` of its sink): a write that nobody waits for any more may put old words over newer ones, so the journal
// remembers who writes, and sends followers back to where such a write began.

import type { DeadLetter } from '../core/log-entry.ts';
import type { Sink } from './sink.ts';

export interface CursorHand {
  /** where to read on */
  find(): Promise<string>;
  /** The neighbour said yes to all after one id up to another; what it refused becomes dead letters in the same act. */
  move(after: string, id: string, refused: readonly DeadLetter[]): Promise<HandMoved>;
  /** What was sent of all after this id was given up, and may still take effect. @returns whether it is too late to write it again */
  doubt(after: string): Promise<boolean>;
  /** Nothing of ours is under way any more. */
  leave(): Promise<void>;
}

export interface HandMoved {
  /** where to read on; null: to be found anew */
  readonly at: string | null;
  /** outputs that the neighbour took, and refused, for the first time; null: all of them */
  readonly delivered: number | null;
  readonly refused: number | null;
  /** what this write may have overwritten is not in the outbox any more */
  readonly tooLate: boolean;
}

/** What a hand needs of the journal. */
export interface CursorPort {
  cursor(partition: number, sink: string): Promise<string>;
  /** Moves the cursor and keeps what was refused, in one act. */
  advance(partition: number, sink: string, id: string, refused: readonly DeadLetter[]): Promise<void>;
  /** Only a journal that remembers who writes has it. */
  lastWord?(options: HandOptions): CursorHand;
}

export interface HandOptions {
  readonly partition: number;
  readonly sink: string;
  readonly lateMs: number;
  /** names of writers, each given once */
  readonly nameOf: () => string;
}

export function cursorHand(outbox: CursorPort, sink: Sink, partition: number, nameOf: () => string): CursorHand {
  const { name, lateMs } = sink;
  if (lateMs !== undefined && outbox.lastWord !== undefined) {
    return outbox.lastWord({ partition, sink: name, lateMs, nameOf });
  }
  return {
    find: () => outbox.cursor(partition, name),
    move: async (_, id, refused) => {
      await outbox.advance(partition, name, id, refused);
      return { at: id, delivered: null, refused: null, tooLate: false };
    },
    doubt: async () => false,
    leave: async () => {},
  };
}
