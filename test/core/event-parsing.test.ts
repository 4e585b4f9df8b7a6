// Event parsing: whatever anybody sends becomes a checked event, or a rejection with code and remedy; never an exception.
// In: good, wrong and hostile JSON. Out: events in one shape, rejections that name the field.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseEvent } from '../../src/core/event.ts';
import { EVENT_TYPES, PIECES_MAX } from '../../src/core/event-spec.ts';
import { isRejection } from '../../src/core/rejection.ts';

const ARRIVAL = Date.UTC(2026, 10, 22, 6);
const HEAD = { id: 'e1', machine: 'filler', at: '2026-11-22T06:00:00.000Z' };
const person = { by: 'anna', why: 'seen' };
const parse = (value: unknown) => parseEvent(value, ARRIVAL);
const codeOf = (value: unknown): string | null => {
  const event = parse(value);
  return isRejection(event) ? event.code : null;
};

test('every type of the interface comes in', () => {
  const events = [
    { ...HEAD, type: 'state', state: 'EXECUTE', reason: 'E42' },
    { ...HEAD, type: 'count', good: 3, reject: 1 },
    { ...HEAD, type: 'counter', total: 19271, reject: 423 },
    {
      ...HEAD,
      type: 'order',
      phase: 'start',
      order: 'PO-1',
      product: 'cola-05',
      quantity: 5,
      due: '2026-11-23T06:00:00Z',
    },
    { ...HEAD, type: 'heartbeat' },
    { ...HEAD, type: 'requalify', good: -3, reject: 3, ...person },
    {
      id: 'c1',
      machine: 'filler',
      type: 'reclassify',
      from: 1000,
      to: 2000,
      category: 'setup',
      reason: 'C1',
      ...person,
    },
    { id: 'c2', machine: 'filler', type: 'shift', from: 1000, to: 2000, planned: 'scheduled', ...person },
    { id: 'c3', machine: 'filler', type: 'cycle', product: 'p', from: 1000, idealCycleMs: 1.5, ...person },
    { id: 'c4', machine: 'filler', type: 'release', releases: 'r2', ...person },
    { id: 'c5', type: 'revoke', revokes: 'c1', ...person },
  ];
  assert.deepEqual([...new Set(events.map(event => event.type))].sort(), [...EVENT_TYPES].sort());
  for (const event of events) assert.equal(codeOf(event), null, event.type);
});

test('a correction without a time was said when it arrived; a fact without a time is refused', () => {
  assert.deepEqual((parse({ id: 'c5', type: 'revoke', revokes: 'c1', ...person }) as { at: number }).at, ARRIVAL);
  assert.equal(codeOf({ id: 'e', machine: 'filler', type: 'heartbeat' }), 'OEE_EVENT_FIELD');
});

test('two of total, good and reject in a count give the third, and all three must agree', () => {
  const count = (pieces: object) => parse({ ...HEAD, type: 'count', ...pieces });
  const read = (pieces: object) => count(pieces) as { good: number; reject: number };
  assert.deepEqual([read({ total: 10, good: 8 }).reject, read({ total: 10, reject: 3 }).good], [2, 7]);
  assert.equal(codeOf({ ...HEAD, type: 'count', total: 10, good: 8, reject: 3 }), 'OEE_EVENT_COUNTS_DISAGREE');
  assert.equal(codeOf({ ...HEAD, type: 'count', total: 2, reject: 3 }), 'OEE_EVENT_COUNTS_DISAGREE');
});

