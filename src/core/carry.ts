// Carry: what a machine's later facts need to know of earlier ones, and what facts close: segments, pieces, order runs.
// In: nothing. Out: the shapes, and the ways in which a run of one kind of state ends.
// Pure. A carry is plain JSON.

import type { Reading } from './counter.ts';
import type { CounterName } from './plant-model.ts';
import type { ReadingRules } from './reading-rules.ts';
import type { Category } from './tally.ts';
import type { Claim } from './vocabulary.ts';

/** A stretch of machine time as its facts tell it, before calendar and restatements. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly category: Category;
  readonly word: string | null;
  readonly reason: string | null;
  /** start of the stop that this is a part of; null when it is none */
  readonly stop: number | null;
  readonly source: 'state' | 'silence' | 'inferred';
  readonly undecided: boolean;
}

/** Pieces at an instant. */
export interface Pieces {
  readonly id: string;
  readonly at: number;
  readonly product: string | null;
  readonly good: number;
  readonly reject: number;
  readonly rework: number;
  readonly quarantined: number;
  readonly energyWh: number;
}

export interface OrderRun {
  readonly order: string;
  readonly product: string | null;
  readonly quantity: number | null;
  readonly due: number | null;
  readonly from: number;
  /** null while it runs */
  readonly to: number | null;
}

/** What facts have closed. */
export interface Emitted {
  readonly segments: Segment[];
  readonly pieces: Pieces[];
  readonly runs: OrderRun[];
}
export const nothingEmitted = (): Emitted => ({ segments: [], pieces: [], runs: [] });

/** All that later facts need to know of earlier ones. Plain JSON. */
export interface Carry {
  /** the first fact of a machine that has given no sign of life yet: its time is unknown from there */
  born: number | null;
  /** last sign of life; null before the first */
  at: number | null;
  word: string | null;
  reason: string | null;
  claim: Claim;
  /** since when the machine is in its kind of state (a stop's identity), and since when in this very word and reason */
  runFrom: number;
  segmentFrom: number;
  /** earlier parts of an own stop that has not been decided yet */
  pending: Segment[];
  /** a silence whose counter reading is still awaited */
  gap: { from: number; to: number } | null;
  run: OrderRun | null;
  readings: Partial<Record<CounterName, Reading>>;
}

export const emptyCarry = (): Carry => ({
  born: null,
  at: null,
  word: null,
  reason: null,
  claim: 'unknown',
  runFrom: 0,
  segmentFrom: 0,
  pending: [],
  gap: null,
  run: null,
  readings: {},
});

export const copyCarry = (carry: Carry): Carry => ({
  ...carry,
  pending: [...carry.pending],
  readings: { ...carry.readings },
});

export const isOwnStop = (claim: Claim): boolean => claim === 'stop' || claim === 'breakdown';

/** States of one kind make one run: an own stop stays one stop through all its words and reasons. */
export const runKind = (claim: Claim): string => (isOwnStop(claim) ? 'own' : claim);

export const SILENT = { word: null, reason: null, stop: null, undecided: false } as const;

/** The part of a run in one word and reason ends, the run goes on. */
export function closeSegment(rules: ReadingRules, carry: Carry, at: number, out: Emitted): void {
  const long = at - carry.runFrom >= rules.machine.microStopMs;
  if (!isOwnStop(carry.claim) || long) {
    flushPending(carry, 'breakdown', out);
    push(out, segmentOf(carry, at, long, false));
  } else {
    const part = segmentOf(carry, at, false, true);
    if (part.from < part.to) carry.pending.push(part);
  }
}

/** The run ends: an own stop is now decided by its whole length. */
export function closeRun(rules: ReadingRules, carry: Carry, at: number, out: Emitted): void {
  const long = at - carry.runFrom >= rules.machine.microStopMs;
  flushPending(carry, long ? 'breakdown' : 'microStop', out);
  push(out, segmentOf(carry, at, long, false));
}

export function flushPending(carry: Carry, category: Category, out: Emitted): void {
  for (const part of carry.pending) push(out, { ...part, category, undecided: false });
  carry.pending = [];
}

export function push(out: Emitted, segment: Segment): void {
  if (segment.from < segment.to) out.segments.push(segment);
}

export function segmentOf(carry: Carry, to: number, long: boolean, undecided: boolean): Segment {
  const { claim } = carry;
  const category: Category = isOwnStop(claim) ? (long ? 'breakdown' : 'microStop') : (claim as Category);
  return {
    from: carry.segmentFrom,
    to,
    category,
    word: carry.word,
    reason: carry.reason,
    stop: claim === 'producing' || claim === 'unknown' ? null : carry.runFrom,
    source: 'state',
    undecided,
  };
}

/** A silence, its end part proven by the counter's gain as producing. */
export function flushGap(carry: Carry, provenMs: number, out: Emitted): void {
  if (carry.gap === null) return;
  const { from, to } = carry.gap;
  const turn = to - Math.min(Math.max(provenMs, 0), to - from);
  push(out, { ...SILENT, from, to: turn, category: 'unknown', source: 'silence' });
  push(out, { ...SILENT, from: turn, to, category: 'producing', source: 'inferred' });
  carry.gap = null;
}
