// Plant day: one UTC day of the simulated plant, second by second.
// In: a plant, a seed and a day. Out: what happens, the same however often and from wherever it is asked.
// Pure.

import { type Calendar, calendarOf } from '../core/calendar.ts';
import type { LineModel, MachineModel, Plant } from '../core/plant-model.ts';
import { DAY_MS, isoOf, SECOND_MS } from '../core/time.ts';
import { type Chance, chanceOf } from './chance.ts';
import { troublesOf } from './day-troubles.ts';
import type { Deed } from './deed.ts';
import { DemoMachine, type Second } from './demo-machine.ts';
import { LoneMachine } from './lone-machine.ts';
import { type Character, charactersOf } from './machine-character.ts';
import { type Job, orderBookOf } from './order-book.ts';
import { SerialLine } from './serial-line.ts';

/** What is the same on all days. */
export interface DemoPlant {
  readonly plant: Plant;
  readonly seed: string;
  readonly characters: ReadonlyMap<string, Character>;
  readonly calendars: ReadonlyMap<string, Calendar>;
  /** how far each machine's clock is ahead of true time, ms; the same on all days, so that no day overlaps the next */
  readonly skews: ReadonlyMap<string, number>;
}

/** Machines with a wrong clock, and by how much: far more than any network, far less than `maxAhead`. */
const SKEWED_PART = 0.3;
const SKEW_MS = [700, 4_000] as const;

export function demoPlantOf(plant: Plant, seed: string): DemoPlant {
  const chance = chanceOf(`${seed} clocks`);
  const skews = plant.machines.map(machine => {
    const skew = chance.whole(...SKEW_MS) * (chance.hits(0.5) ? 1 : -1);
    // A machine whose last pieces belong to the shift that ends must know exactly when it ends.
    const skewed = chance.hits(SKEWED_PART) && machine.countEdge === 'starting';
    return [machine.id, skewed ? skew : 0] as const;
  });
  return {
    plant,
    seed,
    characters: charactersOf(plant),
    calendars: new Map(plant.calendars.map(model => [model.id, calendarOf(model)])),
    skews: new Map(skews),
  };
}

export const SECONDS_A_DAY = DAY_MS / SECOND_MS;

/**
 * The deeds of one UTC day, one array per second, in order; the array is emptied when the next one is asked for.
 *
 * The plant begins anew every midnight UTC, in the middle of its work: machines say what they do, counters start from 0,
 * orders have new numbers. So a simulator that is started again lives through the same day again and comes out at the
 * same second with the same facts; nothing has to be saved for that.
 */
export function* deedsOfDay(demo: DemoPlant, dayStart: number): Generator<readonly Deed[]> {
  const deeds: Deed[] = [];
  const units = unitsOf(demo, dayStart, deeds);
  for (let number = 0; number < SECONDS_A_DAY; number += 1) {
    const second: Second = { t: dayStart + number * SECOND_MS, number };
    const last = number === SECONDS_A_DAY - 1;
    for (const unit of units) {
      if (last) unit.endDay(second);
      else unit.step(second);
    }
    yield deeds;
    deeds.length = 0;
  }
}

function unitsOf(demo: DemoPlant, dayStart: number, out: Deed[]): (SerialLine | LoneMachine)[] {
  const { plant, seed, characters, calendars, skews } = demo;
  const date = isoOf(dayStart).slice(0, 10);
  const troubles = troublesOf(plant, characters, chanceOf(`${seed} ${date} troubles`));
  const machineOf = (machine: MachineModel, place: number): DemoMachine | null => {
    const character = characters.get(machine.id);
    const calendar = calendars.get(machine.calendar);
    if (character === undefined || calendar === undefined) return null;
    return new DemoMachine({
      machine,
      character,
      calendar,
      troubles: troubles.get(machine.id) ?? [],
      chance: chanceOf(`${seed} ${date} ${machine.id}`),
      offsetMs: offsetOf(machine, place),
      skewMs: skews.get(machine.id) ?? 0,
      dayStart,
      out,
    });
  };
  const known = new Map(plant.machines.map(machine => [machine.id, machine]));
  return plant.lines.flatMap((line): (SerialLine | LoneMachine)[] => {
    const models = line.machines.flatMap(id => known.get(id) ?? []);
    const machines = models.flatMap((model, place) => machineOf(model, place) ?? []);
    const chance = chanceOf(`${seed} ${date} ${line.id}`);
    return line.kind === 'serial' ? serialOf(line, machines, dayStart, chance) : parallelOf(machines, dayStart, chance);
  });
}

/** With 100 ms a last report, 100 ms before a change of state, is stamped exactly at the shift's end. */
const offsetOf = (machine: MachineModel, place: number): number =>
  machine.countEdge === 'ending' ? 100 : 5 + ((place * 17) % 90);

function jobsOf(machine: DemoMachine, dayStart: number): Job[] {
  const products = [...new Set(machine.machine.cycles.map(cycle => cycle.product))];
  return products.flatMap(product => {
    const cycleUs = machine.cycleUs(product, dayStart);
    return cycleUs === null ? [] : [{ product, cycleUs }];
  });
}

function serialOf(line: LineModel, machines: DemoMachine[], dayStart: number, chance: Chance): SerialLine[] {
  const constraint = machines.findIndex(machine => machine.machine.id === line.constraint);
  const lead = machines[constraint];
  if (lead === undefined) return [];
  const orders = orderBookOf(line.id, jobsOf(lead, dayStart), lead.character.orderHours, chance);
  return [new SerialLine({ machines, constraint, orders, chance })];
}

/** A machine with a product of its own needs no orders; the first of a line takes some all the same. */
function parallelOf(machines: DemoMachine[], dayStart: number, chance: Chance): LoneMachine[] {
  return machines.map((machine, place) => {
    const { id, product } = machine.machine;
    const takesOrders = product === null || place === 0;
    const orders = takesOrders
      ? orderBookOf(id, jobsOf(machine, dayStart), machine.character.orderHours, chance)
      : null;
    return new LoneMachine(machine, orders);
  });
}
