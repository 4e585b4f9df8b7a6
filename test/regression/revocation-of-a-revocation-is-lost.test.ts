// Revocation of a revocation is lost: without a machine it only found its target when that was known already.
// In: chains of revocations without machine, in every order, with restarts. Out: the same figures.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PipelineRig } from '../support/pipeline-rig.ts';
import { smallPlant } from '../support/small-plant.ts';

const SIX = Date.UTC(2026, 10, 16, 6);
const at = (minute: number): number => SIX + minute * 60_000;

const events = [
  { id: 'a', machine: 'm1', at: at(0), type: 'state', state: 'producing' },
  {
    id: 'r0',
    machine: 'm1',
    at: at(20),
    type: 'reclassify',
    from: at(5),
    to: at(10),
    category: 'setup',
    by: 'anna',
    why: 'seen',
  },
  { id: 'r1', at: at(21), type: 'revoke', revokes: 'r0', by: 'anna', why: 'seen' },
  { id: 'r2', at: at(22), type: 'revoke', revokes: 'r1', by: 'anna', why: 'seen' },
];

test('revocations without machine find one another in any order and through restarts', () => {
  for (const order of [
    [0, 1, 2, 3],
    [0, 3, 2, 1],
    [3, 2, 1, 0],
    [2, 0, 3, 1],
    [0, 2, 3, 1],
  ]) {
    for (const restarts of [false, true]) {
      const rig = new PipelineRig(smallPlant({ machine: { silenceMs: null } }), SIX);
      for (const index of order) {
        rig.events([events[index] ?? {}], at(25));
        if (restarts) rig.restart();
      }
      rig.tick(at(30));
      assert.equal(rig.latest('m1', 'hour')?.tally.setup, 300_000, `${order} ${restarts}`);
    }
  }
});
