// Calendar: which shift, break, business day and local hour an instant belongs to, in the plant's own time zone.
// In: a calendar model. Out: spans that partition time to the millisecond, shift instances, day and hour windows.
// Pure; remembers the UTC days it was asked for (bounded), so that an event costs a look-up and no date arithmetic.

import { Temporal } from 'temporal-polyfill';
import { type CalendarSpan, holding, partitionOf } from './calendar-span.ts';
import type { CalendarModel } from './plant-model.ts';
import {
  type DayNumber,
  dateOf,
  minuteOfDay,
  type ShiftInstance,
  shiftInstances,
  type WallClock,
} from './shift-instance.ts';
import { DAY_MS, HOUR_MS } from './time.ts';

export type { CalendarSpan } from './calendar-span.ts';
export type { ShiftInstance } from './shift-instance.ts';

/** [dayStart, next dayStart) by the local clock; named by the date on which it starts. */
export interface BusinessDay {
  readonly businessDay: string;
  readonly start: number;
  readonly end: number;
}

export interface Calendar {
  readonly model: CalendarModel;
  /** The span that holds the instant, whole. */
  spanAt(t: number): CalendarSpan;
  /** A sorted, gapless partition of [from, to), clipped to it. */
  spansIn(from: number, to: number): CalendarSpan[];
  shiftAt(t: number): ShiftInstance | null;
  /** The shifts that share time with [from, to), whole. */
  shiftsIn(from: number, to: number): ShiftInstance[];
  /** The next n shifts that start after the instant; fewer when the next two years hold fewer. */
  nextShifts(t: number, n: number): ShiftInstance[];
  dayAt(t: number): BusinessDay;
  /**
   * The hour on the wall clock: from full hour to full hour as the clocks show it, whatever the zone's offset. Where
   * the clocks are put forward or back, one hour ends and another begins, so no hour is longer than 60 minutes.
   */
  hourAt(t: number): { start: number; end: number };
}

/** Wall clock of an IANA zone. Times that do not exist or exist twice are read as Temporal's `compatible` does. */
export function wallClockOf(zone: string): WallClock {
  return {
    instantOf: (day, minute) =>
      Temporal.PlainDateTime.from(dateOf(day))
        .add({ minutes: minute })
        .toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds,
    dayOf: instant => Math.floor((instant + offsetAt(zone, instant)) / DAY_MS),
  };
}

/** Milliseconds by which the zone's clocks are ahead of UTC. */
function offsetAt(zone: string, instant: number): number {
  return Math.round(zoned(zone, instant).offsetNanoseconds / 1_000_000);
}

const zoned = (zone: string, instant: number) =>
  Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);

/** Whether the name is a time zone that this computer knows. */
export function zoneIsKnown(zone: string): boolean {
  try {
    zoned(zone, 0);
    return true;
  } catch {
    return false;
  }
}

interface OffsetSpan {
  readonly from: number;
  readonly to: number;
  readonly offset: number;
}

/** What is remembered of one UTC day. */
interface UtcDay {
  readonly spans: readonly CalendarSpan[];
  readonly days: readonly BusinessDay[];
  readonly offsets: readonly OffsetSpan[];
}

/** The zone's offsets over [from, to): mostly one, two on the days of a change. */
function offsetsIn(zone: string, from: number, to: number): OffsetSpan[] {
  const spans: OffsetSpan[] = [];
  let at = from;
  while (at < to) {
    const next = zoned(zone, at).getTimeZoneTransition('next')?.epochMilliseconds ?? to;
    const end = Math.min(next > at ? next : to, to);
    spans.push({ from: at, to: end, offset: offsetAt(zone, at) });
    at = end;
  }
  return spans;
}

/** A zone that skips a date has two business days that start at one instant: the later keeps it. */
function businessDays(clock: WallClock, dayStart: number, first: DayNumber, last: DayNumber): BusinessDay[] {
  const days: BusinessDay[] = [];
  let start = clock.instantOf(first, dayStart);
  for (let day = first; day < last; day += 1) {
    const end = clock.instantOf(day + 1, dayStart);
    if (end > start) days.push({ businessDay: dateOf(day), start, end });
    start = end;
  }
  return days;
}

/** UTC days kept at once, about 3 KB each: a year and a half of one calendar; the oldest made go first. */
const DAYS_MAX = 512;
/** How far ahead `nextShifts` looks: past any holiday, rotation or announced revision of a plant at work. */
const AHEAD_DAYS_MAX = 732;