const HOSTILE: readonly (readonly [what: string, value: unknown, code: string])[] = [
  ['null', null, 'OEE_EVENT_NOT_AN_OBJECT'],
  ['a number', 7, 'OEE_EVENT_NOT_AN_OBJECT'],
  ['an array', [HEAD], 'OEE_EVENT_NOT_AN_OBJECT'],
  ['a type that is none', { ...HEAD, type: 'explode' }, 'OEE_EVENT_TYPE'],
  ['a type of the prototype', { ...HEAD, type: 'constructor' }, 'OEE_EVENT_TYPE'],
  [
    'a type of __proto__',
    JSON.parse('{"id":"x","__proto__":{"type":"heartbeat","machine":"filler","at":5}}'),
    'OEE_EVENT_TYPE',
  ],
  [
    'fields by way of __proto__',
    JSON.parse('{"id":"x","type":"heartbeat","__proto__":{"machine":"filler","at":5}}'),
    'OEE_EVENT_FIELD',
  ],
  ['an empty id', { ...HEAD, id: '', type: 'heartbeat' }, 'OEE_EVENT_FIELD'],
  ['an id of a megabyte', { ...HEAD, id: 'x'.repeat(2 ** 20), type: 'heartbeat' }, 'OEE_EVENT_FIELD'],
  ['an id that is an object', { ...HEAD, id: { toString: 'x' }, type: 'heartbeat' }, 'OEE_EVENT_FIELD'],
  ['a time without offset', { ...HEAD, at: '2026-11-22T06:00:00', type: 'heartbeat' }, 'OEE_EVENT_TIME_WITHOUT_OFFSET'],
  ['a time that is NaN', { ...HEAD, at: Number.NaN, type: 'heartbeat' }, 'OEE_EVENT_FIELD'],
  ['a time in microseconds', { ...HEAD, at: 1_795_327_200_000_000, type: 'heartbeat' }, 'OEE_EVENT_FIELD'],
  ['a negative time', { ...HEAD, at: -1, type: 'heartbeat' }, 'OEE_EVENT_FIELD'],
  ['negative pieces', { ...HEAD, type: 'count', good: -1 }, 'OEE_EVENT_FIELD'],
  ['half a piece', { ...HEAD, type: 'count', good: 0.5 }, 'OEE_EVENT_FIELD'],
  ['pieces as text', { ...HEAD, type: 'count', good: '3' }, 'OEE_EVENT_FIELD'],
  ['infinite pieces', { ...HEAD, type: 'count', good: Number.POSITIVE_INFINITY }, 'OEE_EVENT_FIELD'],
  ['more pieces than any machine makes', { ...HEAD, type: 'count', good: PIECES_MAX + 1 }, 'OEE_EVENT_FIELD'],
  ['a count of nothing', { ...HEAD, type: 'count' }, 'OEE_EVENT_EMPTY'],
  ['an empty span', { ...HEAD, type: 'reclassify', from: 5, to: 5, category: 'setup', ...person }, 'OEE_EVENT_SPAN'],
  [
    'a category that is none',
    { ...HEAD, type: 'reclassify', from: 1, to: 5, category: 'toString', ...person },
    'OEE_EVENT_FIELD',
  ],
  ['a correction by nobody', { ...HEAD, type: 'release', releases: 'x', why: 'seen' }, 'OEE_EVENT_FIELD'],
  ['pieces made by requalifying', { ...HEAD, type: 'requalify', good: 3, ...person }, 'OEE_EVENT_REQUALIFY_SUM'],
  [
    'a cycle of zero',
    { id: 'c', machine: 'm', type: 'cycle', product: 'p', from: 1, idealCycleMs: 0, ...person },
    'OEE_EVENT_FIELD',
  ],
  ['a producer without sequence', { ...HEAD, type: 'heartbeat', producer: 'gw-1' }, 'OEE_EVENT_FIELD'],
];

for (const [what, value, code] of HOSTILE) {
  test(`${what} is refused with ${code} and a remedy`, () => {
    const refused = parse(value);
    assert.ok(isRejection(refused), 'refused');
    assert.equal(refused.code, code);
    assert.ok(refused.remedy.length > 10 && refused.message.length < 400);
  });
}

test('whatever JSON can say, parsing gives an event or a rejection', () => {
  const field = fc.oneof(fc.jsonValue(), fc.constantFrom<unknown>('2026-11-22T06:00:00Z', 5, -5, 'start', 'setup'));
  const event = fc.record(
    {
      id: field,
      machine: field,
      at: field,
      type: fc.constantFrom(...EVENT_TYPES),
      good: field,
      total: field,
      from: field,
      to: field,
      category: field,
      phase: field,
      by: field,
      why: field,
    },
    { requiredKeys: ['type'] },
  );
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), event), value => {
      const read = parse(value);
      if (isRejection(read)) assert.match(read.code, /^OEE_EVENT_/);
      else assert.deepEqual(parse(JSON.parse(JSON.stringify(read))), read, 'what is kept reads the same again');
    }),
    { numRuns: 500 },
  );
});
