// Recall windows: whoever loads a machine has its live windows at hand, filled as by one who never stopped, and loads in short steps.
// In: a morning of a machine, lived and loaded. Out: their windows compared; the steps of the load counted.
// Touches nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadSteps } from '../../src/core/checkpoint.ts';
import type { Machine } from '../../src/core/machine.ts';
import type { Partition } from '../../src/core/partition.ts';
import { PipelineRig } from '../support/pipeline-rig.ts';
import { smallPlant } from '../support/small-plant.ts';

const MINUTE_MS = 60_000;
const FROM = Date.UTC(2026, 10, 20, 5);
const MINUTES = 5 * 60;

/** Pieces each five seconds, a stop in each tenth minute, late pieces now and then; nothing at all from minute 250 to 270. */
function morning(): PipelineRig {
  const rig = new PipelineRig(smallPlant(), FROM);
  rig.events([{ id: 'o', machine: 'm1', at: FROM, type: 'order', phase: 'start', order: '4711', product: 'q' }], FROM);
  for (let minute = 0; minute < MINUTES; minute += 1) {
    if (minute >= 250 && minute < 270) continue;
    const at = FROM + minute * MINUTE_MS;
    const events: object[] = Array.from({ length: 12 }, (_, n) => ({
      id: `c${minute}-${n}`,
      machine: 'm1',
      at: at + n * 5_000 - (n === 7 && minute > 3 ? 3 * MINUTE_MS : 0),
      type: 'count',
      good: 1 + (minute % 3),
      reject: n === 3 ? 1 : 0,
    }));
    const stops = minute % 10 === 5;
    events.push({ id: `s${minute}`, machine: 'm1', at: at + 20_000, type: 'state', state: stops ? 'down' : 'running' });
    rig.events(events, at + MINUTE_MS).tick(at + MINUTE_MS);
  }
  return rig;
}

const machineOf = ({ machines }: Partition): Machine => {
  const machine = machines.get('m1');
  assert.ok(machine);
  return machine;
};

const atHand = (machine: Machine) =>
  machine.tracks.flatMap(({ kind, cells }) =>
    [...cells.values()]
      .filter(({ stale, frame }) => !stale && frame.end > machine.edge - 60 * MINUTE_MS)
      .map(({ frame, tally, told }) => ({ kind, frame, tally, told: told === 'final' }))
      .sort((a, b) => a.frame.start - b.frame.start),
  );

test('who loads a machine has at hand what one who never stopped has, with the same tallies', () => {
  const rig = morning();
  const lived = atHand(machineOf(rig.partition));
  assert.ok(lived.length >= 64, `${lived.length} windows are at hand`);
  assert.deepEqual(atHand(machineOf(rig.restart().partition)), lived);
});

test('loading is done in steps of some thousand facts, whatever their machine, and a small state in one', () => {
  const { fields, texts } = morning();
  const stepsOf = (loaded: Generator<void, Partition>): number => {
    let steps = 0;
    while (loaded.next().done !== true) steps += 1;
    return steps;
  };
  assert.equal(stepsOf(loadSteps(0, () => true, { offset: '0-0', fields: new Map(), texts: new Map() })), 0);
  const steps = stepsOf(loadSteps(0, () => true, { offset: '0-0', fields, texts }));
  assert.ok(steps >= 2, `${steps} breaths`);
});
