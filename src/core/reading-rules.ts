// Reading rules: everything by which one machine's facts are read: its model, calendar, corrections, the cycles of each time.
// In: plant and corrections. Out: answers about an instant. Immutable: a correction makes a new one, so old and new can be compared.
// Pure.

import type { Calendar } from './calendar.ts';
import { type Corrections, type Painted, paintedAt } from './correction.ts';
import type { ReclassifyEvent } from './event.ts';
import type { CycleModel, MachineModel } from './plant-model.ts';
import { type Claim, claimOf } from './vocabulary.ts';

/** The longest way that is searched for planned time after an instant: a shutdown of more than this counts no stop. */
const PLANNED_SEARCH_MS = 60 * 86_400_000;

/** One stretch of effective calendar: what rules it before the machine has its say. */
export interface PlanSpan {
  readonly to: number;
  readonly kind: 'scheduled' | 'plannedStop' | 'notScheduled' | 'restated';
  readonly restated: Painted<ReclassifyEvent> | null;
}

export interface ReadingRules {
  readonly machine: MachineModel;
  readonly calendar: Calendar;
  readonly corrections: Corrections;
  /** the constraint's cycles when this is the last machine of a serial line; null otherwise */
  readonly lineCycles: readonly CycleModel[] | null;
}

/** What a state word claims, the reason lifting it. Unknown words were refused at the door; here they are `unknown`. */
export function claimBehind(rules: ReadingRules, word: string, reason: string | null): Claim {
  const reasons = rules.machine.reasons;
  const known = reason !== null && Object.hasOwn(reasons, reason) ? reasons[reason]?.claim : null;
  return known ?? claimOf(word, rules.machine.vocabulary) ?? 'unknown';
}

/** Ideal cycle in microseconds that was valid for the product at the instant; null when nobody has said one. */
export function cycleAt(rules: ReadingRules, product: string | null, at: number): number | null {
  if (product === null) return null;
  let found: CycleModel | null = null;
  for (const cycle of rules.machine.cycles) {
    if (cycle.product === product && cycle.from <= at && (found === null || cycle.from >= found.from)) found = cycle;
  }
  let cycleUs = found?.cycleUs ?? null;
  let since = found?.from ?? -1;
  for (const change of rules.corrections.cycles) {
    if (change.product === product && change.from <= at && change.from >= since) {
      since = change.from;
      cycleUs = Math.round(change.idealCycleMs * 1000);
    }
  }
  return cycleUs;
}

/** The constraint's cycle for pieces of the last machine; null off the line's end, or when nobody has said one. */
export function lineCycleAt(rules: ReadingRules, product: string | null, at: number): number | null {
  let found: CycleModel | null = null;
  for (const cycle of rules.lineCycles ?? []) {
    if (cycle.product === product && cycle.from <= at && (found === null || cycle.from >= found.from)) found = cycle;
  }
  return found?.cycleUs ?? null;
}

/** The stretch of plan that holds the instant: restatement over calendar exception over calendar. */
export function planAt(rules: ReadingRules, at: number): PlanSpan {
  const restated = paintedAt(rules.corrections.restated, at);
  if (restated !== undefined && restated.from <= at) return { to: restated.to, kind: 'restated', restated };
  const exception = paintedAt(rules.corrections.shifts, at);
  let to = restated?.from ?? Number.POSITIVE_INFINITY;
  if (exception !== undefined && exception.from <= at) {
    to = Math.min(to, exception.to);
    return { to, kind: exception.by.planned, restated: null };
  }
  if (exception !== undefined) to = Math.min(to, exception.from);
  const span = rules.calendar.spanAt(at);
  return { to: Math.min(to, span.to), kind: span.kind, restated: null };
}

/**
 * The first instant at or after `at` at which the machine's own state decides (planned time, not restated): there a stop is
 * counted, wherever the windows' edges lie. `until` bounds the search; at or beyond it the answer is `until`.
 */
export function firstPlanned(rules: ReadingRules, at: number, until: number): number {
  const limit = Math.min(until, at + PLANNED_SEARCH_MS);
  let instant = at;
  while (instant < limit) {
    const plan = planAt(rules, instant);
    if (plan.kind === 'scheduled') return instant;
    instant = plan.to;
  }
  return until;
}
