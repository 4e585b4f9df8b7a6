// Order window nobody takes back: its start was revoked, or its end moved, and the old figures stayed on the screens.
// In: an order told, then revoked or ended earlier, after a restart. Out: told again, empty or shorter.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PipelineRig } from '../support/pipeline-rig.ts';
import { smallPlant } from '../support/small-plant.ts';

const SIX = Date.UTC(2026, 10, 16, 6);
const at = (minute: number): number => SIX + minute * 60_000;

function told(): PipelineRig {
  const rig = new PipelineRig(smallPlant({ machine: { silenceMs: null } }), SIX);
  const orders = [
    { id: 'A', machine: 'm1', at: at(0), type: 'order', phase: 'start', order: 'A' },
    { id: 'B', machine: 'm1', at: at(20), type: 'order', phase: 'start', order: 'B' },
  ];
  return rig
    .events([...orders, { id: 'h', machine: 'm1', at: at(30), type: 'heartbeat' }], at(30))
    .tick(at(31))
    .restart();
}

test('an order whose start is revoked is told once more, empty and without length, through a restart', () => {
  const rig = told().events(
    [{ id: 'x', type: 'revoke', machine: 'm1', at: at(32), revokes: 'A', by: 'anna', why: 'wrong machine' }],
    at(32),
  );
  const row = rig.restart().tick(at(33)).latest('m1', 'order', at(0));
  assert.deepEqual([row?.end, row?.tally.unknown, row?.revision, row?.by], [at(0), 0, 1, 'anna']);
});

test('an order that turns out to have ended earlier is told by its new end, also after a restart', () => {
  const rig = told()
    .events([{ id: 'e', machine: 'm1', at: at(10), type: 'order', phase: 'end', order: 'A' }], at(32))
    .tick(at(33));
  const row = rig.latest('m1', 'order', at(0));
  assert.deepEqual([row?.end, row?.tally.unknown, row?.revision], [at(10), 600_000, 1]);
});
