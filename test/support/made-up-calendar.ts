// Made-up calendar: two hours with a break, a shift's end, a gap between shifts and a day's edge in them.
// In: nothing. Out: the calendar as the plant says it, and the same said in plain instants.
// Pure.

import type { CalendarModel } from '../../src/core/plant-model.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/core/time.ts';
import type { NaivePlan } from './naive-tally.ts';

const DAY = Date.UTC(2026, 10, 16);
export const at = (hour: number, minute = 0): number => DAY + hour * HOUR_MS + minute * MINUTE_MS;
/** Events lie in these two hours; everything is read once more when the clock says END. */
export const BEGIN = at(13);
export const SPAN_MS = 2 * HOUR_MS;
export const END = at(17);

export const CALENDAR: CalendarModel = {
  id: 'days',
  zone: 'UTC',
  dayStart: '14:05',
  revisions: [
    {
      from: '1970-01-01',
      weekly: Array.from({ length: 7 }, () => [
        { name: 'early', start: '06:00', end: '14:00', breaks: [{ name: 'tea', start: '13:40', end: '13:50' }] },
        { name: 'late', start: '14:10', end: '22:00', breaks: [] },
      ]),
      holidays: [],
      exceptions: [],
    },
  ],
};

/** The same calendar, said in instants. */
export const PLAN: NaivePlan = {
  shifts: [
    { from: at(6 - 24), to: at(14 - 24) },
    { from: at(14 - 24, 10), to: at(22 - 24) },
    { from: at(6), to: at(14) },
    { from: at(14, 10), to: at(22) },
  ],
  breaks: [{ from: at(13, 40), to: at(13, 50) }],
};

/** Windows to compare besides those that were told: the whole, the edges, an odd span. */
export const SPANS: readonly (readonly [number, number])[] = [
  [at(6), at(14)],
  [at(14, 10), at(22)],
  [at(14, 5) - 24 * HOUR_MS, at(14, 5)],
  [at(13, 39) + 12_345, at(14, 11) + 1],
];
