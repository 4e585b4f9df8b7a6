// Page store and loss steps: what the page believes, and how it takes a window's time apart.
// In: words of the live client, tallies. Out: signals, steps.
// Touches nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { intervalToWire, resultToWire, stateToWire, tallyToWire } from '../../src/core/result-to-wire.ts';
import { CATEGORIES, emptyTally } from '../../src/core/tally.ts';
import { lossStepsOf } from '../../src/web/loss-steps.ts';
import { PageStore } from '../../src/web/page-store.ts';
import { speak } from '../../src/web/spoken-texts.ts';
import { WorkStore } from '../../src/web/work-store.ts';
import { madeUpResult, madeUpState, T0 } from '../support/made-up-outputs.ts';
import { pagePlant } from '../support/page-plant.ts';

await speak('en');

const HOUR = 3_600_000;

function freshStore(): PageStore {
  const never = () => Promise.reject(new Error('not asked'));
  const desk = { list: never, acknowledge: never, mute: never, unmute: never };
  const doors = { send: never, explain: never, shiftAt: never, shifts: never, wait: never };
  const work = new WorkStore({ ...doors, now: () => T0 + HOUR, newId: () => 'id' });
  return new PageStore({ plant: never, timeline: never, results: never }, desk, work, T0 + HOUR);
}

test('a restated old window never takes the place of the running one, a newer revision does', () => {
  const store = freshStore();
  const say = (start: number, revision: number) =>
    store.takeWord({ op: 'result', result: resultToWire(madeUpResult('filler', 'shift', { start, revision })) });
  say(T0, 0);
  say(T0 - 8 * HOUR, 5);
  assert.equal(store.resultOf('filler', 'shift').value?.revision, 0);
  say(T0, 1);
  say(T0, 0);
  assert.equal(store.resultOf('filler', 'shift').value?.revision, 1);
});

test('an older state never takes the place of a newer one', () => {
  const store = freshStore();
  for (const [at, category] of [
    [T0 + 2, 'breakdown'],
    [T0 + 1, 'producing'],
  ] as const) {
    store.takeWord({ op: 'state', state: stateToWire(madeUpState('filler', { at, category })) });
  }
  assert.equal(store.stateOf('filler').value?.category, 'breakdown');
});

test('an interval grows, is superseded when it ends where it starts, and leaves when it is too old', () => {
  const store = freshStore();
  const say = (from: number, to: number) =>
    store.takeWord({
      op: 'interval',
      interval: intervalToWire({
        type: 'interval',
        unit: 'filler',
        from,
        to,
        category: 'producing',
        state: null,
        reason: null,
        stopId: null,
        source: 'state',
        open: false,
        undecided: false,
      }),
    });
  const spans = () => store.stretchesOf('filler').value.map(s => [s.from - T0, s.to - T0]);
  say(T0 + 10, T0 + 20);
  say(T0, T0 + 5);
  say(T0, T0 + 10);
  assert.deepEqual(spans(), [
    [0, 10],
    [10, 20],
  ]);
  say(T0 + 10, T0 + 10);
  say(T0 - 9 * HOUR, T0 - 8 * HOUR);
  assert.deepEqual(spans(), [[0, 10]]);
});

test('the steps of the waterfall lead from all time to the good pieces without a hole, whatever the tally', () => {
  const time = fc.integer({ min: 0, max: 10 * HOUR });
  const categories = fc.record(Object.fromEntries(CATEGORIES.map(c => [c, time])));
  fc.assert(
    fc.property(categories, time, time, (times, idealMs, rejectMs) => {
      const ideal = { idealUs: (idealMs + rejectMs) * 1000, idealGoodUs: idealMs * 1000 };
      const wire = tallyToWire({ ...emptyTally(), ...times, ...ideal });
      const steps = lossStepsOf(wire);
      let left = wire.calendarMs;
      for (const step of steps) {
        assert.equal(step.to, left);
        if (step.kind !== 'level') left = step.from;
        if (step.kind === 'gain') assert.ok(step.from > step.to);
      }
      assert.equal(left, wire.idealGoodMs);
    }),
    { numRuns: 200 },
  );
});

test('with pieces whose ideal cycle nobody knows the waterfall ends at the run time', () => {
  const steps = lossStepsOf(tallyToWire({ ...emptyTally(), producing: HOUR, total: 5, good: 5, uncycled: 5 }));
  assert.equal(steps.at(-1)?.to, HOUR);
  assert.equal(steps.at(-1)?.name, 'Run time');
});

test('no shift runs at a machine that is in time off, nor at a line that the plant names none for; elsewhere one is waited for', () => {
  const store = freshStore();
  const plant = pagePlant(T0, T0 + HOUR);
  const [line] = plant.shiftsNow;
  assert.ok(line !== undefined);
  store.takePlant({ ...plant, shiftsNow: [line] });
  assert.deepEqual([store.hasNoShift(line.line), store.hasNoShift('cnc-cells')], [false, true]);
  assert.equal(store.hasNoShift('filler'), false, 'nothing is known of it yet');
  for (const [unit, category] of [
    ['filler', 'notScheduled'],
    ['capper', 'producing'],
  ] as const) {
    store.takeWord({ op: 'state', state: stateToWire(madeUpState(unit, { category })) });
  }
  assert.deepEqual([store.hasNoShift('filler'), store.hasNoShift('capper')], [true, false]);
});
