// Last word: the cursor of a sink whose neighbour keeps what came last, so that nothing old stays over what is newer.
// In: a partition, a sink, how long a write that was given up may still take effect. Out: where to write on, and once more.
// Touches Redis through the connection.
//
// Between the question whether a partition is ours and the neighbour's store lies a while: a process may sleep there, or die with its
// request in the kernel, and its old words come after the newer ones of the next owner. So a follower takes the cursor before its
// first write, in the call that asks where it is. Whoever took it before and did not leave may have a write under way from where the
// cursor is: when that is over for certain, the cursor is set back to there, once, and all is written again in its order. Whoever
// wakes up later than that finds the cursor taken when it wants to move it: then it is set back at once.

import type { DeadLetter } from '../core/log-entry.ts';
import { lettersToArgs } from './changes-to-args.ts';
import type { Connection } from './connection.ts';
import { LostOwnership } from './journal-error.ts';
import type { PartitionKeys } from './keys.ts';

export interface LastWordOptions {
  readonly partition: number;
  readonly sink: string;
  /** a write that was given up takes effect within this time, or never */
  readonly lateMs: number;
  /** names, never given twice by anybody, without blanks and bars */
  readonly nameOf: () => string;
}

export interface Moved {
  /** where to go on; null: to be asked anew */
  readonly at: string | null;
  /** outputs that the neighbour heard of for the first time, without those refused */
  readonly delivered: number;
  /** outputs that it will never take, in the dead letters by this call */
  readonly refused: number;
  /** it was another's by then, for so long that what this write overwrote is not in the outbox any more */
  readonly tooLate: boolean;
}

export interface LastWord {
  /** Takes the cursor. @returns where to go on */
  find(): Promise<string>;
  /**
   * The neighbour's yes to all after one id up to another.
   * @throws LostOwnership when the journal fell back behind it
   */
  move(after: string, id: string, refused: readonly DeadLetter[]): Promise<Moved>;
  /** What was sent of all after this id was given up, and may still take effect. @returns whether it is too late to write it again */
  doubt(after: string): Promise<boolean>;
  /** Nothing of ours is under way any more. */
  leave(): Promise<void>;
}

/** `writer:<sink>` of a partition's meta, as its acts write it. */
export interface WriterNote {
  /** outputs up to which the neighbour ever said yes, while it hears of some of them again; else null */
  readonly told: number | null;
  /** places from which all is to be written again when it is time */
  readonly late: number;
}

export const writerField = (sink: string): string => `writer:${sink}`;

export function readWriter(text: string | null | undefined): WriterNote {
  const [, told = '', ...late] = text?.split('|') ?? [];
  return { told: told === '' ? null : Number(told.split(' ')[1]), late: late.length };
}

export function openLastWord(connection: Connection, keys: PartitionKeys, options: LastWordOptions): LastWord {
  const { partition, sink, lateMs, nameOf } = options;
  let [name, before] = ['', ''];
  /** Each way on has a name of its own: a call that was given up and comes late finds that it is not meant. */
  let isOver = true;
  return {
    find: async () => {
      if (isOver) [before, name, isOver] = [name, nameOf(), false];
      return (await connection.act('take-cursor', [keys.cur, keys.meta], [sink, name, before, lateMs])) as string;
    },
    move: async (after, id, refused) => {
      isOver = true;
      const letters = refused.flatMap(letter => [outboxId(letter), ...lettersToArgs([letter])]);
      const [verdict, told = 0, dead = 0] = (await connection.act(
        'pass-cursor',
        [keys.cur, keys.out, keys.meta, keys.dlq],
        [sink, name, after, id, lateMs, refused.length, ...letters],
      )) as [verdict: string, told?: number, dead?: number];
      if (verdict === 'ahead') throw fellBack(partition, sink, id);
      if (verdict !== 'moved' && verdict !== 'again') {
        return { at: null, delivered: 0, refused: 0, tooLate: verdict === 'overtaken' && told === 0 };
      }
      isOver = verdict === 'again';
      return { at: isOver ? null : id, delivered: Math.max(0, told - dead), refused: dead, tooLate: false };
    },
    doubt: async after =>
      (await connection.act('doubt-cursor', [keys.cur, keys.out, keys.meta], [sink, after, lateMs])) === 0,
    leave: async () => {
      if (name !== '') await connection.act('leave-cursor', [keys.meta], [sink, name]);
    },
  };
}

/** `out:7-1` → `7-1` */
const outboxId = ({ entry }: DeadLetter): string => entry.slice(entry.indexOf(':') + 1);

export const fellBack = (partition: number, sink: string, id: string): LostOwnership =>
  new LostOwnership(
    'OEE_JOURNAL_FELL_BACK',
    `sink ${sink} is at ${id}, which partition ${partition} has not reached (again)`,
    'The journal fell back in a fail-over: read on from cursor(); the outputs in between come again.',
  );
