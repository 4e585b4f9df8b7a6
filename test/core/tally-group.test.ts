// Tally: an abelian group of integers, and ratios whose product is the OEE.
// In: made-up tallies. Out: the group's laws, A x P x Q = OEE for every mix, reasons where there is no base.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ratioOf, ratiosOf } from '../../src/core/oee.ts';
import {
  addTallies,
  CATEGORIES,
  calendarMs,
  emptyTally,
  plannedMs,
  rowToTally,
  runMs,
  subtractTallies,
  sumOfTallies,
  TALLY_FIELDS,
  type Tally,
  takeFrom,
  talliesEqual,
  tallyToRow,
} from '../../src/core/tally.ts';

const whole = fc.integer({ min: -(2 ** 40), max: 2 ** 40 });
const anyTally: fc.Arbitrary<Tally> = fc
  .array(fc.oneof(whole, fc.constant(0)), { minLength: TALLY_FIELDS.length, maxLength: TALLY_FIELDS.length })
  .map(values => rowToTally(values));

/** Products with their own cycles, good and bad pieces: whatever a shift can mix. */
const mix = fc.array(
  fc.record({
    cycleUs: fc.integer({ min: 1, max: 10 ** 8 }),
    good: fc.nat({ max: 10 ** 5 }),
    reject: fc.nat({ max: 10 ** 4 }),
  }),
  { minLength: 1, maxLength: 6 },
);
const shift: fc.Arbitrary<Tally> = fc
  .tuple(mix, fc.array(fc.nat({ max: 10 ** 8 }), { minLength: CATEGORIES.length, maxLength: CATEGORIES.length }))
  .map(([products, times]) => {
    const tally = emptyTally();
    CATEGORIES.forEach((category, index) => {
      tally[category] = times[index] ?? 0;
    });
    for (const { cycleUs, good, reject } of products) {
      tally.total += good + reject;
      tally.good += good;
      tally.reject += reject;
      tally.idealUs += (good + reject) * cycleUs;
      tally.idealGoodUs += good * cycleUs;
    }
    return tally;
  });

test('tallies are an abelian group: any order, any grouping, and everything can be taken back', () => {
  fc.assert(
    fc.property(anyTally, anyTally, anyTally, (a, b, c) => {
      assert.deepEqual(addTallies(a, b), addTallies(b, a));
      assert.deepEqual(addTallies(addTallies(a, b), c), addTallies(a, addTallies(b, c)));
      assert.ok(talliesEqual(addTallies(a, emptyTally()), a));
      assert.ok(talliesEqual(subtractTallies(addTallies(a, b), b), a));
      assert.ok(talliesEqual(sumOfTallies([a, b, c]), addTallies(a, addTallies(b, c))));
    }),
  );
});

test('a tally comes back from its row', () => {
  fc.assert(fc.property(anyTally, tally => assert.deepEqual(rowToTally(tallyToRow(tally)), tally)));
  assert.deepEqual(tallyToRow(emptyTally()), []);
});

test('calendar time is planned, unplanned and unknown time; planned time holds the run time', () => {
  fc.assert(
    fc.property(shift, tally => {
      assert.equal(
        calendarMs(tally),
        CATEGORIES.reduce((sum, category) => sum + tally[category], 0),
      );
      assert.ok(runMs(tally) <= plannedMs(tally) && plannedMs(tally) <= calendarMs(tally));
    }),
  );
});

test('availability x performance x quality = OEE for every mix of products', () => {
  fc.assert(
    fc.property(shift, tally => {
      const { availability: a, performance: p, quality: q, oee } = ratiosOf(tally);
      fc.pre(a !== null && p !== null && q !== null && oee !== null);
      const product = Number(a) * Number(p) * Number(q);
      assert.ok(Math.abs(product - Number(oee)) <= 1e-12 * Math.max(product, Number(oee)), `${product} and ${oee}`);
    }),
    { numRuns: 1000 },
  );
});

test('OEE lies between the worst and the best that unknown time allows, when performance is at most 1', () => {
  fc.assert(
    fc.property(shift, tally => {
      const { oee, band, performance, coverage } = ratiosOf(tally);
      fc.pre(oee !== null && band !== null && performance !== null && performance <= 1);
      if (band === null || oee === null) return;
      assert.ok(band[0] <= Number(oee) + 1e-12 && Number(oee) <= band[1] + 1e-12);
      assert.ok(coverage !== null && coverage > 0 && coverage <= 1);
    }),
  );
});

test('what has no base has no value but a reason; nothing is 0 or 1 for want of a better', () => {
  const empty = ratiosOf(emptyTally());
  assert.equal(empty.oee, null);
  assert.deepEqual(empty.undefinedBecause, {
    availability: 'noPlannedTime',
    performance: 'noRunTime',
    quality: 'noPieces',
    oee: 'noPlannedTime',
    teep: 'noCalendar',
    utilisation: 'noCalendar',
    yield: 'noPieces',
    coverage: 'noPlannedTime',
  });
  const uncycled = ratiosOf({ ...emptyTally(), producing: 60_000, total: 5, good: 5, uncycled: 5 });
  assert.equal(uncycled.availability, 1);
  assert.equal(uncycled.oee, null);
  assert.equal(uncycled.undefinedBecause?.oee, 'noIdealCycle');
});

test('a ratio asked for alone is the one among all of them, and what is taken away again was never there', () => {
  fc.assert(
    fc.property(anyTally, shift, (any, t) => {
      for (const tally of [any, t, emptyTally()]) {
        const all = ratiosOf(tally);
        for (const name of ['oee', 'availability', 'performance', 'quality'] as const)
          assert.equal(ratioOf(tally, name), all[name]);
      }
      assert.deepEqual(takeFrom(addTallies(any, t), t), any);
    }),
  );
});
