// Equal pieces counted twice: a count and a counter message with one id, instant and size were taken for one when read again.
// In: such a pair, then a late fact that makes both be read again. Out: both counted, each once.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PipelineRig } from '../support/pipeline-rig.ts';
import { smallPlant } from '../support/small-plant.ts';

const SIX = Date.UTC(2026, 10, 16, 6);
const at = (minute: number): number => SIX + minute * 60_000;

test('two events that say the same at the same instant under one id are both counted, each once', () => {
  const rig = new PipelineRig(smallPlant({ machine: { silenceMs: null } }), SIX);
  const head = { machine: 'm1', at: at(2) };
  rig.events([{ id: 'b', machine: 'm1', at: at(1), type: 'counter', good: 0 }], at(1));
  rig.events(
    [
      { ...head, id: 'x', type: 'counter', good: 5 },
      { ...head, id: 'x', type: 'count', good: 5 },
    ],
    at(2),
  );
  rig.events([{ id: 'late', machine: 'm1', at: at(0), type: 'state', state: 'producing' }], at(3)).tick(at(4));
  assert.equal(rig.latest('m1', 'minute', at(2))?.tally.good, 10);
});
