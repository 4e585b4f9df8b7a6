// Ended interval told as open: a state that ended at the very edge of what is known was told as going on, and never again.
// In: a machine whose state changes with its newest event. Out: the interval, told as ended.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PipelineRig } from '../support/pipeline-rig.ts';
import { smallPlant } from '../support/small-plant.ts';

const SIX = Date.UTC(2026, 10, 23, 6);
const MINUTE = 60_000;

test('a state that ends with the newest event is told as ended', () => {
  const rig = new PipelineRig(smallPlant(), SIX);
  const state = (id: string, at: number, word: string): object => ({
    id,
    machine: 'm1',
    at,
    type: 'state',
    state: word,
  });
  rig.events([state('a', SIX, 'producing')], SIX);
  rig.events([state('b', SIX + MINUTE, 'setup')], SIX + MINUTE);
  rig.events([state('c', SIX + 2 * MINUTE, 'producing')], SIX + 2 * MINUTE);
  rig.tick(SIX + 3 * MINUTE);
  const told = rig.outputs.filter(output => output.type === 'interval' && output.unit === 'm1');
  const newest = new Map(told.map(interval => [interval.type === 'interval' ? interval.from : 0, interval]));
  const open = [...newest.values()].map(interval => interval.type === 'interval' && interval.open);
  assert.deepEqual(open, [false, false, true]);
});
