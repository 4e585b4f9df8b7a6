// Calendar stories: night shifts over clock changes, business days, local hours, revisions, rotations, exceptions.
// In: small calendars written out here. Out: instants checked against times worked out by hand.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Calendar, calendarOf, type ShiftInstance } from '../../src/core/calendar.ts';
import type { CalendarModel, CalendarRevision, ShiftModel } from '../../src/core/plant-model.ts';
import { HOUR_MS, isoOf, MINUTE_MS } from '../../src/core/time.ts';

const shift = (name: string, start: string, end: string, breaks: ShiftModel['breaks'] = []): ShiftModel => ({
  name,
  start,
  end,
  breaks,
});
const everyDay = (shifts: readonly ShiftModel[]) => Array.from({ length: 7 }, () => shifts);
const revision = (shifts: readonly ShiftModel[], more: Partial<CalendarRevision> = {}): CalendarRevision => ({
  from: '1970-01-01',
  weekly: everyDay(shifts),
  holidays: [],
  exceptions: [],
  ...more,
});
const calendar = (zone: string, dayStart: string, ...revisions: CalendarRevision[]): Calendar => {
  const model: CalendarModel = { id: 'c', zone, dayStart, revisions };
  return calendarOf(model);
};
const at = (iso: string): number => Date.parse(iso);
const hours = (span: { start: number; end: number }): number => (span.end - span.start) / HOUR_MS;
const shiftAt = (c: Calendar, iso: string): ShiftInstance => {
  const found = c.shiftAt(at(iso));
  assert.ok(found !== null, `no shift at ${iso}`);
  return found;
};

const THREE = [shift('early', '06:00', '14:00'), shift('late', '14:00', '22:00'), shift('night', '22:00', '06:00')];

test('the night shift has 7 h when the clocks go forward and 9 h when they go back, in Oslo and in Detroit', () => {
  const oslo = calendar('Europe/Oslo', '06:00', revision(THREE));
  assert.equal(hours(shiftAt(oslo, '2026-03-28T23:00:00Z')), 7);
  assert.equal(hours(shiftAt(oslo, '2026-10-24T23:00:00Z')), 9);
  assert.equal(hours(shiftAt(oslo, '2026-10-25T23:00:00Z')), 8);
  const detroit = calendar('America/Detroit', '06:00', revision(THREE));
  assert.equal(hours(shiftAt(detroit, '2026-03-08T05:00:00Z')), 7);
  assert.equal(hours(shiftAt(detroit, '2026-11-01T05:00:00Z')), 9);
});

test('a night shift belongs to the business day on which it starts, and that day ends with it', () => {
  const c = calendar('Europe/Oslo', '06:00', revision(THREE));
  const night = shiftAt(c, '2026-11-23T03:00:00Z');
  assert.equal(night.businessDay, '2026-11-22');
  assert.equal(isoOf(night.start), '2026-11-22T21:00:00.000Z');
  const day = c.dayAt(at('2026-11-23T03:00:00Z'));
  assert.deepEqual(day, {
    businessDay: '2026-11-22',
    start: at('2026-11-22T05:00:00Z'),
    end: at('2026-11-23T05:00:00Z'),
  });
  assert.equal(c.dayAt(day.end).businessDay, '2026-11-23');
});

test('business days are 23 h and 25 h long when the clocks change', () => {
  const c = calendar('Europe/Oslo', '06:00', revision(THREE));
  assert.equal(hours(c.dayAt(at('2026-03-28T12:00:00Z'))), 23);
  assert.equal(hours(c.dayAt(at('2026-10-24T12:00:00Z'))), 25);
});

test('a shift before the start of the business day belongs to the day before', () => {
  const c = calendar('Europe/Oslo', '06:00', revision([shift('small hours', '02:00', '05:00')]));
  assert.equal(shiftAt(c, '2026-11-23T02:00:00Z').businessDay, '2026-11-22');
});

