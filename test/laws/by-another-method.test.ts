// Laws by another method: windows kept step by step, spans read from the facts, and a naive computation are one and the same.
// In: made-up plants, events and deliveries. Out: laws over tallies of machines.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { slidingTally, tallyOfFrame, tallyOver } from '../../src/core/machine-results.ts';
import { calendarMs } from '../../src/core/tally.ts';
import { MINUTE_MS } from '../../src/core/time.ts';
import { deliver, EDGE, shown } from '../support/delivered.ts';
import { BEGIN, PLAN, SPANS } from '../support/made-up-calendar.ts';
import { deliveries } from '../support/made-up-delivery.ts';
import { events, machine, parsed, plantWith } from '../support/made-up-shift.ts';
import { NaiveMachine } from '../support/naive-tally.ts';

const RUNS = { includeErrorInReport: true, numRuns: Number(process.env.OEE_LAW_RUNS ?? 25) };

const hours = fc
  .tuple(machine, events)
  .chain(([m, list]) => fc.tuple(fc.constant(m), fc.constant(list), deliveries(list.length)));

test('windows kept step by step, spans read from the facts and a naive computation agree to the digit', () => {
  fc.assert(
    fc.property(hours, ([m, list, steps]) => {
      const p = plantWith(m);
      const rig = deliver(p, list, steps);
      const kept = rig.partition.machines.get('m1');
      const model = p.machines[0];
      assert.ok(kept !== undefined && model !== undefined);
      const naive = new NaiveMachine(model, PLAN, parsed(list), EDGE);
      for (const [from, to] of SPANS) {
        assert.deepEqual(shown(tallyOver(kept, from, to)), shown(naive.tallyOver(from, to)), `span ${from} ${to}`);
      }
      for (const row of rig.rows().values()) {
        if (row.unit !== 'm1' || row.end <= kept.beginning) continue;
        if (row.kind === 'order' && !kept.runs.some(run => run.from === row.start)) continue;
        const span = `${row.kind} ${new Date(row.start).toISOString()}`;
        const end = Math.max(row.end, row.edge);
        assert.deepEqual(shown(row.tally), shown(naive.tallyOver(row.start, end)), `told ${span}`);
        const frame = { name: row.name, start: row.start, end: row.end, businessDay: row.businessDay };
        assert.deepEqual(shown(tallyOfFrame(kept, row.kind, frame)), shown(row.tally), `kept ${span}`);
      }
      for (const minutes of [5, 60]) {
        const from: number = kept.edge - minutes * MINUTE_MS;
        assert.deepEqual(shown(slidingTally(kept, minutes, kept.edge)), shown(tallyOver(kept, from, kept.edge)));
      }
    }),
    RUNS,
  );
});

test('the categories of a span that the machine has lived through sum to the span to the millisecond', () => {
  fc.assert(
    fc.property(hours, fc.nat(), fc.nat(), ([m, list, steps], a, b) => {
      const kept = deliver(plantWith(m), list, steps).partition.machines.get('m1');
      fc.pre(kept !== undefined && kept.latest !== null);
      if (kept === undefined) return;
      const length = EDGE - BEGIN;
      const [from, to] = [BEGIN + Math.min(a % length, b % length), BEGIN + Math.max(a % length, b % length)];
      assert.equal(calendarMs(tallyOver(kept, from, to)), to - from);
    }),
    { ...RUNS, numRuns: 20 },
  );
});
