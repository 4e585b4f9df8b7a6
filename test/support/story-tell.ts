// Story tell: a story told in every way, each of which must agree with its tables and with the others.
// In: a parsed story. Out: nothing, or an error with file and line.
// Pure.

import assert from 'node:assert/strict';
import type { Plant } from '../../src/core/plant-model.ts';
import type { Stretch } from '../../src/core/timeline.ts';
import { shown } from './delivered.ts';
import { checkRow, isTold, windowOf } from './story-check.ts';
import { type StoryStep, storySteps } from './story-events.ts';
import { type StoryPlant, storyPlant } from './story-plant.ts';
import { backwardsAndTwice, CoreRun, PipelineRun, type PlantAfter } from './story-run.ts';
import { cell, type Row, type Story, StoryError } from './story-table.ts';

interface Telling {
  readonly setting: StoryPlant;
  readonly steps: readonly StoryStep[];
  readonly plantAfter: PlantAfter;
}

/** Through the core alone, through the pipeline, with a restart after every step, and backwards and twice. */
export function tell(story: Story): void {
  const setting = storyPlant(story.settings);
  const steps = storySteps(story.events, setting.instant);
  const changes = steps.flatMap(step => (step.kind === 'plant' ? [step.change] : []));
  const plantAfter: PlantAfter = step =>
    storyPlant(story.settings, step.kind === 'plant' ? changes.slice(0, changes.indexOf(step.change) + 1) : []).plant;
  const telling: Telling = { setting, steps, plantAfter };
  for (const seen of new Set(story.expectations.map(row => cell(row, 'seen')))) {
    const rows = story.expectations.filter(row => cell(row, 'seen') === seen);
    check(telling, rows, upTo(steps, rows[0], seen, setting.instant));
  }
  checkTimeline(telling, story.timeline);
  checkRefusals(telling);
  checkRestarts(telling);
}

function check({ setting, plantAfter }: Telling, rows: readonly Row[], some: readonly StoryStep[]): void {
  const plant: Plant =
    some
      .filter(step => step.kind === 'plant')
      .map(plantAfter)
      .at(-1) ?? setting.plant;
  const core = new CoreRun(setting.plant, some, plantAfter);
  const pipeline = new PipelineRun(setting.plant, some, plantAfter);
  const mirrored = isPlain(some) ? new PipelineRun(setting.plant, backwardsAndTwice(some), plantAfter) : null;
  for (const row of rows) {
    const unit = cell(row, 'unit');
    const machine = core.machines.get(unit);
    const window = windowOf(row, setting, plant, machine?.runs ?? [], machine?.edge ?? 0);
    const [byCore, byPipeline] = [core.figures(unit, window), pipeline.figures(unit, window)];
    checkRow(row, byPipeline, 'the pipeline');
    if (!isTold(row)) checkRow(row, byCore, 'the core');
    assert.deepEqual(
      shown(byPipeline?.tally ?? assert.fail()),
      shown(byCore?.tally ?? assert.fail()),
      `${row.place}: the pipeline and the core differ`,
    );
    if (mirrored !== null && !isTold(row)) {
      checkRow(row, mirrored.figures(unit, window), 'the pipeline, told backwards and twice,');
    }
  }
}

function checkTimeline({ setting, steps, plantAfter }: Telling, rows: readonly Row[]): void {
  const ways = [new CoreRun(setting.plant, steps, plantAfter), new PipelineRun(setting.plant, steps, plantAfter)];
  for (const machine of new Set(rows.map(row => cell(row, 'machine')))) {
    const mine = rows.filter(row => cell(row, 'machine') === machine);
    const from = Math.min(...mine.map(row => setting.instant(row, cell(row, 'from'))));
    const to = Math.max(...mine.map(row => setting.instant(row, cell(row, 'to'))));
    for (const way of ways) holdTimeline(mine, way.timeline(machine, from, to), setting.instant);
  }
}

function checkRefusals({ setting, steps, plantAfter }: Telling): void {
  const { rig } = new PipelineRun(setting.plant, steps, plantAfter);
  const wanted = steps.flatMap(step => (step.kind === 'event' && step.refused !== null ? [step.refused] : []));
  assert.deepEqual(rig.deadLetters.map(letter => letter.code).sort(), wanted.sort(), 'dead letters');
  const { read, inState, repeats, deadLettered } = rig.partition.accounting;
  assert.equal(read, inState + repeats + deadLettered, 'accounting');
}

function checkRestarts({ setting, steps, plantAfter }: Telling): void {
  const [calm, restless] = [false, true].map(each =>
    new PipelineRun(setting.plant, steps, plantAfter, each).rig.rows(),
  );
  assert.deepEqual(restless, calm, 'a restart after every step changes nothing');
}

/** Events and clock alone, nothing refused and no clock between that a late event would meet otherwise. */
const isPlain = (steps: readonly StoryStep[]): boolean =>
  steps.every(step => (step.kind === 'event' && step.refused === null) || step.kind === 'clock');

/** The steps up to the clock row at which the expectations were seen. */
function upTo(
  steps: readonly StoryStep[],
  row: Row | undefined,
  seen: string,
  instant: StoryPlant['instant'],
): readonly StoryStep[] {
  if (seen === '' || row === undefined) return steps;
  const at = instant(row, seen);
  const index = steps.findIndex(step => step.kind === 'clock' && step.at === at);
  if (index < 0) throw new StoryError(row.place, `no clock row at ${seen}`);
  return steps.slice(0, index + 1);
}

function holdTimeline(rows: readonly Row[], stretches: readonly Stretch[], instant: StoryPlant['instant']): void {
  const stops = new Map<string, string>();
  let at = 0;
  for (const row of rows) {
    const [from, to] = [instant(row, cell(row, 'from')), instant(row, cell(row, 'to'))];
    if (at !== 0 && from !== at) throw new StoryError(row.place, 'an interval starts where the one before ends');
    at = to;
    for (const stretch of stretches.filter(each => each.from < to && each.to > from)) {
      const found = { category: stretch.category, source: stretch.source, reason: stretch.reason ?? '-' };
      for (const name of ['category', 'source', 'reason'] as const) {
        const wanted = cell(row, name);
        if (wanted !== '' && wanted !== found[name])
          throw new StoryError(row.place, `${name} should be ${wanted}, found ${found[name]}`);
      }
      const label = cell(row, 'stop');
      const known = stops.get(label) ?? stretch.stopId;
      if (label === '-' && stretch.stopId !== null)
        throw new StoryError(row.place, `no stop wanted, found ${stretch.stopId}`);
      if (label === '' || label === '-') continue;
      if (known === null || known !== stretch.stopId)
        throw new StoryError(row.place, `stop ${label} is ${known}, found ${stretch.stopId}`);
      stops.set(label, known);
    }
  }
  const names = [...stops.values()];
  assert.equal(new Set(names).size, names.length, `${rows[0]?.place}: two labels name one stop`);
}
