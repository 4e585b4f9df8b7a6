// Hour that is never final: a new plant file came between its end and the end of its lateness.
// In: an hour that waits for its lateness, a plant change, the clock. Out: the hour is told as final, for the machine and its line.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PipelineRig } from '../support/pipeline-rig.ts';
import { smallPlant } from '../support/small-plant.ts';

const SIX = Date.UTC(2026, 10, 16, 6);
const at = (minute: number): number => SIX + minute * 60_000;

test('a new plant file forgets no window that waits to be final', () => {
  const settings = { latenessMs: 300_000 };
  const rig = new PipelineRig(smallPlant({ settings }), SIX);
  rig
    .events(
      [
        { id: 'a', machine: 'm1', at: at(0), type: 'state', state: 'producing' },
        { id: 'h', machine: 'm1', at: at(4), type: 'heartbeat' },
      ],
      at(4),
    )
    .tick(at(61));
  rig.changePlant(smallPlant({ settings, machine: { microStopMs: 60_000 }, revision: 'r2' }), at(62));
  rig.tick(at(70)).tick(at(80));
  for (const unit of ['m1', 'line-1', 'area-1']) assert.equal(rig.latest(unit, 'hour', at(0))?.final, true, unit);
});
