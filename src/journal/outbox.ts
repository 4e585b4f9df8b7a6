// Outbox: what the commits said, for every sink to follow with a cursor of its own.
// In: partition, sink, ids `checkpoint-n`. Out: outputs in order; how far each sink is.
// Touches Redis through the connection.

import type { DeadLetter } from '../core/log-entry.ts';
import { type Output, unpackOutput } from '../core/result.ts';
import { lettersToArgs } from './changes-to-args.ts';
import type { Connection } from './connection.ts';
import { FIRST_ID, type PartitionKeys } from './keys.ts';
import { fellBack, type LastWord, type LastWordOptions, openLastWord, readWriter, writerField } from './last-word.ts';

export interface OutboxEntry {
  readonly id: string;
  readonly outputs: readonly Output[];
}

export interface Outbox {
  read(partition: number, after: string, countMax: number): Promise<readonly OutboxEntry[]>;
  /** Where this sink is; "0-0" for a new one, which then reads what is still there. */
  cursor(partition: number, sink: string): Promise<string>;
  /**
   * The neighbour's yes, up to this id: only ever forward. With refused outputs as dead letters, in the same act, so that a
   * crash between the two neither loses nor doubles them.
   */
  advance(partition: number, sink: string, id: string, refused?: readonly DeadLetter[]): Promise<void>;
  /** The cursor of a sink whose neighbour keeps what came last; one for each follower. */
  lastWord(options: LastWordOptions): LastWord;
  /** writes to such a sink's neighbour that may still come, and whether it hears again what such a write may have overwritten: 0 when none */
  inDoubt(partition: number, sink: string): Promise<number>;
  /** outputs committed and never yet acknowledged by this sink */
  lag(partition: number, sink: string): Promise<number>;
  /** A sink that is gone for good no longer holds back the trimming. */
  forget(partition: number, sink: string): Promise<void>;
}

export function openOutbox(connection: Connection, keysOf: (partition: number) => PartitionKeys): Outbox {
  const kept = async (partition: number, sink: string): Promise<[id: string, passed: number]> => {
    const value = (await connection.read('hget', [keysOf(partition).cur, sink])) as string | null;
    const [id = FIRST_ID, passed = '0'] = value?.split(' ') ?? [];
    return [id, Number(passed)];
  };

  return {
    read: async (partition, after, countMax) => {
      const stream = keysOf(partition).out;
      const reply = (await connection.read('xread', ['COUNT', countMax, 'STREAMS', stream, after])) as
        | [string, [string, string[]][]][]
        | null;
      // Fields n (outputs before), c (outputs here), o (one a line), in this order.
      return (reply?.[0]?.[1] ?? []).map(([id, fields]) => ({
        id,
        outputs: (fields[5] ?? '').split('\n').map(unpackOutput),
      }));
    },
    cursor: async (partition, sink) => (await kept(partition, sink))[0],
    advance: async (partition, sink, id, refused = []) => {
      const keys = keysOf(partition);
      const args = [sink, id, refused.length, ...lettersToArgs(refused)];
      const verdict = await connection.act('advance-cursor', [keys.cur, keys.out, keys.meta, keys.dlq], args);
      if (verdict === 'ahead') throw fellBack(partition, sink, id);
    },
    lastWord: options => openLastWord(connection, keysOf(options.partition), options),
    inDoubt: async (partition, sink) => {
      const note = (await connection.read('hget', [keysOf(partition).meta, writerField(sink)])) as string | null;
      const { told, late } = readWriter(note);
      return late + (told === null ? 0 : 1);
    },
    lag: async (partition, sink) => {
      const [[, passed], meta] = await Promise.all([
        kept(partition, sink),
        connection.read('hmget', [keysOf(partition).meta, 'n:outputs', writerField(sink)]),
      ]);
      const [outputs, writer] = meta as (string | null)[];
      return Math.max(0, Number(outputs ?? 0) - Math.max(passed, readWriter(writer).told ?? 0));
    },
    forget: async (partition, sink) => {
      const { cur, meta } = keysOf(partition);
      await connection.act('forget-cursor', [cur, meta], [sink]);
    },
  };
}
