// Calendar laws: whatever the pattern, the zone and the range, time is partitioned to the millisecond.
// In: generated calendars and ranges. Out: laws that hold for all of them.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { calendarOf, wallClockOf, zoneIsKnown } from '../../src/core/calendar.ts';
import type { CalendarModel, ShiftModel } from '../../src/core/plant-model.ts';
import { dateOf } from '../../src/core/shift-instance.ts';
import { DAY_MS, HOUR_MS } from '../../src/core/time.ts';

const ZONES = [
  'Europe/Oslo',
  'America/Detroit',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'Etc/GMT+12',
  'America/Havana',
  'UTC',
];

const clock = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 15, 30, 59))
  .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
const shift: fc.Arbitrary<ShiftModel> = fc.record({
  name: fc.constantFrom('a', 'b', 'c'),
  start: clock,
  end: clock,
  breaks: fc.array(fc.record({ name: fc.constant('break'), start: clock, end: clock }), { maxLength: 2 }),
});
const pattern = fc.array(shift, { maxLength: 3 });
const INSTANT_MAX = Date.UTC(2200, 0, 1);
// Half of the instants lie near clock changes and skipped dates, where mistakes live.
const instant = fc.oneof(
  fc.integer({ min: 0, max: INSTANT_MAX }),
  fc
    .tuple(
      fc.constantFrom('2011-12-30', '2026-03-08', '2026-03-29', '2026-04-04', '2026-10-03', '2026-10-25', '2026-11-01'),
      fc.integer({ min: -2 * DAY_MS, max: 2 * DAY_MS }),
    )
    .map(([date, off]) => Date.parse(date) + off),
);
const date = fc.integer({ min: 0, max: 60_000 }).map(dateOf);
const model: fc.Arbitrary<CalendarModel> = fc.record({
  id: fc.constant('c'),
  zone: fc.constantFrom(...ZONES),
  dayStart: clock,
  revisions: fc.array(
    fc.record({
      from: fc.constantFrom('1970-01-01', '2011-12-31', '2026-03-29', '2026-10-25'),
      weekly: fc.array(pattern, { minLength: 7, maxLength: 7 }),
      holidays: fc.array(date, { maxLength: 2 }),
      exceptions: fc.array(fc.record({ date: fc.constantFrom('2011-12-30', '2026-03-29'), shifts: pattern }), {
        maxLength: 2,
      }),
    }),
    { minLength: 1, maxLength: 2 },
  ),
});

test('spans partition any range to the millisecond, and each instant lies in the span that is given for it', () => {
  fc.assert(
    fc.property(model, instant, fc.integer({ min: 1, max: 4 * DAY_MS }), (calendarModel, from, length) => {
      const calendar = calendarOf(calendarModel);
      const spans = calendar.spansIn(from, from + length);
      let edge = from;
      for (const span of spans) {
        assert.equal(span.from, edge);
        assert.ok(span.to > span.from);
        for (const t of [span.from, span.to - 1]) {
          const whole = calendar.spanAt(t);
          assert.ok(whole.from <= span.from && whole.to >= span.to && whole.kind === span.kind);
          assert.deepEqual(whole.shift, span.shift);
        }
        assert.equal(span.shift === null, span.kind === 'notScheduled');
        edge = span.to;
      }
      assert.equal(edge, from + length);
    }),
    { numRuns: 150 },
  );
});

test('what is remembered changes nothing: a fresh calendar gives the same spans, days and hours', () => {
  fc.assert(
    fc.property(model, fc.array(instant, { minLength: 1, maxLength: 12 }), (calendarModel, instants) => {
      const used = calendarOf(calendarModel);
      for (const t of instants) {
        const fresh = calendarOf(calendarModel);
        assert.deepEqual(used.spanAt(t), fresh.spanAt(t));
        assert.deepEqual(used.dayAt(t), fresh.dayAt(t));
        assert.deepEqual(used.hourAt(t), fresh.hourAt(t));
      }
    }),
    { numRuns: 60 },
  );
});

