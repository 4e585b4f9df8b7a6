// Restart before the first tick hangs: nothing had been told yet, so every minute since 1970 was revived.
// In: one event, a restart. Out: the windows of that event, at once.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PipelineRig } from '../support/pipeline-rig.ts';
import { smallPlant } from '../support/small-plant.ts';

const MIDNIGHT = Date.UTC(2026, 10, 16);
const at = (minute: number): number => MIDNIGHT + minute * 60_000;

test('a partition that is loaded before its first tick revives the windows since its first fact, not since 1970', () => {
  const rig = new PipelineRig(smallPlant(), MIDNIGHT);
  rig.events([{ id: 'a', machine: 'm1', at: at(0), type: 'state', state: 'producing' }], at(0)).restart();
  const cells = rig.partition.machines.get('m1')?.tracks.map(track => track.cells.size) ?? [];
  assert.ok(
    cells.every(count => count <= 2),
    `${cells}`,
  );
  rig.tick(at(3));
  assert.equal(rig.latest('m1', 'minute', at(1))?.tally.notScheduled, 60_000);
});
