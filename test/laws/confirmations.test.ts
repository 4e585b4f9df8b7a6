// Laws of confirmations: what an ERP books of orders and shifts is the shifts' own figures, whatever happened on the way.
// In: made-up plants, events and deliveries with deaths in them. Out: laws over everything that was confirmed.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Machine } from '../../src/core/machine.ts';
import { tallyOver } from '../../src/core/machine-results.ts';
import type { Plant } from '../../src/core/plant-model.ts';
import { sumOfTallies, type Tally } from '../../src/core/tally.ts';
import { deliver, shown } from '../support/delivered.ts';
import { at } from '../support/made-up-calendar.ts';
import { deliveries, type Step } from '../support/made-up-delivery.ts';
import { machine, plantEvents, plantWith } from '../support/made-up-shift.ts';
import type { PipelineRig } from '../support/pipeline-rig.ts';
import { bookedIn, confirmationsOf, ledgerOf } from '../support/said-orders.ts';

const RUNS = { includeErrorInReport: true, numRuns: Number(process.env.OEE_LAW_RUNS ?? 12) };

const stories = fc
  .tuple(machine, plantEvents)
  .chain(([m, list]) => fc.tuple(fc.constant(m), fc.constant(list), deliveries(list.length)));

/** Every machine moves with every tick, and in the end both shifts of the two hours are over. */
function delivered(m: Parameters<typeof plantWith>[0], list: readonly object[], steps: readonly Step[]): PipelineRig {
  const plant: Plant = plantWith(m);
  return deliver({ ...plant, settings: { ...plant.settings, refreshMs: 1 } }, list, steps)
    .tick(at(22, 2))
    .tick(at(22, 3));
}

/** Time of the span in which no order runs. */
function withoutOrder({ runs }: Machine, start: number, end: number): [number, number][] {
  const gaps: [number, number][] = [];
  let from = start;
  for (const run of [...runs].sort((a, b) => a.from - b.from)) {
    if (run.from > from) gaps.push([from, Math.min(run.from, end)]);
    from = Math.max(from, run.to ?? end);
    if (from >= end) break;
  }
  if (from < end) gaps.push([from, end]);
  return gaps.filter(([a, b]) => a < b);
}

test("what is booked of a machine's shift, and its time without an order, are the shift", () => {
  fc.assert(
    fc.property(stories, ([m, list, steps]) => {
      const rig = delivered(m, list, steps);
      const ledger = [...ledgerOf(confirmationsOf(rig)).values()];
      for (const row of rig.rows().values()) {
        const kept = rig.partition.machines.get(row.unit);
        if (kept === undefined || row.kind !== 'shift' || !row.final || row.end <= kept.beginning) continue;
        const booked = ledger.filter(said => said.unit === row.unit && said.shift.start === row.start);
        const free: Tally[] = withoutOrder(kept, row.start, row.end).map(([from, to]) => tallyOver(kept, from, to));
        const sum = sumOfTallies([...booked.map(said => said.tally), ...free]);
        assert.deepEqual(shown(sum), shown(row.tally), `${row.unit} ${new Date(row.start).toISOString()}`);
      }
    }),
    RUNS,
  );
});

test('any order, repetition, batching and ticks end with the same bookings', () => {
  fc.assert(
    fc.property(stories, ([m, list, steps]) => {
      const plain = delivered(m, list, [{ events: list.map((_, index) => index) }]);
      assert.deepEqual(bookedIn(confirmationsOf(delivered(m, list, steps))), bookedIn(confirmationsOf(plain)));
    }),
    RUNS,
  );
});

test('a death confirms nothing twice, loses nothing and changes no revision: what is said is said as in a life without it', () => {
  fc.assert(
    fc.property(stories, ([m, list, steps]) => {
      const lived = delivered(
        m,
        list,
        steps.flatMap(step => ('restart' in step ? [step] : [step, { restart: true }])),
      );
      const through = delivered(
        m,
        list,
        steps.filter(step => !('restart' in step)),
      );
      assert.deepEqual(confirmationsOf(lived), confirmationsOf(through));
    }),
    RUNS,
  );
});
