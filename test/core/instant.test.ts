// Instant: the reading of time stamps, whole milliseconds or nothing.
// In: texts and numbers. Out: epoch milliseconds, or null.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isoOf, minuteOf, parseInstant } from '../../src/core/time.ts';

test('ISO 8601 with an offset and whole epoch milliseconds are instants', () => {
  const six = Date.UTC(2026, 10, 22, 6);
  const texts = [
    '2026-11-22T06:00:00.000Z',
    '2026-11-22T06:00Z',
    '2026-11-22T07:00:00+01:00',
    '2026-11-22T07:00:00+0100',
    '2026-11-22T00:30:00-05:30',
  ];
  for (const text of texts) assert.equal(parseInstant(text), six, text);
  assert.equal(parseInstant(six), six);
});

test('digits below the millisecond are cut off, so that no event moves into the next slice', () => {
  assert.equal(parseInstant('2026-11-22T05:59:59.999999999Z'), Date.UTC(2026, 10, 22, 6) - 1);
  assert.equal(parseInstant('2026-11-22T05:59:59.9Z'), Date.UTC(2026, 10, 22, 6) - 100);
});

test('what is no instant is null: no offset, no such day, seconds, microseconds, other things', () => {
  const wrong: unknown[] = [
    '2026-11-22T06:00:00',
    '2026-11-22',
    '06:00',
    '',
    'now',
    '2026-13-01T00:00:00Z',
    '2026-11-22T25:00:00Z',
    '2026-11-22T06:00:00.Z',
    `2026-11-22T06:00:00.${'0'.repeat(50)}Z`,
    1.5,
    -1,
    Number.NaN,
    1e15,
    null,
    undefined,
    {},
    [],
    true,
    '1795327200000',
    '1969-12-31T23:59:59Z',
    '2300-01-01T00:00:00Z',
  ];
  for (const value of wrong) assert.equal(parseInstant(value), null, String(value));
});

test('a day that its month does not have is no instant', () => {
  assert.equal(parseInstant('2026-02-30T00:00:00Z'), null);
  assert.equal(parseInstant('2024-02-29T00:00:00Z'), Date.UTC(2024, 1, 29));
});

test('an instant survives being written and read', () => {
  fc.assert(
    fc.property(fc.nat({ max: Date.UTC(2199, 0, 1) }), instant => {
      assert.equal(parseInstant(isoOf(instant)), instant);
      assert.ok(minuteOf(instant) <= instant && instant - minuteOf(instant) < 60_000);
    }),
  );
});
