// Act sequence: random calls of every act of the journal, right ones and wrong ones, as they reach a server.
// In: a seed, what was answered so far. Out: the next call; ids of streams are named by the order in which they were first seen.
// Pure: all chance comes from the seed.

import { partitionKeys } from '../../src/journal/keys.ts';
import { type Chance, chanceOf } from './chance-of.ts';
import { WriterCalls } from './writer-calls.ts';

/** `#3` in an argument stands for the fourth id that this server gave. */
export interface Call {
  readonly name: string;
  readonly keys: readonly string[];
  readonly args: readonly string[];
}

const DAY_MS = '86400000';
const LONG_MS = '900000000';
const OWNERS = ['a', 'b'];
const SINKS = ['influx', 'live'];
const SUFFIXES = ['f:m1', 'f:m2', 'revocations'];
const K = partitionKeys('oee', 0);

type Make = () => Call;

export class ActSequence {
  private readonly chance: Chance;
  private last: Call | null = null;
  private calls = 0;
  private buckets: readonly string[] = [];
  private texts: readonly string[] = [];
  /** as an owner would know them */
  private fence = '0';
  private owner = 'a';
  private number = 0;
  private offset = '0-0';
  private readonly writers: WriterCalls;
  private readonly made: readonly (readonly [weight: number, make: Make])[];

  /** @param ids how many ids were seen so far */
  constructor(
    seed: number,
    private readonly ids: () => number,
  ) {
    this.chance = chanceOf(seed);
    this.writers = new WriterCalls(this.chance);
    this.made = [
      [8, () => this.appendCounted()],
      [8, () => this.appendById()],
      [4, () => this.claim()],
      [3, () => this.call('renew-lease', [K.meta], [this.odd(this.fence), this.owner, this.near(), this.lease()])],
      [1, () => this.call('release-lease', [K.meta], [this.odd(this.fence), this.owner])],
      [14, () => this.commit()],
      [4, () => this.advance()],
      [15, () => this.writers.next(this.number)],
      [1, () => this.call('forget-cursor', [K.cur, K.meta], [this.pick(SINKS)])],
      [3, () => this.call('trim-streams', [K.in, K.out, K.cur, K.meta], [this.keep(), '2000', ...this.someSinks()])],
      [1, () => this.call('forget-marks', [K.hwm], ['plc', this.pick(['3 t0 #0 -', 'other'])])],
      [2, () => this.call('stream-edges', [this.pick([K.in, K.out, K.dlq, `${K.in}:none`])], [])],
      [2, () => this.call('note-hole', [K.meta], [this.id(), this.odd(this.fence), this.owner, this.near()])],
      [2, () => this.call('snapshot-state', [K.in, K.meta, K.st, K.ts, ...this.texts], [])],
      [2, () => this.call('look-at-entry', [K.in, K.meta, K.st], [this.id()])],
      [2, () => this.call('meet-workers', ['oee:{p000}:workers'], [this.pick(['a', 'b', 'c', '']), this.lease()])],
      [1, () => this.call('settle-partitions', ['oee:{p000}:journal'], [this.pick(['4', '8'])])],
      [4, () => this.call('add-letters', [K.dlq, K.meta], [this.token(), '2', '1', '{"a":1}', '3', '{"b":2}'])],
      [2, () => this.call('discard-letter', [K.dlq, K.meta], [this.id(), this.token()])],
      [2, () => this.call('replay-letter', [K.dlq, K.in, K.meta], [this.token(), this.id(), '{"again":1}'])],
      [2, () => this.snapshotPartition()],
      [1, () => this.restore()],
      [3, () => this.putHooks()],
      [3, () => this.noteHook()],
      [10, () => this.read()],
      [10, () => this.last ?? this.claim()],
    ];
  }