test('breaks are planned stops inside their shift, also after midnight', () => {
  const night = shift('night', '22:00', '06:00', [{ name: 'meal', start: '01:30', end: '02:00' }]);
  const c = calendar('Europe/Oslo', '22:00', revision([night]));
  const spans = c.spansIn(at('2026-11-22T21:00:00Z'), at('2026-11-23T06:00:00Z'));
  assert.deepEqual(
    spans.map(({ from, kind, name }) => [isoOf(from).slice(11, 16), kind, name]),
    [
      ['21:00', 'scheduled', null],
      ['00:30', 'plannedStop', 'meal'],
      ['01:00', 'scheduled', null],
      ['05:00', 'notScheduled', null],
    ],
  );
});

test('a break in the hour that the spring swallows moves on with the clock; one that has no time left is gone', () => {
  const night = (start: string, end: string) =>
    calendar('Europe/Oslo', '22:00', revision([shift('night', '22:00', '06:00', [{ name: 'meal', start, end }])]));
  const moved = shiftAt(night('02:00', '02:30'), '2026-03-28T23:00:00Z').breaks[0];
  assert.equal(moved && isoOf(moved.from), '2026-03-29T01:00:00.000Z');
  assert.equal(moved && (moved.to - moved.from) / MINUTE_MS, 30);
  assert.deepEqual(shiftAt(night('02:30', '03:15'), '2026-03-28T23:00:00Z').breaks, []);
});

test('a span is whole wherever it is asked for, and clipped only when it is listed', () => {
  const c = calendar('Europe/Oslo', '06:00', revision(THREE));
  const before = c.spanAt(at('2026-11-22T23:59:59.999Z'));
  const after = c.spanAt(at('2026-11-23T00:00:00.000Z'));
  assert.deepEqual(before, after);
  assert.deepEqual([isoOf(after.from), isoOf(after.to)], ['2026-11-22T21:00:00.000Z', '2026-11-23T05:00:00.000Z']);
  const [only] = c.spansIn(at('2026-11-23T01:00:00Z'), at('2026-11-23T02:00:00Z'));
  assert.deepEqual([only?.from, only?.to], [at('2026-11-23T01:00:00Z'), at('2026-11-23T02:00:00Z')]);
});

test('hours follow the wall clock: Kolkata is half an hour off UTC', () => {
  const c = calendar('Asia/Kolkata', '00:00', revision([]));
  const hour = c.hourAt(at('2026-11-22T06:10:00Z'));
  assert.deepEqual([isoOf(hour.start), isoOf(hour.end)], ['2026-11-22T05:30:00.000Z', '2026-11-22T06:30:00.000Z']);
});

test('hours on Lord Howe: the clock jumps by half an hour, and no hour is longer than 60 minutes', () => {
  const c = calendar('Australia/Lord_Howe', '00:00', revision([]));
  // Back on 2026-04-05 from 02:00 (+11) to 01:30 (+10:30): the hour from one to two is 60 minutes, then 30 more.
  const first = c.hourAt(at('2026-04-04T14:30:00Z'));
  assert.deepEqual([isoOf(first.start), hours(first)], ['2026-04-04T14:00:00.000Z', 1]);
  const again = c.hourAt(at('2026-04-04T15:10:00Z'));
  assert.deepEqual([isoOf(again.start), hours(again)], ['2026-04-04T15:00:00.000Z', 0.5]);
  // Forward on 2026-10-04 from 02:00 (+10:30) to 02:30 (+11): what is left of the hour is 30 minutes.
  const short = c.hourAt(at('2026-10-03T15:40:00Z'));
  assert.deepEqual([isoOf(short.start), hours(short)], ['2026-10-03T15:30:00.000Z', 0.5]);
});

test('the hour that happens twice in autumn is two hours', () => {
  const c = calendar('Europe/Oslo', '00:00', revision([]));
  assert.equal(isoOf(c.hourAt(at('2026-10-25T00:30:00Z')).start), '2026-10-25T00:00:00.000Z');
  assert.equal(isoOf(c.hourAt(at('2026-10-25T01:30:00Z')).start), '2026-10-25T01:00:00.000Z');
});

