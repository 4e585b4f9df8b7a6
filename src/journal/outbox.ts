// Outbox: what the commits said, for every sink to follow with a cursor of its own.
// In: partition, sink, ids `checkpoint-n`. Out: outputs in order; how far each sink is.
// Touches Redis through the connection.

import type { DeadLetter } from '../core/log-entry.ts';
import { type Output, unpackOutput } from '../core/result.ts';
import { lettersToArgs } from './changes-to-args.ts';
import type { Connection } from './connection.ts';
import { LostOwnership } from './journal-error.ts';
import { FIRST_ID, type PartitionKeys } from './keys.ts';

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
  /** outputs committed and not yet acknowledged by this sink */
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
      if (verdict !== 'ahead') return;
      throw new LostOwnership(
        'OEE_JOURNAL_FELL_BACK',
        `sink ${sink} is at ${id}, which partition ${partition} has not reached (again)`,
        'The journal fell back in a fail-over: read on from cursor(); the outputs in between come again.',
      );
    },
    lag: async (partition, sink) => {
      const [[, passed], outputs] = await Promise.all([
        kept(partition, sink),
        connection.read('hget', [keysOf(partition).meta, 'n:outputs']) as Promise<string | null>,
      ]);
      return Math.max(0, Number(outputs ?? 0) - passed);
    },
    forget: async (partition, sink) => {
      await connection.act('forget-cursor', [keysOf(partition).cur], [sink]);
    },
  };
}
