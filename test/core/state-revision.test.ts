// State revision: what an older program saved is read by this one, what a newer one saved is left alone.
// In: a state saved at revision 1, made-up steps. Out: laws that hold.
// Touches a stored fixture, reading only.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { loadPartition } from '../../src/core/checkpoint.ts';
import type { Changes, Checkpoint } from '../../src/core/log-entry.ts';
import { STATE_LAW, type StateLaw, StateRefused, upgradeState } from '../../src/core/state-revision.ts';
import { PipelineRig } from '../support/pipeline-rig.ts';
import { firstHalf, MORNING, secondHalf } from '../support/saved-morning.ts';
import { smallPlant } from '../support/small-plant.ts';

/** Saved by the program that wrote revision 1; never written anew. */
const SAVED = new URL('../fixtures/state-revision-1.json', import.meta.url);

function savedState(): Checkpoint {
  const { offset, fields, texts } = JSON.parse(readFileSync(SAVED, 'utf8')) as {
    offset: string;
    fields: Record<string, string>;
    texts: Record<string, string>;
  };
  return { offset, fields: new Map(Object.entries(fields)), texts: new Map(Object.entries(texts)) };
}

function rigOn({ fields, texts }: Checkpoint): PipelineRig {
  const rig = new PipelineRig(smallPlant(), MORNING);
  rig.fields.clear();
  rig.texts.clear();
  for (const [field, text] of fields) rig.fields.set(field, text);
  for (const [suffix, text] of texts) rig.texts.set(suffix, text);
  return rig.restart();
}

/** What Redis would hold after the commit. */
function after({ fields, texts }: Checkpoint, { set, append, drop, offset }: Changes): Checkpoint {
  const [newFields, newTexts] = [new Map(fields), new Map(texts)];
  for (const suffix of drop) newTexts.delete(suffix);
  for (const [suffix, text] of append) newTexts.set(suffix, (newTexts.get(suffix) ?? '') + text);
  for (const [field, text] of set) {
    if (text === '') newFields.delete(field);
    else newFields.set(field, text);
  }
  return { offset, fields: newFields, texts: newTexts };
}

const head = (stateRevision: number): Map<string, string> =>
  new Map([['p', JSON.stringify({ stateRevision, accounting: {}, tick: 7 })]]);

test('a morning begun by the program of revision 1 and ended by this one has the figures of a morning of this one', () => {
  const whole = secondHalf(firstHalf(new PipelineRig(smallPlant(), MORNING)));
  const gone = secondHalf(rigOn(savedState()));
  assert.ok(
    gone.results().some(result => result.unit === 'line-1' && result.final),
    'the hour of the line is final',
  );
  assert.deepEqual(gone.partition.accounting, whole.partition.accounting);
  assert.ok(gone.partition.accounting.repeats > 0, 'what the first half took in is known');
  for (const unit of ['m1', 'm2', 'p1', 'line-1', 'area-1']) {
    for (const kind of ['hour', 'shift']) {
      const { tally } = gone.latest(unit, kind) ?? {};
      assert.ok(tally !== undefined, `${unit} has its ${kind}`);
      assert.deepEqual(tally, whole.latest(unit, kind)?.tally, `${unit}, ${kind}`);
    }
  }
});

test('a state of today is taken as it is, and an empty partition needs no step', () => {
  const today: Checkpoint = { offset: '1-1', fields: head(STATE_LAW.revision), texts: new Map() };
  assert.equal(upgradeState(today).changes, null);
  assert.equal(upgradeState({ offset: '0-0', fields: new Map(), texts: new Map() }).changes, null);
});

test('a newer state is refused with its code, also where a partition is built from it', () => {
  const newer: Checkpoint = { offset: '1-1', fields: head(STATE_LAW.revision + 1), texts: new Map() };
  const refused = (error: unknown): boolean => error instanceof StateRefused && error.code === 'OEE_STATE_NEWER';
  assert.throws(() => upgradeState(newer), refused);
  assert.throws(() => loadPartition(0, () => true, newer), refused);
});

/** Two steps of a history that never was: a field is renamed, then texts are rewritten and one falls away. */
const MADE_UP: StateLaw = {
  revision: 3,
  steps: {
    1: before => {
      const fields = new Map(
        [...before.fields].map(([name, text]) => [name.replace(/^m:/, 'machine:'), text] as const),
      );
      return { ...before, fields };
    },
    2: before => {
      const texts = new Map([...before.texts].map(([suffix, text]) => [suffix, text.replaceAll('"old"', '"new"')]));
      texts.delete('gone');
      return { ...before, texts: texts.set('added', 'x\n') };
    },
  },
};

const made = (stateRevision: number): Checkpoint => ({
  offset: '5-1',
  fields: head(stateRevision).set('m:1', '{"edge":1}').set('plant', '{}'),
  texts: new Map([
    ['f:1', '{"a":"old"}\n'],
    ['f:2', '{"a":"same"}\n'],
    ['gone', 'z\n'],
  ]),
});

test('steps are taken one after another, and one commit carries the whole difference', () => {
  const before = made(1);
  const { checkpoint, changes } = upgradeState(before, MADE_UP);
  assert.ok(changes !== null);
  assert.deepEqual([...changes.set.keys()].sort(), ['m:1', 'machine:1', 'p'], 'only what differs is written');
  assert.deepEqual([...changes.append.keys()].sort(), ['added', 'f:1']);
  assert.equal(changes.offset, '5-1', 'nothing of the log is taken in by it');
  const stored = after(before, changes);
  assert.deepEqual(new Map([...stored.fields].sort()), new Map([...checkpoint.fields].sort()));
  assert.deepEqual(new Map([...stored.texts].sort()), new Map([...checkpoint.texts].sort()));
  assert.deepEqual(JSON.parse(stored.fields.get('p') ?? ''), { stateRevision: 3, accounting: {}, tick: 7 });
  assert.equal(upgradeState(stored, MADE_UP).changes, null, 'once');
  assert.deepEqual(before, made(1), 'steps are pure');
});

test('a state half-way takes only the steps that are left; one without a step is refused', () => {
  const { checkpoint } = upgradeState(made(2), MADE_UP);
  assert.ok(checkpoint.fields.has('m:1'), 'the first step is not for it');
  assert.equal(checkpoint.texts.get('f:1'), '{"a":"new"}\n');
  assert.throws(
    () => upgradeState(made(0), MADE_UP),
    (error: unknown) => error instanceof StateRefused && error.code === 'OEE_STATE_TOO_OLD',
  );
});
