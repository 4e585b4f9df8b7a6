// Laws of sums: slices make windows, machines make lines, lines make areas and sites; never an average of ratios.
// In: made-up hours of one machine and of a whole small plant. Out: sums that agree to the digit.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { tallyOver } from '../../src/core/machine-results.ts';
import type { Plant } from '../../src/core/plant-model.ts';
import type { WindowResult } from '../../src/core/result.ts';
import { emptyTally, subtractTallies, sumOfTallies, type Tally } from '../../src/core/tally.ts';
import { deliver, EDGE, shown } from '../support/delivered.ts';
import { BEGIN, PLAN } from '../support/made-up-calendar.ts';
import { deliveries } from '../support/made-up-delivery.ts';
import { events, machine, parsed, plantEvents, plantWith } from '../support/made-up-shift.ts';
import { NaiveMachine } from '../support/naive-tally.ts';
import type { PipelineRig } from '../support/pipeline-rig.ts';

const RUNS = { includeErrorInReport: true, numRuns: Number(process.env.OEE_LAW_RUNS ?? 15) };

const hours = fc
  .tuple(machine, events)
  .chain(([m, list]) => fc.tuple(fc.constant(m), fc.constant(list), deliveries(list.length)));
const floor = fc
  .tuple(machine, plantEvents)
  .chain(([m, list]) => fc.tuple(fc.constant(m), fc.constant(list), deliveries(list.length)));

const rowsOf = (rig: PipelineRig, unit: string, kind: string): WindowResult[] =>
  [...rig.rows().values()].filter(row => row.unit === unit && row.kind === kind);

test('however a span is cut, the tallies of its parts sum to its own', () => {
  const cuts = fc.array(fc.integer({ min: BEGIN - 3_600_000, max: EDGE }), { minLength: 2, maxLength: 8 });
  fc.assert(
    fc.property(hours, cuts, ([m, list, steps], at) => {
      const kept = deliver(plantWith(m), list, steps).partition.machines.get('m1');
      assert.ok(kept !== undefined);
      const edges = [...at].sort((a, b) => a - b);
      const parts = edges.slice(1).map((to, index) => tallyOver(kept, edges[index] ?? to, to));
      assert.deepEqual(shown(sumOfTallies(parts)), shown(tallyOver(kept, edges[0] ?? 0, edges.at(-1) ?? 0)));
    }),
    RUNS,
  );
});

test('the minutes that were told sum to the hours that were told, for machines, lines, areas and sites', () => {
  fc.assert(
    fc.property(floor, ([m, list, steps]) => {
      const rig = deliver(plantWith(m), list, steps);
      const kept = [...rig.partition.machines.values()];
      for (const unit of ['m1', 'm2', 'p1', 'p2', 'line-1', 'line-2', 'area-1', 'site-1']) {
        const mine = kept.filter(each => each.rules.machine.id === unit || !/^[mp]\d/.test(unit));
        for (const hour of rowsOf(rig, unit, 'hour')) {
          // an hour that holds a machine's beginning also holds time before it that no minute tells
          const begun = mine.filter(each => unit === each.rules.machine.id || each.beginning < hour.end + 60_000);
          if (begun.some(each => each.beginning > hour.start)) continue;
          const minutes = rowsOf(rig, unit, 'minute').filter(row => row.start >= hour.start && row.start < hour.end);
          assert.deepEqual(
            shown(sumOfTallies(minutes.map(row => row.tally))),
            shown(hour.tally),
            `${unit} ${hour.start}`,
          );
        }
      }
    }),
    RUNS,
  );
});

/** Each machine by another method; before its first fact it has no share in a line. */
function naiveTallies(p: Plant, list: readonly Record<string, unknown>[], rig: PipelineRig) {
  const all = parsed(list);
  const revocations = all.filter(event => event.type === 'revoke' && event.machine === '');
  const of = (id: string, lineCycles: ConstructorParameters<typeof NaiveMachine>[4]): NaiveMachine => {
    const model = p.machines.find(each => each.id === id);
    assert.ok(model !== undefined);
    return new NaiveMachine(
      model,
      PLAN,
      [...all.filter(event => event.machine === id), ...revocations],
      EDGE,
      lineCycles,
    );
  };
  const constraint = of('m1', null);
  const naive = new Map<string, NaiveMachine>([['m1', constraint]]);
  naive.set('m2', of('m2', [...(p.machines[0]?.cycles ?? []), ...constraint.cyclesSaid()]));
  for (const id of ['p1', 'p2']) naive.set(id, of(id, null));
  return (id: string, from: number, to: number): Tally => {
    const beginning = rig.partition.machines.get(id)?.beginning ?? 0;
    return to <= beginning ? emptyTally() : (naive.get(id)?.tallyOver(from, to) ?? emptyTally());
  };
}

/** What the law says of the serial line, field by field. */
function serial(first: Tally, last: Tally): Tally {
  const { reject, rework, quarantined, energyWh } = sumOfTallies([first, last]);
  const { good, lineIdealGoodUs } = last;
  return { ...first, good, idealGoodUs: lineIdealGoodUs, lineIdealGoodUs: 0, reject, rework, quarantined, energyWh };
}

test('lines follow from their machines as another method computes them, areas and sites are sums of lines', () => {
  fc.assert(
    fc.property(floor, ([m, list, steps]) => {
      const p = plantWith(m);
      const rig = deliver(p, list, steps);
      const naive = naiveTallies(p, list, rig);
      const rows = rig.rows();
      const beginning = Math.min(...[...rig.partition.machines.values()].map(each => each.beginning));
      const told = [...rows.values()].filter(each => each.kind !== 'order' && each.end > beginning);
      for (const row of told) {
        const of = (id: string): Tally => naive(id, row.start, row.end);
        const place = `${row.unit} ${row.kind} ${new Date(row.start).toISOString()}`;
        const sum = (a: string, b: string): Tally =>
          subtractTallies(sumOfTallies([of(a), of(b)]), {
            ...emptyTally(),
            lineIdealGoodUs: of(a).lineIdealGoodUs + of(b).lineIdealGoodUs,
          });
        if (row.unit === 'line-1') {
          assert.deepEqual(shown(row.tally), shown(serial(of('m1'), of('m2'))), place);
          assert.deepEqual(shown(row.beside ?? emptyTally()), shown(sum('m1', 'm2')), `beside ${place}`);
        }
        if (row.unit === 'line-2') assert.deepEqual(shown(row.tally), shown(sum('p1', 'p2')), place);
        if (row.level !== 'area' && row.level !== 'site') continue;
        const lines = ['line-1', 'line-2'].map(id => rows.get(`${id} ${row.kind} ${row.start}`)?.tally ?? emptyTally());
        assert.deepEqual(shown(row.tally), shown(sumOfTallies(lines)), place);
      }
    }),
    RUNS,
  );
});
