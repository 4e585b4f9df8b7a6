// Writer calls: random calls of those who write to a sink whose neighbour keeps what came last, right ones and wrong ones.
// In: chance, the journal's checkpoint. Out: the next call.
// Pure: all chance comes from the seed.

import { partitionKeys } from '../../src/journal/keys.ts';
import type { Chance } from './chance-of.ts';

interface WriterCall {
  readonly name: string;
  readonly keys: readonly string[];
  readonly args: readonly string[];
}

const SINK = 'influx';
const LONG_MS = '900000000';
const K = partitionKeys('oee', 0);

export class WriterCalls {
  /** who took the cursor last, and where it was */
  private taker = 'w1';
  private taken = '0-0';

  constructor(private readonly chance: Chance) {}

  next(checkpoint: number): WriterCall {
    const deed = this.chance.below(16);
    if (deed < 4) {
      const before = this.pick(['', this.writer()]);
      return { name: 'take-cursor', keys: [K.cur, K.meta], args: [SINK, this.writer(), before, this.late()] };
    }
    if (deed < 13) return this.pass(checkpoint);
    if (deed < 15) {
      const args = [SINK, this.behind(checkpoint), this.late()];
      return { name: 'doubt-cursor', keys: [K.cur, K.out, K.meta], args };
    }
    return { name: 'leave-cursor', keys: [K.meta], args: [SINK, this.writer()] };
  }

  /** What a follower would remember of an answer. */
  hear(name: string, args: readonly string[], first: unknown): void {
    if (name === 'take-cursor') [this.taker, this.taken] = [args[1] ?? '', String(first)];
    if (name === 'pass-cursor' && first === 'moved') this.taken = args[3] ?? '';
  }

  /** Mostly by whoever took it, from where it was taken. */
  private pass(checkpoint: number): WriterCall {
    const name = this.chance.below(5) === 0 ? this.writer() : this.taker;
    const before = this.chance.below(5) === 0 ? this.behind(checkpoint) : this.taken;
    const number = Math.max(0, checkpoint + this.pick([0, 0, 0, 1, -1]));
    const after = this.pick([`${number}-1`, `${number}-1`, `${number}-2`, '900000000000000-1']);
    const letters = this.pick([[], [after, '2', '{"sink":1}'], [before, '1', '{"old":1}', after, '1', '{"new":1}']]);
    const args = [SINK, name, before, after, this.late(), String(letters.length / 3), ...letters];
    return { name: 'pass-cursor', keys: [K.cur, K.out, K.meta, K.dlq], args };
  }

  private pick<T>(items: readonly T[]): T {
    return items[this.chance.below(items.length)] as T;
  }
  private writer(): string {
    return this.pick(['w1', 'w2', 'w3']);
  }
  private behind(checkpoint: number): string {
    return this.pick(['0-0', this.taken, `${Math.max(0, checkpoint - this.chance.below(4))}-1`]);
  }
  /** over long after the sequence, or at once */
  private late(): string {
    return this.pick([LONG_MS, LONG_MS, '-1000']);
  }
}