test('shifts are apart, lie whole in the spans that they make, and start on their business day', () => {
  fc.assert(
    fc.property(model, instant, (calendarModel, from) => {
      const calendar = calendarOf(calendarModel);
      const shifts = calendar.shiftsIn(from, from + 3 * DAY_MS);
      shifts.forEach((each, index) => {
        const next = shifts[index + 1];
        assert.ok(next === undefined || next.start >= each.end);
        assert.equal(calendar.dayAt(each.start).businessDay, each.businessDay);
        const spans = calendar.spansIn(each.start, each.end);
        assert.ok(spans.every(span => span.shift?.start === each.start));
        const stops = spans
          .filter(span => span.kind === 'plannedStop')
          .map(({ name, from: start, to }) => [name, start, to]);
        assert.deepEqual(
          stops,
          each.breaks.map(pause => [pause.name, pause.from, pause.to]),
        );
      });
      const inSpans = new Set(calendar.spansIn(from, from + 3 * DAY_MS).flatMap(span => span.shift?.start ?? []));
      assert.deepEqual(
        [...inSpans],
        shifts.map(each => each.start),
      );
    }),
    { numRuns: 100 },
  );
});

test('days and hours tile time, hours are never longer than 60 minutes and start on a full local hour or a clock change', () => {
  fc.assert(
    fc.property(model, instant, (calendarModel, t) => {
      const calendar = calendarOf(calendarModel);
      const day = calendar.dayAt(t);
      assert.ok(day.start <= t && t < day.end);
      assert.deepEqual(calendar.dayAt(day.start), day);
      assert.equal(calendar.dayAt(day.end).start, day.end);
      assert.equal(calendar.dayAt(day.start - 1).end, day.start);
      const hour = calendar.hourAt(t);
      assert.ok(hour.start <= t && t < hour.end && hour.end - hour.start <= HOUR_MS);
      assert.equal(calendar.hourAt(hour.end).start, hour.end);
      assert.equal(calendar.hourAt(hour.start - 1).end, hour.start);
    }),
    { numRuns: 150 },
  );
});

test('spans agree with a minute-by-minute look at the wall clock', () => {
  // An independent method: ask the zone's clock what it shows, and compare with the shift's hours, minute by minute.
  const night = {
    name: 'night',
    start: '22:00',
    end: '06:00',
    breaks: [{ name: 'meal', start: '03:30', end: '04:00' }],
  };
  for (const zone of ['Europe/Oslo', 'America/Detroit', 'Asia/Kolkata']) {
    const weekly = Array.from({ length: 7 }, () => [night]);
    const revisions = [{ from: '1970-01-01', weekly, holidays: [], exceptions: [] }];
    const calendar = calendarOf({ id: 'c', zone, dayStart: '22:00', revisions });
    const show = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    for (const start of ['2026-03-07', '2026-03-28', '2026-10-24', '2026-10-31']) {
      for (let t = Date.parse(start); t < Date.parse(start) + 2.5 * DAY_MS; t += 10 * 60_000) {
        const local = show.format(t);
        const expected =
          local >= '22:00' || local < '06:00'
            ? local >= '03:30' && local < '04:00'
              ? 'plannedStop'
              : 'scheduled'
            : 'notScheduled';
        assert.equal(calendar.spanAt(t).kind, expected, `${zone} ${new Date(t).toISOString()} ${local}`);
      }
    }
  }
});

test('a wall clock knows the date that it shows, and an unknown zone is told', () => {
  const oslo = wallClockOf('Europe/Oslo');
  fc.assert(
    fc.property(instant, fc.integer({ min: 0, max: 1439 }), (t, minute) => {
      const day = oslo.dayOf(t);
      assert.equal(oslo.dayOf(oslo.instantOf(day, minute)), day);
    }),
    { numRuns: 60 },
  );
  assert.ok(zoneIsKnown('Europe/Oslo') && !zoneIsKnown('Europe/Olso') && !zoneIsKnown(''));
});
