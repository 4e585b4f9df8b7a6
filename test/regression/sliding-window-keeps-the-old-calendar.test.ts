// Sliding window keeps the old calendar: all that a machine had said was revoked, a shift was changed, and the last minutes read as before.
// In: a machine whose only fact is revoked, then a correction of that time and a new fact. Out: the sliding window says what the facts say.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tallyOver } from '../../src/core/machine-results.ts';
import { PipelineRig } from '../support/pipeline-rig.ts';
import { smallPlant } from '../support/small-plant.ts';

const SIX = Date.UTC(2026, 10, 23, 6);
const at = (seconds: number): number => SIX + seconds * 1_000;
const said = (id: string, seconds: number, more: object): object => ({ id, machine: 'm1', at: at(seconds), ...more });
const anna = { by: 'anna', why: 'seen' };

test('time before the first fact that stands is read by the calendar as it is now', () => {
  const rig = new PipelineRig(smallPlant(), at(0));
  rig.events([said('a', 10, { type: 'heartbeat' })], at(10)).tick(at(100));
  rig.events([said('r', 101, { type: 'revoke', revokes: 'a', ...anna })], at(101)).tick(at(110));
  const shift = said('s', 111, { type: 'shift', from: at(20), to: at(50), planned: 'notScheduled', ...anna });
  rig.events([shift, said('b', 115, { type: 'count', good: 1 })], at(120));
  rig.tick(at(200)).tick(at(210));
  const sliding = rig.results().filter(result => result.unit === 'm1' && result.kind === 'last5m');
  const newest = sliding.at(-1) ?? assert.fail('no sliding window');
  const machine = rig.partition.machines.get('m1') ?? assert.fail('no machine');
  assert.deepEqual(newest.tally, tallyOver(machine, newest.start, newest.end));
  const beforeTheShift = SIX - newest.start;
  assert.equal(newest.tally.notScheduled, beforeTheShift + 30_000);
});
