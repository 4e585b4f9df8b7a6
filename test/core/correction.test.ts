// Correction: what people said, resolved into what holds.
// In: corrections in any order. Out: painted spans, revocations, the same whatever order they came in.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { correctionsOf, paintedAt } from '../../src/core/correction.ts';
import type { CorrectionEvent, ReclassifyEvent, RevokeEvent } from '../../src/core/event.ts';

const said = { machine: 'm1', by: 'anna', why: 'seen' };
const paint = (id: string, at: number, from: number, to: number): ReclassifyEvent => ({
  ...said,
  id,
  at,
  type: 'reclassify',
  from,
  to,
  category: 'setup',
});
const revoke = (id: string, revokes: string, at = 100): RevokeEvent => ({ ...said, id, at, type: 'revoke', revokes });
const restated = (...events: CorrectionEvent[]) =>
  correctionsOf(events).restated.map(({ from, to, by, first }) => [from, to, by.id, first]);

test('what was said later holds; what was said first holds where it is left, and is counted once', () => {
  assert.deepEqual(restated(paint('a', 1, 0, 100), paint('b', 2, 40, 60)), [
    [0, 40, 'a', true],
    [40, 60, 'b', true],
    [60, 100, 'a', false],
  ]);
  assert.deepEqual(restated(paint('a', 2, 0, 100), paint('b', 1, 40, 60)), [[0, 100, 'a', true]]);
});

test('two said at one instant: the greater id holds', () => {
  assert.deepEqual(restated(paint('b', 1, 0, 10), paint('a', 1, 5, 15)), [
    [0, 10, 'b', true],
    [10, 15, 'a', true],
  ]);
});

test('a revocation takes its target away, a revocation of the revocation gives it back', () => {
  const a = paint('a', 1, 0, 10);
  assert.deepEqual(restated(a, revoke('r', 'a')), []);
  assert.deepEqual(restated(a, revoke('r', 'a'), revoke('s', 'r')), [[0, 10, 'a', true]]);
  assert.deepEqual(restated(a, revoke('r', 'a'), revoke('s', 'r'), revoke('t', 's')), []);
  assert.deepEqual(restated(a, revoke('r', 'a'), revoke('r2', 'a'), revoke('s', 'r')), [], 'another one still stands');
});

test('a revocation of itself changes nothing, and a ring of revocations comes to an end', () => {
  assert.deepEqual([...correctionsOf([revoke('r', 'r')]).revoked], []);
  assert.equal(correctionsOf([revoke('r', 's'), revoke('s', 'r')]).revoked.size, 1);
});

test('a stretch of paint is found by an instant inside it, or as the next one after', () => {
  const { restated: pieces } = correctionsOf([paint('a', 1, 10, 20), paint('b', 1, 30, 40)]);
  assert.deepEqual(
    [0, 10, 19, 20, 35, 40].map(at => paintedAt(pieces, at)?.by.id),
    ['a', 'a', 'a', 'b', 'b', undefined],
  );
});

test('painting is what an instant-by-instant look at the newest span gives, in any order of arrival', () => {
  const spans = fc.array(
    fc.record({ at: fc.nat({ max: 5 }), from: fc.nat({ max: 30 }), length: fc.integer({ min: 1, max: 15 }) }),
    { minLength: 1, maxLength: 8 },
  );
  fc.assert(
    fc.property(spans, list => {
      const events = list.map(({ at, from, length }, index) => paint(`e${index}`, at, from, from + length));
      const { restated: pieces } = correctionsOf([...events].reverse());
      assert.deepEqual(correctionsOf(events).restated, pieces);
      for (let instant = 0; instant < 50; instant += 1) {
        const holding = events.filter(event => event.from <= instant && instant < event.to);
        const newest = holding.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)).at(-1);
        const found = paintedAt(pieces, instant);
        assert.equal(found !== undefined && found.from <= instant ? found.by.id : undefined, newest?.id);
      }
      for (const event of events) assert.ok(pieces.filter(piece => piece.by === event && piece.first).length <= 1);
    }),
  );
});
