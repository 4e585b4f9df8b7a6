// Order book: the orders that a line or a single machine works off, one after the other.
// In: the products it can make and chance. Out: the running order.
// Pure but for its own state.

import { HOUR_MS, isoOf, MINUTE_MS } from '../core/time.ts';
import type { Chance } from './chance.ts';
import type { OrderOf } from './machine-voice.ts';

export interface Job {
  readonly product: string;
  readonly cycleUs: number;
}

export interface OrderBook {
  readonly current: OrderOf | null;
  /** of all products: what sizes and rates are made by where no order says better */
  readonly shortestCycleUs: number;
  next(t: number): OrderOf;
}

/** Part of the ideal speed that the planner reckons with. */
const PLANNED_SPEED = 0.78;
/** Cycle of a machine for which the plant names none. */
const CYCLE_UNKNOWN_US = 60_000_000;

/** `name`: whose orders they are; numbers start anew every UTC day, so the day is a part of them. */
export function orderBookOf(name: string, jobs: readonly Job[], orderHours: number, chance: Chance): OrderBook {
  let number = 0;
  let turn = jobs.length === 0 ? 0 : chance.whole(0, jobs.length - 1);
  let current: OrderOf | null = null;
  const shortestCycleUs = Math.min(...jobs.map(job => job.cycleUs), jobs.length === 0 ? CYCLE_UNKNOWN_US : Infinity);
  const next = (t: number): OrderOf => {
    number += 1;
    const job = jobs[turn % Math.max(1, jobs.length)];
    // The next product is always another one where there is more than one.
    if (jobs.length > 1) turn += chance.whole(1, jobs.length - 1);
    const hours = orderHours * chance.between(0.7, 1.3);
    const pieces = (hours * HOUR_MS * 1_000 * PLANNED_SPEED) / (job?.cycleUs ?? CYCLE_UNKNOWN_US);
    const lot = pieces > 5_000 ? 1_000 : pieces > 200 ? 20 : 5;
    const due = t + hours * HOUR_MS * chance.between(0.95, 1.3);
    current = {
      order: `${name}-${isoOf(t).slice(2, 10).replaceAll('-', '')}-${String(number).padStart(2, '0')}`,
      product: job?.product ?? name,
      quantity: Math.max(lot, Math.round(pieces / lot) * lot),
      due: due - (due % (15 * MINUTE_MS)),
    };
    return current;
  };
  return {
    get current() {
      return current;
    },
    shortestCycleUs,
    next,
  };
}
