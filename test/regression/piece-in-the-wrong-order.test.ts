// Piece in the wrong order: it came before the order change of the same instant, and stayed with the order that ended.
// In: a count and an order change at one instant, in both orders of arrival. Out: the piece is the new order's.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PipelineRig } from '../support/pipeline-rig.ts';
import { smallPlant } from '../support/small-plant.ts';

const SIX = Date.UTC(2026, 10, 16, 6);
const at = (minute: number): number => SIX + minute * 60_000;

const order = (minute: number, name: string) => ({
  id: name,
  machine: 'm1',
  at: at(minute),
  type: 'order',
  phase: 'start',
  order: name,
});
const count = { id: 'c', machine: 'm1', at: at(10), type: 'count', good: 5 };

test('a piece at the instant of an order change belongs to the new order, whichever came first', () => {
  for (const late of [
    [count, order(10, 'B')],
    [order(10, 'B'), count],
  ]) {
    const rig = new PipelineRig(smallPlant({ machine: { silenceMs: null } }), SIX);
    rig.events([order(0, 'A'), { id: 'h', machine: 'm1', at: at(1), type: 'heartbeat' }], at(1));
    for (const event of late) rig.events([event], at(10));
    rig.events([{ id: 'h2', machine: 'm1', at: at(12), type: 'heartbeat' }], at(12)).tick(at(14));
    assert.deepEqual(
      [rig.latest('m1', 'order', at(0))?.tally.good, rig.latest('m1', 'order', at(10))?.tally.good],
      [0, 5],
    );
  }
});
