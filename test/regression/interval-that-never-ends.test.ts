// Interval that never ends: two stretches under one restatement were told as one and then as two, and the first stayed open.
// In: a silence under a restatement, then another silence. Out: what was told, newest per start, is the timeline.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PipelineRig } from '../support/pipeline-rig.ts';
import { smallPlant } from '../support/small-plant.ts';

const SIX = Date.UTC(2026, 10, 16, 6);
const at = (minute: number): number => SIX + minute * 60_000;

test('intervals told under a restatement keep their starts, so that each can be closed', () => {
  const rig = new PipelineRig(smallPlant(), SIX);
  const state = (minute: number) => ({
    id: `s${minute}`,
    machine: 'm1',
    at: at(minute),
    type: 'state',
    state: 'producing',
  });
  rig.events([{ id: 'h', machine: 'm1', at: at(0), type: 'heartbeat' }], at(0)).events([state(40)], at(40));
  rig.events(
    [
      {
        id: 'x',
        machine: 'm1',
        at: at(41),
        type: 'reclassify',
        from: at(0),
        to: at(46),
        category: 'producing',
        by: 'anna',
        why: 'seen',
      },
    ],
    at(41),
  );
  rig.events([state(46)], at(46)).tick(at(60));
  const newest = new Map(
    rig.outputs.flatMap(output => (output.type === 'interval' ? [[output.from, output] as const] : [])),
  );
  const open = [...newest.values()].filter(interval => interval.open).map(interval => interval.from);
  assert.deepEqual(open, [at(46)]);
});
