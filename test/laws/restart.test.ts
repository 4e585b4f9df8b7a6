// Law of restarts: a program that dies and goes on from its checkpoint says what it would have said: figures, revisions, authors.
// In: made-up plants, events and lives with deaths in them. Out: the law over everything that was told and everything that is kept.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { MachineModel, Plant } from '../../src/core/plant-model.ts';
import { HOUR_MS } from '../../src/core/time.ts';
import { deliver } from '../support/delivered.ts';
import { BEGIN } from '../support/made-up-calendar.ts';
import { deliveries } from '../support/made-up-delivery.ts';
import { lifeOf, live, toldBy } from '../support/made-up-life.ts';
import { machine, plantEvents, plantWith } from '../support/made-up-shift.ts';
import { PipelineRig } from '../support/pipeline-rig.ts';

/** A life is a thousand steps long: one that breaks the law is reported as it was found, with its seed, and not made smaller. */
const RUNS = { includeErrorInReport: true, endOnFailure: true, numRuns: Number(process.env.OEE_LAW_RUNS ?? 15) };

/** A short horizon lets facts, windows and revisions go within a life of three days. */
const plantOf = (model: Partial<MachineModel>, horizonMs: number, revision: string): Plant => {
  const plant = plantWith(model);
  return { ...plant, revision, settings: { ...plant.settings, horizonMs, maxAheadMs: 300_000 } };
};

const stories = fc
  .tuple(machine, machine, fc.constantFrom(HOUR_MS, 7 * 24 * HOUR_MS), plantEvents)
  .chain(([before, after, horizonMs, list]) =>
    fc.tuple(fc.constant(plantOf(before, horizonMs, 'r1')), lifeOf(list, plantOf(after, horizonMs, 'r2'))),
  );

/** What is a set to the engine is kept in the order in which it came to be: the same set, whatever the order. */
const inOneOrder = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(inOneOrder).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
    : value !== null && typeof value === 'object'
      ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, inOneOrder(item)]))
      : value;

const kept = ({ fields }: PipelineRig): unknown =>
  Object.fromEntries([...fields].sort().map(([name, text]) => [name, JSON.stringify(inOneOrder(JSON.parse(text)))]));

test('a death of the process does not show: what is told last, every revision and what is kept are those of a life without it', () => {
  fc.assert(
    fc.property(stories, ([plant, { steps, deaths }]) => {
      const lived = live(new PipelineRig(plant, BEGIN), steps, deaths);
      const through = live(new PipelineRig(plant, BEGIN), steps, new Set());
      assert.deepEqual(toldBy(lived), toldBy(through));
      assert.deepEqual(kept(lived), kept(through));
    }),
    RUNS,
  );
});

const shuffled = fc
  .tuple(machine, plantEvents)
  .chain(([m, list]) => fc.tuple(fc.constant(plantWith(m)), fc.constant(list), deliveries(list.length)));

test('nor does it show in whatever order, repetition and company the events come', () => {
  fc.assert(
    fc.property(shuffled, ([plant, list, steps]) => {
      const lived = deliver(plant, list, steps);
      const through = deliver(
        plant,
        list,
        steps.filter(step => !('restart' in step)),
      );
      assert.deepEqual(toldBy(lived), toldBy(through));
      assert.deepEqual(kept(lived), kept(through));
    }),
    { ...RUNS, numRuns: 2 * RUNS.numRuns },
  );
});
