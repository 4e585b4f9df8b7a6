// Requalified pieces keep the old cycle: they add up to no pieces at all, so a changed cycle seemed to change nothing.
// In: a requalification, then another cycle. Out: its good pieces at the new cycle.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PipelineRig } from '../support/pipeline-rig.ts';
import { smallPlant } from '../support/small-plant.ts';

const SIX = Date.UTC(2026, 10, 16, 6);
const at = (minute: number): number => SIX + minute * 60_000;

test('a new cycle revalues pieces that were moved between good and reject', () => {
  const rig = new PipelineRig(smallPlant({ machine: { silenceMs: null } }), SIX);
  rig
    .events(
      [
        { id: 'h', machine: 'm1', at: at(0), type: 'heartbeat' },
        { id: 'q', machine: 'm1', at: at(0), type: 'requalify', good: -1, reject: 1, by: 'lab', why: 'burst' },
      ],
      at(1),
    )
    .tick(at(2));
  rig
    .events(
      [
        {
          id: 'x',
          machine: 'm1',
          at: at(3),
          type: 'cycle',
          product: 'p',
          from: at(0),
          idealCycleMs: 700,
          by: 'anna',
          why: 'faster',
        },
      ],
      at(3),
    )
    .tick(at(4));
  assert.equal(rig.latest('m1', 'minute', at(0))?.tally.idealGoodUs, -700_000);
});
