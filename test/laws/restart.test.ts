// Law of restarts: a program that dies and goes on from its checkpoint says what it would have said: figures, revisions, authors.
// In: made-up plants, events and deliveries with deaths in them. Out: the law over everything that was told last.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { packOutput } from '../../src/core/result.ts';
import { deliver } from '../support/delivered.ts';
import { deliveries } from '../support/made-up-delivery.ts';
import { machine, plantEvents, plantWith } from '../support/made-up-shift.ts';
import type { PipelineRig } from '../support/pipeline-rig.ts';

const RUNS = { includeErrorInReport: true, numRuns: Number(process.env.OEE_LAW_RUNS ?? 150) };

const stories = fc
  .tuple(machine, plantEvents)
  .chain(([m, list]) => fc.tuple(fc.constant(m), fc.constant(list), deliveries(list.length)));

/** Windows before the first fact, told while a fact that was revoked since seemed to be the first, are nobody's. */
function newest(rig: PipelineRig): Record<string, string> {
  const beginningOf = (unit: string): number => rig.partition.machines.get(unit)?.beginning ?? 0;
  const rows = [...rig.rows()].filter(([, row]) => row.end > beginningOf(row.unit));
  return Object.fromEntries(rows.map(([name, row]) => [name, packOutput(row)]).sort());
}

test('a restart leaves no trace: every window ends with the figures, the revision and the author of a life without it', () => {
  fc.assert(
    fc.property(stories, ([m, list, steps]) => {
      const plant = { ...plantWith(m) };
      // every machine moves with every tick: which of them do is not part of what is saved
      const settings = { ...plant.settings, refreshMs: 1 };
      const lived = deliver({ ...plant, settings }, list, steps);
      const through = deliver(
        { ...plant, settings },
        list,
        steps.filter(step => !('restart' in step)),
      );
      assert.deepEqual(newest(lived), newest(through));
    }),
    RUNS,
  );
});
