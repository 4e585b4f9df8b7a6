// Resolve calendars: shift names, day ranges and revisions of the plant file become whole patterns.
// In: the calendars of a plant file. Out: calendar models, faults reported.
// Pure.

import { zoneIsKnown } from '../core/calendar.ts';
import type { CalendarModel, CalendarRevision, ShiftModel } from '../core/plant-model.ts';
import { checkDate, checkReference } from './check-reference.ts';
import type { Path, Report } from './plant-fault.ts';
import type { CalendarBody, CalendarEntry, DayPattern, Entries, ShiftEntry, ShiftReference } from './plant-file.ts';
import { checkBreaks, checkOverlaps, type PlacedShift } from './shift-rules.ts';

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** A part of the file and where it stands: a revision's parts may stand in the revision before it. */
interface Part<T> {
  readonly value: T;
  readonly path: Path;
}

interface Parts {
  readonly shifts: ReadonlyMap<string, Part<ShiftEntry | undefined>>;
  readonly week: Part<Entries<DayPattern>> | null;
  readonly rotation: Part<NonNullable<CalendarBody['rotation']>> | null;
  readonly holidays: Part<readonly (string | undefined)[]> | null;
  readonly exceptions: Part<Entries<DayPattern>> | null;
}

const NO_PARTS: Parts = { shifts: new Map(), week: null, rotation: null, holidays: null, exceptions: null };

/** What a body says replaces what was said before; shifts replace one by one, a week replaces a rotation. */
function partsOf(body: CalendarBody, path: Path, before: Parts): Parts {
  const part = <T>(key: string, value: T | undefined, old: Part<T> | null): Part<T> | null =>
    value === undefined ? old : { value, path: [...path, key] };
  const own = Object.entries(body.shifts ?? {}).map(
    ([name, value]) => [name, { value, path: [...path, 'shifts', name] }] as const,
  );
  return {
    shifts: new Map([...before.shifts, ...own]),
    week: part('weekly', body.weekly, 'rotation' in body ? null : before.week),
    rotation: part('rotation', body.rotation, 'weekly' in body ? null : before.rotation),
    holidays: part('holidays', body.holidays, before.holidays),
    exceptions: part('exceptions', body.exceptions, before.exceptions),
  };
}

/** A shift of the file, or undefined while it lacks its times. */
function shiftOf(name: string, { value, path }: Part<ShiftEntry | undefined>, report: Report): ShiftModel | undefined {
  if (value?.start === undefined || value.end === undefined) return undefined;
  const places: number[] = [];
  const breaks = (value.breaks ?? []).flatMap((each, index) => {
    if (each?.name === undefined || each.start === undefined || each.end === undefined) return [];
    places.push(index);
    return [{ name: each.name, start: each.start, end: each.end }];
  });
  const shift = { name, start: value.start, end: value.end, breaks, ...crewOf(value.crew) };
  checkBreaks(shift, index => [...path, 'breaks', places[index] ?? 0], report);
  return shift;
}

const crewOf = (crew: string | undefined): { crew?: string } => (crew === undefined ? {} : { crew });

type DayOf = (pattern: DayPattern | undefined, path: Path) => PlacedShift[];

/** Turns a day's shift names into shifts. */
function dayReader(shifts: Parts['shifts'], report: Report): DayOf {
  const resolved = new Map([...shifts].map(([name, part]) => [name, shiftOf(name, part, report)]));
  return (pattern, path) =>
    (pattern ?? []).flatMap((reference: ShiftReference | undefined, index) => {
      const name = typeof reference === 'string' ? reference : reference?.shift;
      if (name === undefined) return [];
      const at = [...path, index];
      if (!checkReference('shift', name, [...shifts.keys()], at, report)) return [];
      const shift = resolved.get(name);
      const crew = typeof reference === 'string' ? undefined : reference?.crew;
      return shift === undefined ? [] : [{ shift: { ...shift, ...crewOf(crew) }, path: at }];
    });
}

/** `mon`, or `mon-fri`, or `sat-mon` over the week's end, as positions 0..6. */
function weekdaysOf(range: string): number[] {
  const [first = '', last = first] = range.split('-');
  const from = WEEKDAYS.indexOf(first);
  const length = ((WEEKDAYS.indexOf(last) - from + 7) % 7) + 1;
  return Array.from({ length }, (_, index) => (from + index) % 7);
}

