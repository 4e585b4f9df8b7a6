// Story run: a story's steps carried out through the core alone, and through the whole pipeline.
// In: a plant and steps. Out: for a unit and a window its figures, whichever way they were made.
// Pure.

import { admissible, plantIndexOf } from '../../src/core/admission.ts';
import { NO_CORRECTIONS } from '../../src/core/correction.ts';
import { isCorrection, parseEvent } from '../../src/core/event.ts';
import { lineTally } from '../../src/core/line.ts';
import { type Machine, readEffective } from '../../src/core/machine.ts';
import { tallyOver } from '../../src/core/machine-results.ts';
import { newMachine } from '../../src/core/new-machine.ts';
import { rulesOf } from '../../src/core/partition.ts';
import type { Plant } from '../../src/core/plant-model.ts';
import { isRejection } from '../../src/core/rejection.ts';
import type { WindowKind, WindowResult } from '../../src/core/result.ts';
import { changeRules, knows, moveEdge, settle } from '../../src/core/settle.ts';
import { sumOfTallies, type Tally } from '../../src/core/tally.ts';
import type { Stretch } from '../../src/core/timeline.ts';
import { PipelineRig } from './pipeline-rig.ts';
import type { StoryStep } from './story-events.ts';
import { StoryError } from './story-table.ts';

export interface StoryWindow {
  readonly kind: WindowKind;
  readonly start: number;
  readonly end: number;
}

export interface Figures {
  readonly tally: Tally;
  readonly beside: Tally | null;
  /** what only a told window has */
  readonly told: WindowResult | null;
}

export type PlantAfter = (step: StoryStep) => Plant;

/** The law alone: facts in, edges moved, spans read from the facts. */
export class CoreRun {
  readonly machines: ReadonlyMap<string, Machine>;
  private plant: Plant;

  constructor(plant: Plant, steps: readonly StoryStep[], plantAfter: PlantAfter) {
    this.plant = plant;
    const rules = rulesOf(plant);
    this.machines = new Map(
      plant.machines.map(model => [model.id, newMachine(rules(model, NO_CORRECTIONS), plant.settings)]),
    );
    for (const step of steps) this.take(step, plantAfter);
  }

  private take(step: StoryStep, plantAfter: PlantAfter): void {
    if (step.kind === 'event' && step.refused === null) this.event(step);
    if (step.kind === 'clock') for (const machine of this.machines.values()) moveEdge(machine, step.at);
    if (step.kind !== 'plant') return;
    this.plant = plantAfter(step);
    const rules = rulesOf(this.plant);
    for (const model of this.plant.machines) {
      const machine = this.machines.get(model.id);
      if (machine !== undefined) changeRules(machine, rules(model, machine.rules.corrections));
    }
  }

  private event(step: Extract<StoryStep, { kind: 'event' }>): void {
    const event = parseEvent(step.event, step.at);
    if (isRejection(event)) throw new StoryError(step.row.place, `${event.message}. ${event.remedy}`);
    const machine = this.machines.get(event.machine);
    const trouble = admissible(event, plantIndexOf(this.plant));
    if (trouble !== null || machine === undefined)
      throw new StoryError(step.row.place, trouble?.message ?? 'no machine');
    if (isCorrection(event)) {
      if (!machine.corrections.has(event.id)) machine.freshCorrections.push(event);
    } else if (!knows(machine, event)) machine.fresh.push(event);
    settle(machine);
  }

  figures(unit: string, { start, end }: StoryWindow): Figures | null {
    const of = (id: string): Tally => {
      const machine = this.machines.get(id);
      return machine === undefined ? sumOfTallies([]) : tallyOver(machine, start, end);
    };
    if (this.machines.has(unit)) return { tally: of(unit), beside: null, told: null };
    const line = this.plant.lines.find(each => each.id === unit);
    if (line !== undefined) return { ...lineTally(line, of), told: null };
    const all = this.plant.lines.map(each => lineTally(each, of).tally);
    return unit === 'area-1' || unit === 'site-1' ? { tally: sumOfTallies(all), beside: null, told: null } : null;
  }

  timeline(unit: string, from: number, to: number): readonly Stretch[] {
    const machine = this.machines.get(unit);
    return machine === undefined ? [] : readEffective(machine, from, to).stretches;
  }
}

/** The whole pipeline, entries in the order of the table; `restless`: killed and started again after every step. */
export class PipelineRun {
  readonly rig: PipelineRig;

  constructor(plant: Plant, steps: readonly StoryStep[], plantAfter: PlantAfter, restless = false) {
    this.rig = new PipelineRig(plant, steps[0]?.at ?? 0);
    for (const step of steps) {
      if (step.kind === 'event') this.rig.events([step.event], step.at);
      if (step.kind === 'clock') this.rig.tick(step.at);
      if (step.kind === 'plant') this.rig.changePlant(plantAfter(step), step.at);
      if (step.kind === 'restart' || restless) this.rig.restart();
    }
  }

  figures(unit: string, window: StoryWindow): Figures | null {
    const { kind, start, end } = window;
    const machine = this.rig.partition.machines.get(unit);
    if (kind === 'span') {
      return machine === undefined ? null : { tally: tallyOver(machine, start, end), beside: null, told: null };
    }
    const told = this.rig.latest(unit, kind, kind.startsWith('last') ? undefined : start);
    return told === undefined ? null : { tally: told.tally, beside: told.beside, told };
  }

  timeline(unit: string, from: number, to: number): readonly Stretch[] {
    const machine = this.rig.partition.machines.get(unit);
    return machine === undefined ? [] : readEffective(machine, from, to).stretches;
  }
}

/** The same events in one breath, backwards and twice, then the last word of the clock. */
export function backwardsAndTwice(steps: readonly StoryStep[]): readonly StoryStep[] {
  const events = steps.filter(step => step.kind === 'event');
  const at = Math.max(...events.map(step => step.at));
  const clock = steps.filter(step => step.kind === 'clock').at(-1);
  return [...[...events, ...events].reverse().map(step => ({ ...step, at })), ...(clock === undefined ? [] : [clock])];
}
