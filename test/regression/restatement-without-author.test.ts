// Restatement without author: the lab moved pieces in a closed shift, and the new revision named nobody.
// In: a requalification of final windows. Out: by and why on the machine, the line and the area, also through a restart.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PipelineRig } from '../support/pipeline-rig.ts';
import { smallPlant } from '../support/small-plant.ts';

const SIX = Date.UTC(2026, 10, 16, 6);
const at = (minute: number): number => SIX + minute * 60_000;

test('a requalification carries its author into every window that it restates', () => {
  const rig = new PipelineRig(smallPlant({ machine: { silenceMs: null } }), SIX);
  rig
    .events(
      [
        { id: 'c', machine: 'm1', at: at(1), type: 'count', good: 9 },
        { id: 'h', machine: 'm1', at: at(65), type: 'heartbeat' },
      ],
      at(65),
    )
    .tick(at(66));
  const scrap = {
    id: 'q',
    machine: 'm1',
    at: at(1),
    type: 'requalify',
    good: -2,
    reject: 2,
    by: 'lab',
    why: 'burst test',
  };
  rig.events([scrap], at(70)).restart().tick(at(71));
  for (const [unit, kind] of [
    ['m1', 'hour'],
    ['m1', 'minute'],
    ['m1', 'shift'],
    ['line-1', 'hour'],
    ['area-1', 'hour'],
  ] as const) {
    const row = rig
      .results()
      .filter(each => each.unit === unit && each.kind === kind && each.by === 'lab')
      .at(-1);
    assert.deepEqual(
      [row?.why, row?.tally.reject],
      ['burst test', unit === 'm1' ? 2 : row?.tally.reject],
      `${unit} ${kind}`,
    );
  }
  assert.equal(rig.latest('m1', 'hour', at(0))?.revision, 1);
});
