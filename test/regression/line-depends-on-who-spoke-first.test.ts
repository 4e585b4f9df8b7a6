// Line depends on who spoke first: a machine heard of later was unknown time in some windows of its line and nothing in others.
// In: two machines that begin at different times, in both orders of arrival. Out: the same line.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PipelineRig } from '../support/pipeline-rig.ts';
import { smallPlant } from '../support/small-plant.ts';

const SIX = Date.UTC(2026, 10, 16, 6);
const at = (minute: number): number => SIX + minute * 60_000;

test('a machine has no share in its line before its first fact, whenever it is heard of', () => {
  const [early, late] = [
    { id: 'e', machine: 'p1', at: at(0), type: 'heartbeat' },
    { id: 'l', machine: 'p2', at: at(65), type: 'heartbeat' },
  ];
  const rows = [
    [early, late],
    [late, early],
  ].map(order => {
    const rig = new PipelineRig(smallPlant(), SIX);
    for (const event of order) rig.events([event], at(66)).tick(at(70));
    rig.tick(at(80));
    return [...rig.rows().values()]
      .filter(row => row.unit === 'line-2')
      .map(row => [row.kind, row.start, row.tally])
      .sort();
  });
  assert.ok((rows[0]?.length ?? 0) > 60);
  assert.deepEqual(rows[0], rows[1]);
});
