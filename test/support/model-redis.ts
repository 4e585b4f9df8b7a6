// Model Redis: a server of the journal in plain memory: the acts, and the few reads that the journal makes.
// In: acts and reads with keys and arguments, as a connection sends them. Out: the replies that Redis would give, or its errors.
// Touches nothing; the clock is an argument.

import { MODEL_ACTS, REFUSED_WHEN_FULL } from './model-acts.ts';
import { ModelSlot } from './model-store.ts';

export interface CarriedOut {
  readonly act: string;
  /** hash tag of its keys: the partition */
  readonly tag: string;
  readonly keys: readonly string[];
  readonly args: readonly string[];
  readonly reply: unknown;
}

export interface ModelRedisOptions {
  readonly now: () => number;
  /** told of every act right after it was carried out */
  readonly onAct?: (done: CarriedOut) => void;
}

export class ModelRedis {
  /** takes nothing in until it was worked off */
  full = false;
  private readonly slots = new Map<string, ModelSlot>();
  /** how often each slot's server was replaced by its replica */
  private readonly promotions = new Map<string, number>();

  constructor(private readonly options: ModelRedisOptions) {}

  act(act: string, keys: readonly string[], given: readonly (string | number)[]): unknown {
    const run = MODEL_ACTS[act];
    if (run === undefined) throw new Error(`ERR Function not found: ${act}`);
    if (this.full && REFUSED_WHEN_FULL.has(act))
      throw new Error("OOM command not allowed when used memory > 'maxmemory'.");
    const tag = tagOf(keys[0]);
    const args = given.map(String);
    const history = `${tag}/${this.promotions.get(tag) ?? 0}`;
    const now = this.options.now();
    const reply = run({ slot: this.slot(tag), keys, args, now, history, nearlyFull: this.full });
    this.options.onAct?.({ act, tag, keys, args, reply });
    return reply;
  }

  read(command: string, given: readonly (string | number)[]): unknown {
    const args = given.map(String);
    if (command === 'time') {
      const now = this.options.now();
      return [String(Math.floor(now / 1000)), String((now % 1000) * 1000)];
    }
    const key = command === 'xread' ? args[3] : args[0];
    const answer = READS[command.toLowerCase()];
    if (answer === undefined) throw new Error(`ERR unknown command '${command}'`);
    return answer(this.slot(tagOf(key)), args);
  }

  slot(tag: string): ModelSlot {
    const known = this.slots.get(tag);
    if (known !== undefined) return known;
    const slot = new ModelSlot();
    this.slots.set(tag, slot);
    return slot;
  }

  /** A replica takes over, with what it had by then. */
  promote(tag: string, replica: ModelSlot): void {
    this.slots.set(tag, replica);
    this.promotions.set(tag, (this.promotions.get(tag) ?? 0) + 1);
  }
}

/** `oee:{p017}:in` lies with everything else that says p017. */
export const tagOf = (key = ''): string => key.slice(key.indexOf('{') + 1, key.indexOf('}'));

type Answer = (slot: ModelSlot, args: readonly string[]) => unknown;

const entries = (found: readonly { readonly id: string; readonly fields: readonly string[] }[]): unknown =>
  found.map(({ id, fields }) => [id, [...fields]]);

/** `(ms-n`: from behind it; `-` and `+`: from one end to the other. */
function ranged(slot: ModelSlot, key: string, from: string, to: string, countMax: number): unknown {
  const all = slot.streams.get(key)?.after(afterOf(from), Number.POSITIVE_INFINITY) ?? [];
  const upTo = to === '+' ? all : all.slice(0, all.findLastIndex(entry => !isBeyond(entry, to)) + 1);
  return entries(upTo.slice(0, countMax));
}

function afterOf(from: string): string {
  if (from === '-') return '0-0';
  if (from.startsWith('(')) return from.slice(1);
  const [ms = '0', n = '0'] = from.split('-');
  return Number(n) > 0 ? `${ms}-${Number(n) - 1}` : `${Number(ms) - 1}-${Number.MAX_SAFE_INTEGER}`;
}

function isBeyond(entry: { readonly ms: number; readonly n: number }, to: string): boolean {
  const open = to.startsWith('(');
  const [ms = 0, n = 0] = (open ? to.slice(1) : to).split('-').map(Number);
  const order = entry.ms - ms || entry.n - n;
  return open ? order >= 0 : order > 0;
}

const countIn = (args: readonly string[]): number => {
  const at = args.findIndex(arg => arg.toUpperCase() === 'COUNT');
  return at < 0 ? Number.POSITIVE_INFINITY : Number(args[at + 1]);
};

const READS: Readonly<Record<string, Answer>> = {
  exists: (slot, [key = '']) => (slot.has(key) ? 1 : 0),
  hget: (slot, [key = '', field = '']) => slot.hashes.get(key)?.get(field) ?? null,
  hmget: (slot, [key = '', ...fields]) => fields.map(field => slot.hashes.get(key)?.get(field) ?? null),
  hgetall: (slot, [key = '']) => [...(slot.hashes.get(key) ?? [])].flat(),
  hscan: (slot, [key = '']) => ['0', [...(slot.hashes.get(key) ?? [])].flat()],
  smembers: (slot, [key = '']) => [...(slot.sets.get(key) ?? [])],
  mget: (slot, keys) => keys.map(key => slot.texts.get(key) ?? null),
  xlen: (slot, [key = '']) => slot.streams.get(key)?.entries.length ?? 0,
  xread: (slot, [, count, , key = '', after = '0-0']) => {
    const found = slot.streams.get(key)?.after(after, Number(count)) ?? [];
    return found.length === 0 ? null : [[key, entries(found)]];
  },
  xrange: (slot, args) => ranged(slot, args[0] ?? '', args[1] ?? '-', args[2] ?? '+', countIn(args)),
  xrevrange: (slot, args) => {
    const found = ranged(slot, args[0] ?? '', args[2] ?? '-', args[1] ?? '+', Number.POSITIVE_INFINITY) as unknown[];
    return found.reverse().slice(0, countIn(args));
  },
};