test('a revision holds from the local date of a shift’s start: the night before still ends by the old plan', () => {
  const c = calendar(
    'Europe/Oslo',
    '06:00',
    revision(THREE),
    revision([shift('day', '07:00', '19:00')], { from: '2026-12-01' }),
  );
  assert.equal(shiftAt(c, '2026-12-01T04:59:59Z').name, 'night');
  assert.equal(c.shiftAt(at('2026-12-01T05:30:00Z')), null);
  assert.equal(shiftAt(c, '2026-12-01T06:00:00Z').name, 'day');
  assert.equal(shiftAt(c, '1999-12-01T06:00:00Z').name, 'early', 'the first revision also holds before its date');
});

test('a rotation repeats from its anchor in both directions, with its crews', () => {
  const crewDay = (crew: string): ShiftModel[] => [{ ...shift('day', '06:00', '18:00'), crew }];
  const days = [crewDay('A'), crewDay('B'), []];
  const c = calendar(
    'America/Detroit',
    '06:00',
    revision([], { weekly: [], rotation: { anchor: '2026-11-22', days } }),
  );
  const noons = ['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23', '2026-11-24', '2026-11-25'];
  assert.deepEqual(
    noons.map(date => c.shiftAt(at(`${date}T17:00:00Z`))?.crew ?? null),
    ['B', null, 'A', 'B', null, 'A'],
  );
});

test('holidays have no shift, exceptions win over them', () => {
  const c = calendar(
    'Europe/Oslo',
    '06:00',
    revision(THREE, {
      holidays: ['2026-12-24', '2026-12-25'],
      exceptions: [{ date: '2026-12-24', shifts: [shift('short', '06:00', '10:00')] }],
    }),
  );
  assert.deepEqual(
    c
      .shiftsIn(at('2026-12-23T23:00:00Z'), at('2026-12-26T08:00:00Z'))
      .map(({ name, businessDay }) => `${businessDay} ${name}`),
    ['2026-12-23 night', '2026-12-24 short', '2026-12-26 early'],
  );
});

test('where an exception overlaps the night before it, the shift that starts later has the time', () => {
  const c = calendar(
    'Europe/Oslo',
    '06:00',
    revision(THREE, { exceptions: [{ date: '2026-12-24', shifts: [shift('rush', '04:00', '12:00')] }] }),
  );
  const night = shiftAt(c, '2026-12-24T00:00:00Z');
  assert.equal(isoOf(night.end), '2026-12-24T03:00:00.000Z');
  assert.equal(shiftAt(c, '2026-12-24T03:00:00Z').name, 'rush');
});

test('the next shifts start after the instant, over a weekend without any', () => {
  const weekly = [...Array.from({ length: 5 }, () => [shift('day', '07:00', '15:00')]), [], []];
  const c = calendar('Europe/Oslo', '07:00', revision([], { weekly }));
  // Friday 2026-11-20, while the day shift runs
  assert.deepEqual(
    c.nextShifts(at('2026-11-20T08:00:00Z'), 2).map(each => each.businessDay),
    ['2026-11-23', '2026-11-24'],
  );
  assert.deepEqual(calendar('Europe/Oslo', '00:00', revision([])).nextShifts(0, 3), []);
});

test('a date that a zone never had (Samoa, 2011-12-30) has no shift and no business day', () => {
  const c = calendar('Pacific/Apia', '06:00', revision(THREE));
  const days = c.shiftsIn(at('2011-12-29T00:00:00Z'), at('2012-01-02T00:00:00Z')).map(each => each.businessDay);
  assert.ok(days.includes('2011-12-29') && days.includes('2011-12-31') && !days.includes('2011-12-30'), days.join());
  assert.equal(c.dayAt(at('2011-12-30T15:59:59Z')).businessDay, '2011-12-29');
  assert.equal(c.dayAt(at('2011-12-30T16:00:00Z')).businessDay, '2011-12-31');
  // The Friday that never was must not lend its shift to the Saturday.
  const weekly = [...Array.from({ length: 5 }, () => [shift('day', '07:00', '15:00')]), [], []];
  const office = calendar('Pacific/Apia', '07:00', revision([], { weekly }));
  assert.equal(office.shiftAt(at('2011-12-30T20:00:00Z')), null);
});
