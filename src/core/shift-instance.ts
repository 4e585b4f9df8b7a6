// Shift instance: one shift on one date, from the calendar's pattern to instants, its breaks with it.
// In: a calendar model and the wall clock of its zone. Out: the shifts that start on a local date, never overlapping.
// Pure; keeps a bounded cache of dates.

import type { BreakModel, CalendarModel, CalendarRevision, ShiftModel } from './plant-model.ts';
import { DAY_MS } from './time.ts';

/** A shift as it really is: instants, so that the spring night shift is 7 h and the autumn one 9 h. */
export interface ShiftInstance {
  readonly name: string;
  readonly crew: string | null;
  readonly start: number;
  readonly end: number;
  /** the business day on which it starts, `YYYY-MM-DD` */
  readonly businessDay: string;
  /** ascending, apart from each other, inside the shift */
  readonly breaks: readonly { readonly name: string; readonly from: number; readonly to: number }[];
}

/** A local date as a number: days since 1970-01-01, so that the next date is one more. */
export type DayNumber = number;

export interface WallClock {
  /** The instant at which the zone's clocks show the date and the minute of the day. */
  instantOf(day: DayNumber, minuteOfDay: number): number;
  /** The date that the zone's clocks show at an instant. */
  dayOf(instant: number): DayNumber;
}

export function dayNumberOf(date: string): DayNumber {
  return Math.floor(Date.parse(`${date}T00:00:00Z`) / DAY_MS);
}

/** `YYYY-MM-DD` */
export function dateOf(day: DayNumber): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** Minute of the day of `HH:MM`. */
export function minuteOfDay(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

/** Monday 0 … Sunday 6; 1970-01-01 was a Thursday. */
const weekdayOf = (day: DayNumber): number => (((day + 3) % 7) + 7) % 7;

interface ReadyRevision {
  readonly from: DayNumber;
  readonly shiftsOn: (day: DayNumber) => readonly ShiftModel[];
}

function readyRevision(revision: CalendarRevision): ReadyRevision {
  const holidays = new Set(revision.holidays.map(dayNumberOf));
  const exceptions = new Map(revision.exceptions.map(({ date, shifts }) => [dayNumberOf(date), shifts]));
  const { rotation, weekly } = revision;
  const anchor = rotation === undefined ? 0 : dayNumberOf(rotation.anchor);
  const shiftsOn = (day: DayNumber): readonly ShiftModel[] => {
    const exception = exceptions.get(day);
    if (exception !== undefined) return exception;
    if (holidays.has(day)) return [];
    if (rotation === undefined) return weekly[weekdayOf(day)] ?? [];
    const length = rotation.days.length;
    return rotation.days[(((day - anchor) % length) + length) % length] ?? [];
  };
  return { from: dayNumberOf(revision.from), shiftsOn };
}

/** The shifts that the model's pattern puts on a local date: exception, else holiday, else rotation or week. */
export function patternOf(model: CalendarModel): (day: DayNumber) => readonly ShiftModel[] {
  const revisions = model.revisions.map(readyRevision);
  return day => {
    let valid = revisions[0];
    for (const revision of revisions) if (revision.from <= day) valid = revision;
    return valid?.shiftsOn(day) ?? [];
  };
}

/** A break is the first time after the shift's start that the clocks show its start; what lies outside is cut off. */
function breaksOf(shift: ShiftModel, day: DayNumber, start: number, end: number, clock: WallClock) {
  const shiftMinute = minuteOfDay(shift.start);
  const dated = shift.breaks.map(({ name, start: starts, end: ends }: BreakModel) => {
    const first = minuteOfDay(starts);
    const last = minuteOfDay(ends);
    const onDay = first < shiftMinute ? day + 1 : day;
    const from = clock.instantOf(onDay, first);
    return { name, from, to: clock.instantOf(last <= first ? onDay + 1 : onDay, last) };
  });
  dated.sort((a, b) => a.from - b.from);
  let free = start;
  const inside = dated.map(({ name, from, to }) => {
    const piece = { name, from: Math.max(from, free), to: Math.min(to, end) };
    free = Math.max(free, piece.to);
    return piece;
  });
  // A clock that springs forward can swallow a break whole.
  return inside.filter(({ from, to }) => from < to);
}

const NOON = 12 * 60;
/** A zone that moved over the date line skipped a date; noon exists on every date that there was. */
const wasThere = (clock: WallClock, day: DayNumber): boolean => clock.dayOf(clock.instantOf(day, NOON)) === day;

/** The shifts of one date, not yet cut where a later one begins. */
function datedShifts(model: CalendarModel, clock: WallClock, shifts: readonly ShiftModel[], day: DayNumber) {
  if (!wasThere(clock, day)) return [];
  const dayBefore = wasThere(clock, day - 1) ? day - 1 : day - 2;
  const dayStart = clock.instantOf(day, minuteOfDay(model.dayStart));
  return shifts.map(shift => {
    const first = minuteOfDay(shift.start);
    const last = minuteOfDay(shift.end);
    const start = clock.instantOf(day, first);
    const end = clock.instantOf(last <= first ? day + 1 : day, last);
    return { shift, day, start, end, businessDay: dateOf(start < dayStart ? dayBefore : day) };
  });
}

/** Dates kept at once: more than two years of any one calendar; the oldest asked for goes first. */
const DATES_MAX = 1024;

/**
 * The shifts that start on a local date. They never overlap: where an exception, a revision or a jump of the clock
 * makes two of them claim the same time, the one that starts later has it.
 */
export function shiftInstances(model: CalendarModel, clock: WallClock): (day: DayNumber) => readonly ShiftInstance[] {
  const pattern = patternOf(model);
  const cache = new Map<DayNumber, readonly ShiftInstance[]>();

  const resolve = (day: DayNumber): ShiftInstance[] => {
    // A shift into a date that a zone skipped reaches into the date after that one.
    const dates = [day - 1, day, day + 1, day + 2];
    const around = dates.flatMap(each => datedShifts(model, clock, pattern(each), each));
    // The sort is stable: at one start the later date comes last and wins.
    around.sort((a, b) => a.start - b.start);
    return around.flatMap((each, index) => {
      if (each.day !== day) return [];
      const { shift, start, businessDay } = each;
      const end = Math.min(each.end, around[index + 1]?.start ?? each.end);
      if (end <= start) return [];
      const breaks = breaksOf(shift, day, start, end, clock);
      return [{ name: shift.name, crew: shift.crew ?? null, start, end, businessDay, breaks }];
    });
  };

  return day => {
    const known = cache.get(day);
    if (known !== undefined) return known;
    const made = resolve(day);
    if (cache.size >= DATES_MAX) for (const oldest of [...cache.keys()].slice(0, DATES_MAX / 2)) cache.delete(oldest);
    cache.set(day, made);
    return made;
  };
}