function weekOf({ value, path }: Part<Entries<DayPattern>>, dayOf: DayOf, report: Report): PlacedShift[][] {
  const week: PlacedShift[][] = WEEKDAYS.map(() => []);
  const givenBy = new Map<number, string>();
  for (const [range, pattern] of Object.entries(value)) {
    // A key that is no range of days has been reported and names nothing.
    const days = range.split('-').every(day => WEEKDAYS.includes(day)) ? weekdaysOf(range) : [];
    const shifts = dayOf(pattern, [...path, range]);
    for (const day of days) {
      const other = givenBy.get(day);
      if (other !== undefined) {
        const message = `${WEEKDAYS[day]} already has its shifts from ${other}`;
        report('OVERLAP', [...path, range], message, 'Name each day once.', 'key');
      }
      givenBy.set(day, range);
      week[day] = shifts;
    }
  }
  return week;
}

const models = (days: readonly (readonly PlacedShift[])[]): ShiftModel[][] =>
  days.map(day => day.map(({ shift }) => shift));

/** One revision, whole: everything checked that can be checked within it. */
function revisionOf(parts: Parts, from: string, since: string, report: Report): CalendarRevision {
  const dayOf = dayReader(parts.shifts, report);
  const week = parts.week === null ? WEEKDAYS.map(() => []) : weekOf(parts.week, dayOf, report);
  checkOverlaps(week, true, since, report);

  const turns = (parts.rotation?.value.days ?? []).map((day, index) =>
    dayOf(day, [...(parts.rotation?.path ?? []), 'days', index]),
  );
  checkOverlaps(turns, true, since, report);
  const anchor = parts.rotation?.value.anchor;
  const anchored = anchor !== undefined && checkDate(anchor, [...(parts.rotation?.path ?? []), 'anchor'], report);

  const holidays = (parts.holidays?.value ?? []).filter(
    (date, index): date is string =>
      date !== undefined && checkDate(date, [...(parts.holidays?.path ?? []), index], report),
  );
  const exceptions = Object.entries(parts.exceptions?.value ?? {}).flatMap(([date, pattern]) => {
    const path = [...(parts.exceptions?.path ?? []), date];
    const shifts = dayOf(pattern, path);
    checkOverlaps([shifts], false, '', report);
    // A key that does not even look like a date has been reported by the schema, and taken out.
    if (pattern === undefined || !checkDate(date, path, report, 'key')) return [];
    return [{ date, shifts: models([shifts])[0] ?? [] }];
  });
  const rotation = anchored ? { rotation: { anchor, days: models(turns) } } : {};
  return { from, weekly: models(week), ...rotation, holidays, exceptions };
}

/** Both or neither of week and rotation: nobody could tell what is meant. */
function checkPattern(body: CalendarBody, path: Path, required: boolean, report: Report): void {
  const hasWeek = 'weekly' in body;
  const hasRotation = 'rotation' in body;
  if (hasWeek && hasRotation) {
    const message = 'weekly and rotation stand side by side';
    report('PATTERN', [...path, 'rotation'], message, 'Keep the one that the plant works by.', 'key');
  } else if (required && !hasWeek && !hasRotation) {
    report('MISSING', path, 'the calendar has no pattern', 'Give weekly (shifts per day) or rotation.', 'key');
  }
}

/** The earliest start of a shift in the pattern, else midnight. */
function earliestStart({ weekly, rotation }: CalendarRevision): string {
  const starts = (rotation?.days ?? weekly).flat().map(({ start }) => start);
  return starts.sort()[0] ?? '00:00';
}

/** Before all revisions: the calendar's own body holds from the beginning. */
const BEGINNING = '1970-01-01';

export function resolveCalendar(id: string, entry: CalendarEntry, path: Path, report: Report): CalendarModel {
  checkPattern(entry, path, true, report);
  const zone = entry.zone ?? 'UTC';
  checkZone(zone, [...path, 'zone'], report);
  let parts = partsOf(entry, path, NO_PARTS);
  const first = revisionOf(parts, BEGINNING, '', report);
  const revisions = [first];

  const dated = (entry.revisions ?? []).flatMap((body, index) => {
    const at = [...path, 'revisions', index];
    if (body?.from === undefined || !checkDate(body.from, [...at, 'from'], report)) return [];
    return [{ body, from: body.from, at }];
  });
  dated.sort((a, b) => a.from.localeCompare(b.from));
  for (const { body, from, at } of dated) {
    if (revisions.some(known => known.from === from)) {
      report('EFFECTIVE', [...at, 'from'], `two revisions are valid from ${from}`, 'Join them or change one date.');
    }
    checkPattern(body, at, false, report);
    parts = partsOf(body, at, parts);
    revisions.push(revisionOf(parts, from, ` from ${from}`, report));
  }
  return { id, zone, dayStart: entry.dayStart ?? earliestStart(first), revisions };
}

export function checkZone(zone: string, path: Path, report: Report): void {
  if (zoneIsKnown(zone)) return;
  const message = `there is no time zone ${zone}`;
  report('ZONE', path, message, 'Name an IANA time zone, such as Europe/Oslo or America/Detroit.');
}
