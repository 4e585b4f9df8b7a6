// Stop counted behind the correction: a restated stop that newer words cover is counted where it shows next, which may be minutes later.
// In: three corrections, one over the other, the last of them short. Out: the minute that the count moved to is told with it.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PipelineRig } from '../support/pipeline-rig.ts';
import { smallPlant } from '../support/small-plant.ts';

const SIX = Date.UTC(2026, 10, 16, 6);
const at = (minute: number): number => SIX + minute * 60_000;

const said = (id: string, minute: number, from: number, to: number, category: string): object => ({
  id,
  machine: 'm1',
  at: at(minute),
  type: 'reclassify',
  from: at(from),
  to: at(to),
  category,
  by: 'anna',
  why: 'seen',
});
const setup = said('a', 40, 0, 30, 'setup');
const breakdown = said('b', 41, 10, 20, 'breakdown');
const planned = said('c', 42, 0, 10, 'plannedStop');
const undo = { id: 'd', machine: 'm1', at: at(44), type: 'revoke', revokes: 'c', by: 'anna', why: 'seen' };

/** Stops of the setup's first minute, of the minute in which it shows again behind the breakdown, and of the hour. */
function stopsOf(rig: PipelineRig): (number | undefined)[] {
  const minute = (start: number): number | undefined => rig.latest('m1', 'minute', at(start))?.tally.stops;
  return [minute(0), minute(20), rig.latest('m1', 'hour', SIX)?.tally.stops];
}

for (const [name, firstSign] of [
  ['a machine that was heard all along', 0],
  ['a machine that was first heard later', 20.5],
] as const) {
  test(`a count that moves far behind a correction is told there, and back: ${name}`, () => {
    const rig = new PipelineRig(smallPlant({ machine: { silenceMs: null } }), SIX);
    // the states change in between, so that each stretch is a reading of its own
    const signs = [0, 12, 15, 20, 20.5, 25, 39].filter(minute => minute >= firstSign);
    const states = signs.map((minute, n) => ({
      id: `s${minute}`,
      machine: 'm1',
      at: at(minute),
      type: 'state',
      state: n % 2 === 0 ? 'producing' : 'down',
    }));
    rig.events(states, at(39)).tick(at(40));
    rig.events([setup, breakdown], at(41)).tick(at(42));
    const before = stopsOf(rig);
    rig.events([planned], at(42)).tick(at(43));
    const covered = stopsOf(rig);
    rig.events([undo], at(44)).tick(at(45));
    const heard = firstSign === 0;
    // what lies before the first sign is nobody's, but for the windows that hold it
    assert.deepEqual(before, [heard ? 1 : undefined, 0, 2]);
    assert.deepEqual(covered, [heard ? 0 : undefined, 1, 2]);
    assert.deepEqual(stopsOf(rig), before);
  });
}
