// Calendar spans: one UTC day of a calendar, cut into scheduled time, planned stops and time outside every shift.
// In: shift instances and business-day starts around the day. Out: spans without gap or overlap that cover the day.
// Pure.

import type { ShiftInstance } from './shift-instance.ts';

/**
 * A stretch of calendar time of one kind. Scheduled spans and planned stops reach as far as they are; time outside
 * the shifts is cut where a business day starts, so that no span is endless.
 */
export interface CalendarSpan {
  readonly from: number;
  readonly to: number;
  readonly kind: 'scheduled' | 'plannedStop' | 'notScheduled';
  readonly shift: ShiftInstance | null;
  /** the break's name; null where it is none */
  readonly name: string | null;
}

/** A shift as its working pieces and its breaks. */
function pieces(shift: ShiftInstance): CalendarSpan[] {
  const spans: CalendarSpan[] = [];
  let at = shift.start;
  for (const { name, from, to } of shift.breaks) {
    if (from > at) spans.push({ from: at, to: from, kind: 'scheduled', shift, name: null });
    spans.push({ from, to, kind: 'plannedStop', shift, name });
    at = to;
  }
  if (at < shift.end) spans.push({ from: at, to: shift.end, kind: 'scheduled', shift, name: null });
  return spans;
}

/**
 * The spans that touch [from, to).
 * @param shifts ascending and apart, reaching beyond both ends or to the last cut before and the first cut after them
 * @param cuts ascending instants at which a business day starts, at least one before `from` and one after `to`
 */
export function partitionOf(
  shifts: readonly ShiftInstance[],
  cuts: readonly number[],
  from: number,
  to: number,
): CalendarSpan[] {
  const spans: CalendarSpan[] = [];
  let at = cuts[0] ?? from;
  const rest = (until: number): void => {
    for (const cut of [...cuts.filter(each => each > at && each < until), until]) {
      if (cut > at) spans.push({ from: at, to: cut, kind: 'notScheduled', shift: null, name: null });
      at = Math.max(at, cut);
    }
  };
  for (const shift of shifts) {
    if (shift.end <= at) continue;
    rest(shift.start);
    spans.push(...pieces(shift));
    at = shift.end;
  }
  rest(cuts.at(-1) ?? to);
  return spans.filter(span => span.to > from && span.from < to);
}

/** The one span of an ascending, gapless list that holds the instant. */
export function holding<T>(list: readonly T[], t: number, startOf: (each: T) => number): T {
  let low = 0;
  let high = list.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (startOf(list[middle] as T) <= t) low = middle;
    else high = middle - 1;
  }
  return list[low] as T;
}
