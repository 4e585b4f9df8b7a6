// Running order called final: its end was revoked after its window had been closed, and it went on as final for ever.
// In: an order told as final whose end is revoked. Out: open again in a new revision.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PipelineRig } from '../support/pipeline-rig.ts';
import { smallPlant } from '../support/small-plant.ts';

const SIX = Date.UTC(2026, 10, 16, 6);
const at = (minute: number): number => SIX + minute * 60_000;

test('an order whose end is revoked runs on: its window is provisional again, in one new revision', () => {
  const rig = new PipelineRig(smallPlant({ machine: { silenceMs: null } }), SIX);
  const order = (minute: number, phase: string) => ({
    id: phase,
    machine: 'm1',
    at: at(minute),
    type: 'order',
    phase,
    order: 'A',
  });
  rig
    .events([order(0, 'start'), order(10, 'end'), { id: 'h', machine: 'm1', at: at(20), type: 'heartbeat' }], at(20))
    .tick(at(21));
  assert.deepEqual([rig.latest('m1', 'order')?.final, rig.latest('m1', 'order')?.revision], [true, 0]);
  rig
    .events(
      [{ id: 'x', machine: 'm1', at: at(22), type: 'revoke', revokes: 'end', by: 'anna', why: 'not yet' }],
      at(22),
    )
    .tick(at(23))
    .tick(at(30));
  const row = rig.latest('m1', 'order');
  assert.deepEqual([row?.final, row?.revision, row?.tally.unknown], [false, 1, 30 * 60_000]);
});
