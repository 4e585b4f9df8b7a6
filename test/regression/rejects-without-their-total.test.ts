// Rejects without their total: the total jumped and was held back, its rejects counted, and good pieces went below zero.
// In: counter messages with a jump. Out: the whole message waits.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PipelineRig } from '../support/pipeline-rig.ts';
import { smallPlant } from '../support/small-plant.ts';

const SIX = Date.UTC(2026, 10, 16, 6);
const at = (minute: number): number => SIX + minute * 60_000;

test('a message whose total is held back counts none of its rejects', () => {
  const counter = { modulus: null, startsWithOrder: false };
  const plant = smallPlant({ machine: { counters: { total: counter, reject: counter }, maxRate: 2, silenceMs: null } });
  const rig = new PipelineRig(plant, SIX);
  const read = (minute: number, total: number, reject: number) => ({
    id: `r${minute}`,
    machine: 'm1',
    at: at(minute),
    type: 'counter',
    total,
    reject,
  });
  rig.events([read(0, 0, 0), read(1, 9000, 20)], at(1)).tick(at(2));
  const { good, reject, quarantined } = rig.latest('m1', 'shift')?.tally ?? assert.fail();
  assert.deepEqual([good, reject, quarantined], [0, 0, 9000]);
});
