// Counter: pieces from cumulative readings, through resets, roll-overs, repeats and impossible jumps.
// In: the last reading and the next one, in event time. Out: the pieces between them, and what to remember.
// Pure.

import type { CounterName } from './plant-model.ts';

/** A reading to count from. `held`: a jump beyond the machine's rate that waits to be confirmed or released. */
export interface Reading {
  readonly value: number;
  readonly at: number;
  readonly held?: { readonly value: number; readonly at: number };
}

export interface CounterRules {
  readonly modulusOf: (name: CounterName) => number | null;
  /** pieces per second */
  readonly maxRate: number | null;
  /** a person released this reading: whatever it says is true */
  readonly released: boolean;
}

export type Readings = Partial<Readonly<Record<CounterName, Reading>>>;
export type Values = Partial<Readonly<Record<CounterName, number>>>;

export interface Difference {
  /** pieces by which each counter went up */
  readonly gains: Readonly<Record<CounterName, number>>;
  /** the gains are beyond the machine's rate and do not count until they are released */
  readonly held: boolean;
  readonly next: Readings;
}

const COUNTERS: readonly CounterName[] = ['total', 'good', 'reject', 'rework'];

/** One piece more than the rate allows is still plausible: two readings can straddle the moment of a piece. */
const possible = (pieces: number, elapsedMs: number, maxRate: number): boolean =>
  pieces * 1000 <= maxRate * elapsedMs + 1000;

/**
 * What the counters of one message gained since they were last read.
 * - none before: a baseline, 0 pieces;
 * - an increase is the difference; a decrease with a known modulus and a plausible size is a roll-over, any other a reset
 *   (the new value is the gain);
 * - a message speaks with one voice: when one of its counters gains more than `maxRate x elapsed` allows, all of them are
 *   held (a total held and its rejects counted would make good pieces negative). The old readings stay the base unless the
 *   next message goes on from the held values: then the machine did jump, and counting goes on from there.
 */
export function differenceOf(last: Readings, values: Values, at: number, rules: CounterRules): Difference {
  const { maxRate, released } = rules;
  const gains: Record<CounterName, number> = { total: 0, good: 0, reject: 0, rework: 0 };
  const next: Partial<Record<CounterName, Reading>> = {};
  const confirmed = maxRate !== null && goesOn(last, values, at, maxRate);
  let held = false;
  for (const name of COUNTERS) {
    const value = values[name];
    if (value === undefined) continue;
    const base = (confirmed ? last[name]?.held : undefined) ?? last[name];
    next[name] = { value, at };
    if (base === undefined) continue;
    gains[name] = gain(base, value, at, rules.modulusOf(name), maxRate);
    held ||= maxRate !== null && !released && !possible(gains[name], at - base.at, maxRate);
  }
  if (!held) return { gains, held, next };
  for (const name of COUNTERS) {
    const value = values[name];
    const base = (confirmed ? last[name]?.held : undefined) ?? last[name];
    if (value !== undefined && base !== undefined) {
      next[name] = { value: base.value, at: base.at, held: { value, at } };
    }
  }
  return { gains, held, next };
}

/** Every counter that is held goes on from its held value, as fast as the machine can. */
function goesOn(last: Readings, values: Values, at: number, maxRate: number): boolean {
  const waiting = COUNTERS.filter(name => values[name] !== undefined && last[name]?.held !== undefined);
  return waiting.every(name => {
    const held = last[name]?.held ?? { value: 0, at };
    const onwards = (values[name] ?? 0) - held.value;
    return onwards >= 0 && possible(onwards, at - held.at, maxRate);
  });
}

function gain(last: Reading, value: number, at: number, modulus: number | null, maxRate: number | null): number {
  if (value >= last.value) return value - last.value;
  if (modulus === null) return value;
  const rolled = value - last.value + modulus;
  const plausible = maxRate === null ? rolled < modulus / 2 : possible(rolled, at - last.at, maxRate);
  return rolled >= 0 && plausible ? rolled : value;
}

export interface Gains {
  readonly good: number;
  readonly reject: number;
  readonly rework: number;
}

/**
 * Good, reject and rework from the gains of whichever counters a machine has: two of total, good and reject give the third.
 * A reject counter that reports after the total takes its pieces back from good in its own slice.
 */
export function gainsOf(has: (name: CounterName) => boolean, by: Readonly<Record<CounterName, number>>): Gains {
  const { total, good, reject, rework } = by;
  if (!has('total') || (has('good') && has('reject'))) return { good, reject, rework };
  if (has('good')) return { good, reject: total - good - rework, rework };
  return { good: total - reject - rework, reject, rework };
}
