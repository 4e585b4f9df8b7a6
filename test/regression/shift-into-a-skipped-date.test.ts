// Shift into a skipped date: a night shift whose end lies on a date that its zone never had overlapped the shift after that date.
// In: Samoa, which went from 2011-12-29 to 2011-12-31. Out: the two shifts, apart.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calendarOf } from '../../src/core/calendar.ts';
import type { CalendarModel, ShiftModel } from '../../src/core/plant-model.ts';
import { isoOf } from '../../src/core/time.ts';

const shift = (name: string, start: string, end: string): ShiftModel => ({ name, start, end, breaks: [] });

test('a shift that ends on a date that its zone skipped gives way to the first shift of the date after', () => {
  const weekly = [[], [], [], [shift('thursday', '11:00', '10:30')], [], [shift('saturday', '00:00', '00:00')], []];
  const revisions: CalendarModel['revisions'] = [{ from: '1970-01-01', weekly, holidays: [], exceptions: [] }];
  const calendar = calendarOf({ id: 'c', zone: 'Pacific/Apia', dayStart: '00:00', revisions });
  const shifts = calendar.shiftsIn(Date.UTC(2011, 11, 29, 12), Date.UTC(2012, 0, 1));
  assert.deepEqual(
    shifts.map(({ name, start, end }) => [name, isoOf(start), isoOf(end)]),
    [
      ['thursday', '2011-12-29T21:00:00.000Z', '2011-12-30T10:00:00.000Z'],
      ['saturday', '2011-12-30T10:00:00.000Z', '2011-12-31T10:00:00.000Z'],
    ],
  );
});

test('what starts before the business day does after a skipped date belongs to the last date that there was', () => {
  const weekly = [[], [], [], [], [], [shift('saturday', '00:00', '08:00')], []];
  const revisions: CalendarModel['revisions'] = [{ from: '1970-01-01', weekly, holidays: [], exceptions: [] }];
  const calendar = calendarOf({ id: 'c', zone: 'Pacific/Apia', dayStart: '01:00', revisions });
  const saturday = calendar.shiftAt(Date.UTC(2011, 11, 30, 10));
  assert.equal(saturday?.businessDay, '2011-12-29');
  assert.equal(calendar.dayAt(saturday?.start ?? 0).businessDay, '2011-12-29');
});
