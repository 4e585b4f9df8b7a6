// Line quality keeps the old cycle: the constraint's cycle was changed, the last machine's good pieces kept the former value.
// In: a cycle correction on the constraint, its revocation, a restart, a plant file. Out: one cycle for both sides of the line.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PipelineRig } from '../support/pipeline-rig.ts';
import { smallPlant } from '../support/small-plant.ts';

const SIX = Date.UTC(2026, 10, 16, 6);
const at = (minute: number): number => SIX + minute * 60_000;

test("good pieces of the last machine follow every change of the constraint's ideal cycle", () => {
  const rig = new PipelineRig(smallPlant({ machine: { silenceMs: null } }), SIX);
  const count = (machine: string) => ({ id: `c-${machine}`, machine, at: at(1), type: 'count', good: 60 });
  rig.events([count('m1'), count('m2')], at(1)).tick(at(2));
  const quality = (): number => {
    const { idealUs, idealGoodUs } = rig.latest('line-1', 'shift')?.tally ?? assert.fail();
    return idealGoodUs / idealUs;
  };
  assert.equal(quality(), 1);
  const cycle = {
    id: 'x',
    machine: 'm1',
    at: at(3),
    type: 'cycle',
    product: 'p',
    from: at(0),
    idealCycleMs: 500,
    by: 'anna',
    why: 'faster',
  };
  rig.events([cycle], at(3)).tick(at(4));
  assert.equal(rig.latest('line-1', 'shift')?.tally.idealGoodUs, 30_000_000);
  assert.equal(quality(), 1);
  rig
    .restart()
    .events(
      [
        { ...count('m2'), id: 'more' },
        { ...count('m1'), id: 'more' },
      ],
      at(5),
    )
    .tick(at(6));
  assert.equal(quality(), 1);
  rig.changePlant(smallPlant({ machine: { silenceMs: null, microStopMs: 60_000 }, revision: 'r2' }), at(7)).tick(at(8));
  assert.equal(quality(), 1);
  rig
    .events([{ id: 'y', machine: 'm1', at: at(9), type: 'revoke', revokes: 'x', by: 'anna', why: 'no' }], at(9))
    .tick(at(10));
  assert.equal(quality(), 1);
  assert.equal(rig.latest('line-1', 'shift')?.tally.idealGoodUs, 120_000_000);
});
