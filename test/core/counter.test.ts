// Counter: pieces from cumulative readings, one rule at a time.
// In: readings. Out: gains, what is held back, what is remembered.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type CounterRules, differenceOf, gainsOf, type Readings, type Values } from '../../src/core/counter.ts';

const RULES: CounterRules = { modulusOf: () => null, maxRate: null, released: false };
const FAST: CounterRules = { ...RULES, maxRate: 2 };

/** Reads values one after the other, a second apart where no time is given. */
function readAll(list: readonly (Values & { readonly at?: number })[], rules: CounterRules) {
  let last: Readings = {};
  return list.map(({ at, ...values }, index) => {
    const difference = differenceOf(last, values, at ?? index * 1000, rules);
    last = { ...last, ...difference.next };
    return difference;
  });
}
const totals = (values: readonly number[], rules = RULES): number[] =>
  readAll(
    values.map(total => ({ total })),
    rules,
  ).map(({ gains }) => gains.total);

test('the first reading is a baseline, the next ones count by their difference', () => {
  assert.deepEqual(totals([100, 100, 103, 110]), [0, 0, 3, 7]);
});

test('a decrease is a reset: the new value is the gain', () => assert.deepEqual(totals([100, 4, 6]), [0, 4, 2]));

test('a decrease with a known modulus and a plausible size is a roll-over, a bigger one a reset', () => {
  const rules = { ...RULES, modulusOf: () => 1000 };
  assert.deepEqual(totals([990, 5], rules), [0, 15]);
  assert.deepEqual(totals([600, 5], rules), [0, 405]);
  assert.deepEqual(totals([500, 5], rules), [0, 5]);
  assert.deepEqual(totals([990, 5], { ...rules, maxRate: 2 }), [0, 5]);
});

test('two readings can straddle a piece: one more than the rate allows is possible, two are not', () => {
  assert.deepEqual(
    readAll([{ total: 0 }, { total: 3 }], FAST).map(d => d.held),
    [false, false],
  );
  assert.deepEqual(
    readAll([{ total: 0 }, { total: 4 }], FAST).map(d => d.held),
    [false, true],
  );
});

test('a jump is held back; the next reading goes on from it, or from before it', () => {
  const onwards = readAll([{ total: 0 }, { total: 500 }, { total: 502 }], FAST);
  assert.deepEqual(
    onwards.map(d => [d.gains.total, d.held]),
    [
      [0, false],
      [500, true],
      [2, false],
    ],
  );
  const back = readAll([{ total: 10 }, { total: 500 }, { total: 13 }], FAST);
  assert.deepEqual(
    back.map(d => [d.gains.total, d.held]),
    [
      [0, false],
      [490, true],
      [3, false],
    ],
  );
});

test('a released jump counts, and what follows counts from it', () => {
  const last: Readings = { total: { value: 0, at: 0 } };
  const { gains, held, next } = differenceOf(last, { total: 500 }, 1000, { ...FAST, released: true });
  assert.deepEqual([gains.total, held, next.total], [500, false, { value: 500, at: 1000 }]);
});

test('a message speaks with one voice: rejects wait with the total that jumped, and go on with it', () => {
  const [, jump, next] = readAll(
    [
      { total: 0, reject: 0 },
      { total: 500, reject: 2 },
      { total: 502, reject: 3 },
    ],
    FAST,
  );
  assert.deepEqual([jump?.held, jump?.next.reject], [true, { value: 0, at: 0, held: { value: 2, at: 1000 } }]);
  assert.deepEqual([next?.held, next?.gains.total, next?.gains.reject], [false, 2, 1]);
  const [, , back] = readAll(
    [
      { total: 0, reject: 0 },
      { total: 500, reject: 2 },
      { total: 4, reject: 3 },
    ],
    FAST,
  );
  assert.deepEqual([back?.gains.total, back?.gains.reject], [4, 3], 'back to normal: both count from before the jump');
});

test('two of total, good and reject give the third; rework is a part of the total', () => {
  const by = { total: 10, good: 7, reject: 2, rework: 1 };
  const of = (...names: string[]) => gainsOf(name => names.includes(name), by);
  assert.deepEqual(of('total'), { good: 7, reject: 2, rework: 1 });
  assert.deepEqual(of('total', 'reject'), { good: 7, reject: 2, rework: 1 });
  assert.deepEqual(of('total', 'good'), { good: 7, reject: 2, rework: 1 });
  assert.deepEqual(of('good', 'reject'), { good: 7, reject: 2, rework: 1 });
});

test('without resets the gains sum to the last reading less the first, however often one is repeated', () => {
  const rising = fc
    .array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 30 })
    .map(list => list.sort((a, b) => a - b));
  fc.assert(
    fc.property(rising, list => {
      const sum = totals(list).reduce((a, b) => a + b, 0);
      assert.equal(sum, (list.at(-1) ?? 0) - (list[0] ?? 0));
      assert.equal(
        totals(list.flatMap(value => [value, value])).reduce((a, b) => a + b, 0),
        sum,
      );
    }),
  );
});
