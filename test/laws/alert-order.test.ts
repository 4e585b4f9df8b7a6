// Law of alerts: which alerts stand, with their ids and times, follows from the facts alone: not from order, batches, repeats, deaths.
// In: made-up plants with rules, events and deliveries. Out: the law over every alert that was not withdrawn.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AlertCondition, AlertRule } from '../../src/core/alert-rule.ts';
import { ruleOf, standing } from '../support/alert-rig.ts';
import { deliver } from '../support/delivered.ts';
import { deliveries } from '../support/made-up-delivery.ts';
import { machine, plantEvents, plantWith } from '../support/made-up-shift.ts';

const RUNS = { includeErrorInReport: true, numRuns: Number(process.env.OEE_LAW_RUNS ?? 10) };

const MACHINES = ['m1', 'm2', 'p1', 'p2'];
const LINES = ['line-1', 'line-2'];
const CONDITIONS: readonly (readonly [AlertCondition, readonly string[]])[] = [
  [{ kind: 'stopLonger', longerMs: 120_000 }, MACHINES],
  [{ kind: 'silentLonger', longerMs: 400_000 }, MACHINES],
  [{ kind: 'quarantined' }, MACHINES],
  [{ kind: 'ratioBelow', ratio: 'oee', window: 'shift', limit: 0.2, clear: 0.3 }, MACHINES],
  [{ kind: 'ratioBelow', ratio: 'availability', window: 'last15m', limit: 0.5, clear: 0.7 }, LINES],
  [{ kind: 'performanceAbove', window: 'hour', limit: 1, clear: 0.9 }, MACHINES],
  [{ kind: 'scrapRateAbove', window: 'hour', limit: 0.3, clear: 0.1 }, LINES],
  [{ kind: 'microStopsAbove', window: 'day', limit: 2, clear: 1 }, MACHINES],
  [{ kind: 'piecesBelow', window: 'shift', limit: 100, clear: 200 }, [...LINES]],
  [{ kind: 'ratioBelow', ratio: 'quality', window: 'shift', limit: 0.6, clear: 0.6 }, ['area-1']],
];

const rules: fc.Arbitrary<readonly AlertRule[]> = fc.tuple(
  ...CONDITIONS.map(([condition, units], index) =>
    fc
      .record({
        forMs: fc.constantFrom(0, 60_000, 300_000),
        togetherMs: fc.constantFrom(0, 60_000),
        flapMs: fc.constantFrom(0, 300_000, 1_200_000),
      })
      .map(times => ruleOf({ id: `r${index}`, condition, units, ...times })),
  ),
);

const maintenance = fc.constantFrom(
  [],
  [{ units: ['m1', 'line-2'], from: Date.UTC(2026, 10, 16, 13, 30), to: Date.UTC(2026, 10, 16, 13, 45), why: 'oil' }],
);

const stories = fc
  .tuple(machine, plantEvents, rules, maintenance)
  .chain(([m, list, alerts, spared]) =>
    fc.tuple(fc.constant({ ...plantWith(m), alerts, maintenance: spared }), fc.constant(list), deliveries(list.length)),
  );

test('the alerts that stand are those of one delivery in one piece, whatever the order, the batches, the repeats and the deaths', () => {
  let alerts = 0;
  fc.assert(
    fc.property(stories, ([plant, list, steps]) => {
      const settings = { ...plant.settings, refreshMs: 1 };
      const whole = standing(deliver({ ...plant, settings }, list, [{ events: list.map((_, index) => index) }]));
      assert.deepEqual(standing(deliver({ ...plant, settings }, list, steps)), whole);
      alerts += whole.length;
    }),
    RUNS,
  );
  assert.ok(alerts > 0, `${alerts} alerts stood in all`);
});