  next(): Call {
    this.calls += 1;
    let at = this.chance.below(this.made.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, make] of this.made) {
      at -= weight;
      if (at < 0) {
        this.last = make();
        break;
      }
    }
    return this.last ?? this.claim();
  }

  /** What a program would remember of an answer, told in ids by number. */
  hear({ name, args }: Call, reply: unknown): void {
    const [first, second, third] = Array.isArray(reply) ? reply : [reply];
    if (name === 'claim-lease' && Number(first) > 0) {
      [this.fence, this.owner] = [String(first), args[0] ?? ''];
      [this.number, this.offset] = [Number(second), String(third)];
    }
    if (name === 'commit-step' && first === 'done') [this.number, this.offset] = [Number(args[3]), args[4] ?? ''];
    this.writers.hear(name, args, first);
    if (name === 'append-by-id' && first === 'buckets') this.buckets = second as string[];
    if (name === 'snapshot-partition' && first === 'texts') this.texts = (second as string[]).map(K.text);
  }

  private call(name: string, keys: readonly string[], args: readonly string[]): Call {
    return { name, keys, args };
  }
  private pick<T>(items: readonly T[]): T {
    return items[this.chance.below(items.length)] as T;
  }
  /** Mostly what is right, sometimes what is not. */
  private odd(right: string): string {
    return this.chance.below(8) === 0 ? this.pick(['0', '1', '2', '99']) : right;
  }
  private near(): string {
    return String(Math.max(0, this.number + this.pick([0, 0, 0, 1, -1])));
  }
  private token(): string {
    return `t${this.calls - this.chance.below(2)}`;
  }
  /** for ever, or over as soon as it begins */
  private lease(): string {
    return this.pick([LONG_MS, LONG_MS, '-1', '0']);
  }
  private keep(): string {
    return this.pick(['-1000', LONG_MS]);
  }
  /** One of them has no cursor, and never will. */
  private someSinks(): readonly string[] {
    return this.pick([SINKS, ['influx'], [], ['influx', 'newcomer']]);
  }
  /** An id that some stream gave, mostly a young one. */
  private id(): string {
    const seen = this.ids();
    if (seen === 0 || this.chance.below(12) === 0) return this.pick(['0-0', '1-1', '9000000000000-0']);
    return `#${Math.max(0, seen - 1 - this.chance.below(6))}`;
  }

  private appendCounted(): Call {
    const rollup = this.chance.below(5) === 0;
    const kind = rollup ? 'rollup' : this.pick(['', '', 'tick']);
    const [marks, field] = kind === '' ? [K.hwm, this.pick(['plc', 'scada'])] : [K.meta, `mark:${kind}`];
    const seq = this.pick(['-', '1', '2', '3', '4', '5', '9']);
    const from = this.pick(['*', '*', '-', '1', '2', '3']);
    const args = [this.token(), kind, field, seq, String(1 + this.chance.below(3)), 'body', from];
    return this.call(rollup ? 'append-rollup' : 'append-counted', [K.in, marks, K.meta], args);
  }

  private appendById(): Call {
    const events = Array.from({ length: 1 + this.chance.below(4) }, () => [
      `e${this.chance.below(25)}`,
      this.pick(['p', 'p', 'p', 'q']),
      '{}',
    ]);
    return this.call(
      'append-by-id',
      [K.in, K.id, K.meta, ...this.buckets],
      [this.token(), LONG_MS, DAY_MS, ...events.flat()],
    );
  }

  private claim(): Call {
    return this.call('claim-lease', [K.in, K.meta], [this.pick(OWNERS), this.lease()]);
  }

  private commit(): Call {
    const { chance } = this;
    const [append, drop] = [this.pick(SUFFIXES), this.pick(SUFFIXES)];
    const appends = chance.below(2) === 0 ? [append, `text ${this.calls}\n`] : [];
    const drops = chance.below(5) === 0 ? [drop] : [];
    const fields = chance.below(2) === 0 ? [`m:${chance.below(3)}`, `${this.calls}`] : [];
    const told = Array.from({ length: chance.below(3) }, (_, n) => [String(n + 1), `output ${this.calls}`]).flat();
    const letters = chance.below(3) === 0 ? [String(1 + chance.below(3)), '{"refused":1}'] : [];
    const number = String(this.number + this.pick([1, 1, 1, 1, 0, 2]));
    const previous = chance.below(10) === 0 ? this.id() : this.offset;
    const counts = [appends.length / 2, drops.length, fields.length / 2, told.length / 2, letters.length / 2];
    const args = [this.odd(this.fence), this.owner, previous, number, this.id(), ...counts.map(String)];
    const texts = [...appends.slice(0, 1), ...drops].map(K.text);
    const words = [...appends, ...drops, ...fields, ...told, ...letters];
    return this.call('commit-step', [K.meta, K.st, K.ts, K.out, K.dlq, ...texts], [...args, ...words]);
  }

  private advance(): Call {
    const letters = this.chance.below(4) === 0 ? ['1', '2', '{"sink":1}'] : ['0'];
    const id = this.pick([`${this.near()}-1`, `${this.near()}-2`, '1-1', '900000000000000-1']);
    return this.call('advance-cursor', [K.cur, K.out, K.meta, K.dlq], [this.pick(SINKS), id, ...letters]);
  }

  private putHooks(): Call {
    const queues = [K.hook('erp'), K.hook('mail')].slice(0, 1 + this.chance.below(2));
    const after = this.pick([`${this.near()}-1`, `${this.near()}-2`]);
    const letters = this.pick([[], ['1', '{"full":1}']]);
    const counts = [String(queues.length), String(letters.length / 2)];
    const messages = queues.flatMap((_, place) => [String(place + 1), `message ${this.calls}`]);
    const before = this.pick(['0-0', '1-1', `${this.near()}-1`]);
    const args = ['hooks', before, after, ...counts, ...messages, ...letters];
    return this.call('put-hooks', [K.cur, K.out, K.meta, K.dlq, K.hooks, ...queues], args);
  }

  private noteHook(): Call {
    const [outcome, receiver] = [this.pick(['delivered', 'again', 'dead']), this.pick(['erp', 'mail'])];
    const letters = outcome === 'dead' ? ['1', '1', '{"gone":1}'] : ['0'];
    const said = ['5', outcome === 'delivered' ? '' : 'E', outcome === 'again' ? this.pick(['1 7', '2 9']) : ''];
    const keys = [K.hook(receiver), K.hooks, K.hooklog(receiver), K.dlq, K.meta];
    return this.call('note-hook', keys, [receiver, this.id(), outcome, ...said, 'note', '1000', ...letters]);
  }

  private snapshotPartition(): Call {
    const suffixes = this.texts.map(key => key.slice(K.text('').length));
    return this.call(
      'snapshot-partition',
      [K.in, K.hwm, K.meta, K.st, K.ts, K.out, K.cur, K.dlq, K.id, ...this.texts],
      suffixes,
    );
  }

  /** Into a stream of its own, in pieces, the last of which says how far it had come. */
  private restore(): Call {
    const first = 1 + this.chance.below(30);
    const entries = Array.from({ length: this.chance.below(4) }, (_, n) => [`${first + n}-1`, '2', 'b', 'text']).flat();
    const last = this.pick(['', '', '0-0', `${first + 5}-0`, `${first}-0`]);
    return this.call('restore-stream', ['oee:{p000}:restored'], [last, '60', `${first}-0`, ...entries]);
  }

  private read(): Call {
    const stream = this.pick([K.in, K.out, K.dlq]);
    const [hash, id] = [this.pick([K.meta, K.st, K.cur, K.hwm]), this.id()];
    const reads: readonly Call[] = [
      { name: 'xlen', keys: [stream], args: [] },
      {
        name: 'xrange',
        keys: [stream],
        args: [this.pick([id, `(${id}`, '-']), this.pick([id, '+', '+']), 'COUNT', '3'],
      },
      {
        name: 'xrevrange',
        keys: [stream],
        args: [this.pick([id, `(${id}`, '+']).replace('(0-0', '0-0'), '-', 'COUNT', '3'],
      },
      { name: 'HGETALL', keys: [hash], args: [] },
      { name: 'hmget', keys: [hash], args: ['offset', 'cp', 'owner', 'influx', 'plc', 'none'] },
      { name: 'hget', keys: [hash], args: [this.pick(['offset', 'm:1', 'influx'])] },
      { name: 'smembers', keys: [K.ts], args: [] },
      { name: 'mget', keys: SUFFIXES.map(K.text), args: [] },
      { name: 'exists', keys: [this.pick([K.meta, K.ts, K.out, K.text('f:m1')])], args: [] },
    ];
    return this.pick(reads);
  }
}
