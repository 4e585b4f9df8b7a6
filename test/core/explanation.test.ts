// Explanation: what a change did to the figures is what is missing from a life in which nobody ever made it.
// In: a shift of one machine with changes by people. Out: its explanation, beside those of other lives.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explain } from '../../src/core/explanation.ts';
import { PipelineRig } from '../support/pipeline-rig.ts';
import { smallPlant } from '../support/small-plant.ts';

const SIX = Date.UTC(2026, 10, 16, 6);
const at = (minute: number): number => SIX + minute * 60_000;
const head = (id: string, minute: number) => ({ id, machine: 'm1', at: at(minute) });
const person = { by: 'anna', why: 'seen' };

const TOLD = [
  { ...head('s1', 0), type: 'state', state: 'producing' },
  { ...head('c1', 1), type: 'count', good: 40, reject: 2 },
  { ...head('s2', 10), type: 'state', state: 'stop' },
  { ...head('s3', 20), type: 'state', state: 'producing' },
  { ...head('c2', 30), type: 'count', good: 500 },
  { ...head('h', 59), type: 'heartbeat' },
];
const CHANGES = [
  { ...head('why', 61), type: 'reclassify', from: at(10), to: at(20), category: 'setup', reason: 'C1', ...person },
  { ...head('scrap', 31), type: 'requalify', good: -7, reject: 7, ...person },
  { ...head('off', 62), type: 'shift', from: at(40), to: at(50), planned: 'plannedStop', name: 'drill', ...person },
];

function lifeWith(changes: readonly object[], last: readonly object[] = []) {
  const rig = new PipelineRig(smallPlant({ machine: { silenceMs: null } }), SIX);
  rig
    .events([...TOLD, ...changes], at(63))
    .events(last, at(64))
    .tick(at(65));
  const machine = rig.partition.machines.get('m1');
  assert.ok(machine !== undefined);
  return explain(machine, at(0), at(60));
}

test('without a change the figures are those of a life in which it was never said', () => {
  const whole = lifeWith(CHANGES);
  assert.deepEqual(new Set(whole.changes.map(({ id }) => id)), new Set(['why', 'scrap', 'off']));
  for (const { id, without } of whole.changes) {
    assert.deepEqual(without, lifeWith(CHANGES.filter(change => change.id !== id)).figures, id);
  }
  const untouched = lifeWith([]);
  assert.deepEqual(whole.asTold, untouched.figures);
  assert.notDeepEqual(whole.figures, untouched.figures);
  assert.deepEqual([whole.figures.good, untouched.figures.good], [533, 540]);
});

test('what was taken back says by whom, and does nothing; its revocation taken back, it stands again', () => {
  const undo = { id: 'no', machine: 'm1', at: at(63), type: 'revoke', revokes: 'scrap', by: 'bo', why: 'wrong line' };
  const once = lifeWith(CHANGES, [undo]);
  const scrap = once.changes.find(({ id }) => id === 'scrap');
  assert.equal(scrap?.undone?.by, 'bo');
  assert.equal(scrap?.without, null);
  assert.equal(once.figures.good, 540);
  const redo = { ...undo, id: 'yes', at: at(63) + 1, revokes: 'no', why: 'right line after all' };
  const twice = lifeWith(CHANGES, [undo, redo]);
  assert.equal(twice.changes.find(({ id }) => id === 'scrap')?.undone, null);
  assert.equal(twice.figures.good, 533);
});

test('intervals and plan cover the span without a gap, and the pieces add up to the figures', () => {
  const { intervals, plan, pieces, figures } = lifeWith(CHANGES);
  for (const parts of [intervals, plan]) {
    assert.equal(parts[0]?.from, new Date(at(0)).toISOString());
    assert.equal(parts.at(-1)?.to, new Date(at(60)).toISOString());
    for (const [index, part] of parts.entries()) {
      if (index > 0) assert.equal(part.from, parts[index - 1]?.to);
    }
  }
  assert.ok(plan.some(({ kind, name }) => kind === 'plannedStop' && name === 'drill'));
  assert.deepEqual(pieces, [
    { product: 'p', idealCycleMs: 1000, good: figures.good, reject: figures.reject, rework: 0, quarantined: 0 },
  ]);
});