/** What is remembered of the UTC day that holds an instant, made when it is first asked for. */
function rememberedDays(
  model: CalendarModel,
  clock: WallClock,
  shiftsFrom: (first: DayNumber, last: DayNumber) => ShiftInstance[],
): (t: number) => UtcDay {
  const dayStart = minuteOfDay(model.dayStart);
  const cache = new Map<number, UtcDay>();
  const make = (utcDay: number): UtcDay => {
    const from = utcDay * DAY_MS;
    const to = from + DAY_MS;
    // Local dates run at most a day ahead of or behind UTC, a shift ends at most a date after its own, and a span
    // outside the shifts may start at the business-day start before: three dates back and two ahead hold them all.
    const days = businessDays(clock, dayStart, utcDay - 3, utcDay + 3);
    const cuts = [...days.map(day => day.start), days.at(-1)?.end ?? to];
    return {
      spans: partitionOf(shiftsFrom(utcDay - 4, utcDay + 3), cuts, from, to),
      days: days.filter(day => day.end > from && day.start < to),
      offsets: offsetsIn(model.zone, from - HOUR_MS, to + HOUR_MS),
    };
  };
  return t => {
    const key = Math.floor(t / DAY_MS);
    const known = cache.get(key);
    if (known !== undefined) return known;
    const made = make(key);
    if (cache.size >= DAYS_MAX) for (const oldest of [...cache.keys()].slice(0, DAYS_MAX / 2)) cache.delete(oldest);
    cache.set(key, made);
    return made;
  };
}

export function calendarOf(model: CalendarModel): Calendar {
  const clock = wallClockOf(model.zone);
  const shiftsOn = shiftInstances(model, clock);
  const shiftsFrom = (first: DayNumber, last: DayNumber): ShiftInstance[] => {
    const shifts: ShiftInstance[] = [];
    for (let day = first; day <= last; day += 1) shifts.push(...shiftsOn(day));
    return shifts.sort((a, b) => a.start - b.start);
  };
  const utcDayOf = rememberedDays(model, clock, shiftsFrom);

  // Events come in runs: the span, day and hour of the last question mostly answer the next one too.
  let lastSpan: CalendarSpan | null = null;
  let lastDay: BusinessDay | null = null;
  let lastHour: { start: number; end: number } | null = null;

  const spanAt = (t: number): CalendarSpan => {
    if (lastSpan !== null && t >= lastSpan.from && t < lastSpan.to) return lastSpan;
    lastSpan = holding(utcDayOf(t).spans, t, span => span.from);
    return lastSpan;
  };
  const dayAt = (t: number): BusinessDay => {
    if (lastDay !== null && t >= lastDay.start && t < lastDay.end) return lastDay;
    lastDay = holding(utcDayOf(t).days, t, day => day.start);
    return lastDay;
  };
  const hourAt = (t: number): { start: number; end: number } => {
    if (lastHour !== null && t >= lastHour.start && t < lastHour.end) return lastHour;
    const { from, to, offset } = holding(utcDayOf(t).offsets, t, each => each.from);
    const full = Math.floor((t + offset) / HOUR_MS) * HOUR_MS - offset;
    lastHour = { start: Math.max(full, from), end: Math.min(full + HOUR_MS, to) };
    return lastHour;
  };
  const spansIn = (from: number, to: number): CalendarSpan[] => {
    const spans: CalendarSpan[] = [];
    for (let at = from; at < to; ) {
      const span = spanAt(at);
      const end = Math.min(span.to, to);
      spans.push(span.from === at && span.to === end ? span : { ...span, from: at, to: end });
      at = end;
    }
    return spans;
  };
  const shiftsIn = (from: number, to: number): ShiftInstance[] =>
    from >= to
      ? []
      : shiftsFrom(clock.dayOf(from) - 2, clock.dayOf(to) + 1).filter(shift => shift.end > from && shift.start < to);
  const nextShifts = (t: number, n: number): ShiftInstance[] => {
    const next: ShiftInstance[] = [];
    const today = clock.dayOf(t);
    for (let day = today - 1; day < today + AHEAD_DAYS_MAX && next.length < n; day += 1) {
      next.push(...shiftsOn(day).filter(shift => shift.start > t));
    }
    return next.slice(0, n);
  };
  return { model, spanAt, spansIn, shiftAt: t => spanAt(t).shift, shiftsIn, nextShifts, dayAt, hourAt };
}
