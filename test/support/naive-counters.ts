// Naive counters: pieces of a whole list of facts, read once from the first to the last.
// In: a machine's model and its facts in order. Out: pieces with their product, and what each reading reached back to.
// Pure. Written apart from the engine's counters, to be held against them.

import type { CounterEvent, FactEvent } from '../../src/core/event.ts';
import type { CounterName, CycleModel, MachineModel } from '../../src/core/plant-model.ts';
import type { Tally } from '../../src/core/tally.ts';

export interface NaivePiece {
  readonly at: number;
  readonly product: string | null;
  readonly good: number;
  readonly reject: number;
  readonly rework: number;
  readonly held: boolean;
  /** the latest instant at which a counter of this message was read before; null where one never was, or for increments */
  readonly across: number | null;
}

export const total = (piece: NaivePiece): number => piece.good + piece.reject + piece.rework;

/** The cycle of the latest date; of equal dates the one said last. */
export function naiveCycleUs(cycles: readonly CycleModel[], { product, at }: NaivePiece): number | null {
  const valid = cycles.filter(cycle => cycle.product === product && cycle.from <= at);
  const latest = Math.max(...valid.map(cycle => cycle.from));
  return valid.filter(cycle => cycle.from === latest).at(-1)?.cycleUs ?? null;
}

export function addPieces(
  tally: Tally,
  pieces: readonly NaivePiece[],
  cycles: readonly CycleModel[],
  said: readonly CycleModel[],
  lineCycles: readonly CycleModel[] | null,
): void {
  for (const piece of pieces) {
    if (piece.held) {
      tally.quarantined += total(piece);
      continue;
    }
    const cycleUs = naiveCycleUs([...cycles, ...said], piece);
    tally.total += total(piece);
    tally.good += piece.good;
    tally.reject += piece.reject;
    tally.rework += piece.rework;
    if (cycleUs === null) tally.uncycled += total(piece);
    tally.idealUs += total(piece) * (cycleUs ?? 0);
    tally.idealGoodUs += piece.good * (cycleUs ?? 0);
    tally.lineIdealGoodUs += piece.good * (naiveCycleUs(lineCycles ?? [], piece) ?? 0);
  }
}

interface Point {
  value: number;
  at: number;
  held: { value: number; at: number } | null;
}

export function naivePieces(
  model: MachineModel,
  facts: readonly FactEvent[],
  released: ReadonlySet<string>,
): NaivePiece[] {
  const points = new Map<string, Point>();
  const out: NaivePiece[] = [];
  let order: string | null = null;
  let product = model.product;
  for (const fact of facts) {
    if (fact.type === 'order') {
      if (fact.phase === 'start') {
        order = fact.order;
        product = fact.product ?? model.product;
        for (const [name, counter] of Object.entries(model.counters)) {
          if (counter.startsWithOrder) points.set(name, { value: 0, at: fact.at, held: null });
        }
      } else if (fact.order === order) {
        order = null;
        product = model.product;
      }
    }
    if (fact.type === 'count' || fact.type === 'requalify') {
      const { at, good = 0, reject = 0, rework = 0 } = fact;
      out.push({ at, product, good, reject, rework, held: false, across: null });
    }
    if (fact.type === 'counter') out.push({ ...readings(model, points, fact, released.has(fact.id)), product });
  }
  return out;
}

function readings(
  model: MachineModel,
  points: Map<string, Point>,
  fact: CounterEvent,
  released: boolean,
): Omit<NaivePiece, 'product'> {
  const names = (['total', 'good', 'reject', 'rework'] as CounterName[]).filter(name => fact[name] !== undefined);
  const rate = model.maxRate;
  const fits = (pieces: number, ms: number): boolean => rate === null || pieces <= rate * (ms / 1000) + 1;
  const waiting = names.filter(name => points.get(name)?.held);
  const goesOn = waiting.every(name => {
    const held = points.get(name)?.held ?? { value: 0, at: 0 };
    return Number(fact[name]) >= held.value && fits(Number(fact[name]) - held.value, fact.at - held.at);
  });
  const bases = new Map<string, { value: number; at: number } | undefined>();
  for (const name of names) bases.set(name, (goesOn ? points.get(name)?.held : null) ?? points.get(name));
  const before = names.map(name => points.get(name)?.at ?? null);
  const gains: Record<string, number> = {};
  for (const name of names) {
    const base = bases.get(name);
    gains[name] = base === undefined ? 0 : gained(model, name, base, Number(fact[name]), fact.at, fits);
  }
  const jumps = names.some(name => {
    const base = bases.get(name);
    return base !== undefined && !released && !fits(gains[name] ?? 0, fact.at - base.at);
  });
  for (const name of names) {
    const base = bases.get(name);
    const now = { value: Number(fact[name]), at: fact.at };
    if (jumps && base !== undefined) points.set(name, { value: base.value, at: base.at, held: now });
    else points.set(name, { ...now, held: null });
  }
  const across = before.includes(null) ? null : Math.max(...before.map(Number));
  return { at: fact.at, ...sorted(model, names, gains), held: jumps, across };
}

function gained(
  model: MachineModel,
  name: CounterName,
  base: { readonly value: number; readonly at: number },
  value: number,
  at: number,
  fits: (pieces: number, ms: number) => boolean,
): number {
  if (value >= base.value) return value - base.value;
  const modulus = model.counters[name]?.modulus ?? null;
  if (modulus === null) return value;
  const rolled = modulus - base.value + value;
  const plausible = model.maxRate === null ? rolled * 2 < modulus : fits(rolled, at - base.at);
  return rolled >= 0 && plausible ? rolled : value;
}

/** Two of total, good and reject give the third. */
function sorted(model: MachineModel, said: readonly string[], gains: Readonly<Record<string, number>>) {
  const declared = Object.keys(model.counters);
  const names = declared.length === 0 ? said : declared;
  const { total = 0, good = 0, reject = 0, rework = 0 } = gains;
  if (!names.includes('total')) return { good, reject, rework };
  if (names.includes('good') && names.includes('reject')) return { good, reject, rework };
  if (names.includes('good')) return { good, reject: total - good - rework, rework };
  return { good: total - reject - rework, reject, rework };
}
