// Valued pieces: pieces with the ideal time of their own moment, ready to be booked.
// In: pieces and the rules. Out: the same with ideal time, or marked as having none.
// Pure.

import type { Pieces } from './carry.ts';
import { cycleAt, lineCycleAt, type ReadingRules } from './reading-rules.ts';

export interface ValuedPieces {
  readonly id: string;
  /** the instant whose slice they belong to */
  readonly at: number;
  readonly good: number;
  readonly reject: number;
  readonly rework: number;
  readonly uncycled: number;
  readonly quarantined: number;
  readonly idealUs: number;
  readonly idealGoodUs: number;
  readonly lineIdealGoodUs: number;
  readonly energyWh: number;
}

/** Every piece keeps the cycle that was valid at its time; without one it is counted as `uncycled`, never guessed. */
export function valuedPieces(rules: ReadingRules, pieces: Pieces): ValuedPieces {
  const { id, good, reject, rework, quarantined, energyWh } = pieces;
  const total = good + reject + rework;
  const cycleUs = cycleAt(rules, pieces.product, pieces.at);
  const lineCycleUs = lineCycleAt(rules, pieces.product, pieces.at) ?? 0;
  return {
    id,
    at: sliceInstant(rules, pieces.at),
    good,
    reject,
    rework,
    uncycled: cycleUs === null ? total : 0,
    quarantined,
    idealUs: total * (cycleUs ?? 0),
    idealGoodUs: good * (cycleUs ?? 0),
    lineIdealGoodUs: good * lineCycleUs,
    energyWh,
  };
}

/** A piece stamped exactly at a shift's end belongs to the next shift, unless the plant file says `countEdge: ending`. */
function sliceInstant(rules: ReadingRules, at: number): number {
  if (rules.machine.countEdge === 'starting') return at;
  return rules.calendar.shiftAt(at - 1)?.end === at ? at - 1 : at;
}

const keyOf = (p: ValuedPieces): string =>
  `${p.at} ${p.good} ${p.reject} ${p.rework} ${p.uncycled} ${p.quarantined} ${p.idealUs} ${p.idealGoodUs} ${p.lineIdealGoodUs} ${p.energyWh} ${p.id}`;

const saysTheSame = (a: ValuedPieces | undefined, b: ValuedPieces | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  a.id === b.id &&
  a.at === b.at &&
  a.good === b.good &&
  a.reject === b.reject &&
  a.rework === b.rework &&
  a.uncycled === b.uncycled &&
  a.quarantined === b.quarantined &&
  a.idealUs === b.idealUs &&
  a.idealGoodUs === b.idealGoodUs &&
  a.lineIdealGoodUs === b.lineIdealGoodUs &&
  a.energyWh === b.energyWh;

/** What is only in one of two readings. A late fact leaves most of its block as it was: only the middle is matched. */
export function piecesBetween(
  before: readonly ValuedPieces[],
  after: readonly ValuedPieces[],
): { readonly removed: readonly ValuedPieces[]; readonly added: readonly ValuedPieces[] } {
  let first = 0;
  while (saysTheSame(before[first], after[first])) first += 1;
  let last = 1;
  const rest = Math.min(before.length, after.length) - first;
  while (last <= rest && saysTheSame(before.at(-last), after.at(-last))) last += 1;
  return matched(before.slice(first, before.length - last + 1), after.slice(first, after.length - last + 1));
}

function matched(
  before: readonly ValuedPieces[],
  after: readonly ValuedPieces[],
): { readonly removed: readonly ValuedPieces[]; readonly added: readonly ValuedPieces[] } {
  if (before.length === 0) return { removed: before, added: after };
  // a count and a counter's message may say the same at the same instant under one id: equal pieces are matched one by one
  const old = new Map<string, ValuedPieces[]>();
  for (const pieces of before) {
    const key = keyOf(pieces);
    const same = old.get(key);
    if (same === undefined) old.set(key, [pieces]);
    else same.push(pieces);
  }
  const added = after.filter(pieces => old.get(keyOf(pieces))?.pop() === undefined);
  return { removed: [...old.values()].flat(), added };
}
