// Area shift never final: a line that keeps other shifts, or began after one, held up the area's shift for ever; it was never reported.
// In: two lines, each with a shift of its own, or one heard after the other's shift. Out: the area's shifts, final and reported.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plant } from '../../src/core/plant-model.ts';
import { PipelineRig } from '../support/pipeline-rig.ts';
import { DAY_SHIFT, smallPlant } from '../support/small-plant.ts';

const HOUR_MS = 3_600_000;
const DAY = Date.UTC(2026, 10, 16);
const at = (hour: number): number => DAY + hour * HOUR_MS;

const NIGHTS = {
  ...DAY_SHIFT,
  id: 'nights',
  revisions: DAY_SHIFT.revisions.map(revision => ({
    ...revision,
    weekly: Array.from({ length: 7 }, () => [{ name: 'late', start: '14:00', end: '22:00', breaks: [] }]),
  })),
};

/** The first line works from six to two, the second from two to ten. */
function plantOfTwoShifts(): Plant {
  const plant = smallPlant({ machine: { silenceMs: null } });
  const machines = plant.machines.map(machine =>
    machine.line === 'line-2' ? { ...machine, calendar: 'nights' } : machine,
  );
  return { ...plant, machines, calendars: [...plant.calendars, NIGHTS] };
}

const alive = (machine: string, hour: number): object => ({
  id: `${machine}-${hour}`,
  machine,
  at: at(hour),
  type: 'state',
  state: 'producing',
});

/** Newest row and newest report of the area's shifts, by hour. */
function areaShifts(rig: PipelineRig) {
  const rows = [...rig.rows().values()].filter(({ unit, kind }) => unit === 'area-1' && kind === 'shift');
  const reported = new Map(
    rig.outputs.flatMap(output =>
      output.type === 'report' && output.unit === 'area-1' ? [[output.result.start, output.result.revision]] : [],
    ),
  );
  return rows
    .sort((a, b) => a.start - b.start)
    .map(({ start, final, revision, tally }) => ({
      hour: (start - DAY) / HOUR_MS,
      final,
      revision,
      reported: reported.get(start),
      producing: tally.producing / HOUR_MS,
    }));
}

test('an area whose lines keep different shifts has each of them final once all have gone past it, and reports it', () => {
  for (const restarts of [false, true]) {
    const rig = new PipelineRig(plantOfTwoShifts(), at(5));
    for (let hour = 5; hour <= 23; hour += 0.5) {
      rig.events(
        ['m1', 'm2', 'p1', 'p2'].map(machine => alive(machine, hour)),
        at(hour),
      );
      rig.tick(at(hour));
      if (restarts) rig.restart();
    }
    assert.deepEqual(areaShifts(rig), [
      { hour: 6, final: true, revision: 0, reported: 0, producing: 8 },
      { hour: 14, final: true, revision: 0, reported: 0, producing: 16 },
    ]);
  }
});

test('a line that is heard first after a shift of the others takes nothing of its finality back', () => {
  const rig = new PipelineRig(smallPlant({ machine: { silenceMs: null } }), at(5));
  for (const hour of [6, 10, 14.5]) rig.events([alive('p1', hour)], at(hour)).tick(at(hour));
  rig.events([alive('m1', 14.6)], at(14.6)).tick(at(14.6));
  // of the first line something late turns up: a new revision of a shift in which the second has no part
  rig.events([{ id: 'late', machine: 'p1', at: at(8), type: 'state', state: 'idle' }], at(14.7)).tick(at(14.7));
  const [shift] = areaShifts(rig);
  assert.deepEqual(shift, { hour: 6, final: true, revision: 1, reported: 1, producing: 6 });
});
