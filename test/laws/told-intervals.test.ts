// Laws of told intervals (the open one grows unsaid): what a screen or a database holds of a machine's timeline, after every change was told, is the timeline.
// In: made-up hours and deliveries of them. Out: the newest interval per start tiles the same time in the same categories.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readEffective } from '../../src/core/machine.ts';
import type { Interval } from '../../src/core/result.ts';
import { deliver, EDGE } from '../support/delivered.ts';
import { deliveries } from '../support/made-up-delivery.ts';
import { events, machine, plantWith } from '../support/made-up-shift.ts';

const RUNS = { includeErrorInReport: true, numRuns: Number(process.env.OEE_LAW_RUNS ?? 15) };

const hours = fc
  .tuple(machine, events)
  .chain(([m, list]) => fc.tuple(fc.constant(m), fc.constant(list), deliveries(list.length)));

type Piece = readonly [from: number, to: number, category: string, stopId: string | null, source: string];

/** Adjacent pieces that differ in nothing are one. */
function merged(pieces: readonly Piece[]): Piece[] {
  const out: Piece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    const goesOn = last !== undefined && last[1] === piece[0] && last.slice(2).join() === piece.slice(2).join();
    if (goesOn) out[out.length - 1] = [last[0], piece[1], last[2], last[3], last[4]];
    else out.push(piece);
  }
  return out;
}

test('the newest interval per start, the superseded ones taken out, is the timeline', () => {
  fc.assert(
    fc.property(hours, ([m, list, steps]) => {
      const rig = deliver(plantWith(m), list, steps);
      const kept = rig.partition.machines.get('m1');
      fc.pre(kept !== undefined && Number.isFinite(kept.beginning));
      if (kept === undefined) return;
      const newest = new Map<number, Interval>();
      for (const output of rig.outputs)
        if (output.type === 'interval' && output.unit === 'm1') newest.set(output.from, output);
      const told = [...newest.values()]
        .filter(({ from, to }) => to > from)
        .sort((a, b) => a.from - b.from)
        .map(
          ({ from, to, open, category, stopId, source }): Piece => [from, open ? EDGE : to, category, stopId, source],
        );
      const wanted = readEffective(kept, kept.beginning, EDGE).stretches.map(
        ({ from, to, category, stopId, source }): Piece => [from, to, category, stopId, source],
      );
      assert.deepEqual(merged(told), merged(wanted));
    }),
    RUNS,
  );
});
