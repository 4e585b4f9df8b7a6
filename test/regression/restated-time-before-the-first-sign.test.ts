// Restated time before the first sign: the windows that hold a machine's beginning did not hear of it.
// In: a restatement of time before the machine was first heard. Out: the hour that holds its beginning follows.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PipelineRig } from '../support/pipeline-rig.ts';
import { smallPlant } from '../support/small-plant.ts';

const SIX = Date.UTC(2026, 10, 16, 6);
const at = (minute: number): number => SIX + minute * 60_000;

test('a person can say what a machine did before it was first heard, in the windows that hold its beginning', () => {
  for (const restart of [false, true]) {
    const rig = new PipelineRig(smallPlant({ machine: { silenceMs: null } }), SIX);
    rig
      .events(
        [
          { id: 'a', machine: 'm1', at: at(30), type: 'state', state: 'producing' },
          { id: 'h', machine: 'm1', at: at(70), type: 'heartbeat' },
        ],
        at(70),
      )
      .tick(at(71));
    if (restart) rig.restart();
    rig
      .events(
        [
          {
            id: 'x',
            machine: 'm1',
            at: at(72),
            type: 'reclassify',
            from: at(0),
            to: at(30),
            category: 'producing',
            by: 'anna',
            why: 'seen',
          },
        ],
        at(72),
      )
      .tick(at(73));
    const row = rig.latest('m1', 'hour', at(0));
    assert.deepEqual([row?.tally.producing, row?.tally.unknown, row?.revision, row?.by], [3_600_000, 0, 1, 'anna']);
  }
});
