// Partition: the machines, lines and roll-ups that share one log, and what has happened to every event of it.
// In: a plant, a partition's share of it. Out: the state that the pipeline works on.
// Pure; changed in place by one owner.

import { type PlantIndex, plantIndexOf } from './admission.ts';
import { type AlertState, newAlertState } from './alert-state.ts';
import { type Calendar, calendarOf } from './calendar.ts';
import { type Corrections, NO_CORRECTIONS } from './correction.ts';
import type { RevokeEvent } from './event.ts';
import { type Line, newLine } from './line.ts';
import type { LogClock } from './log-clock.ts';
import type { Machine } from './machine.ts';
import { newMachine } from './new-machine.ts';
import type { CycleModel, MachineModel, Plant } from './plant-model.ts';
import type { ReadingRules } from './reading-rules.ts';
import { type Rollup, rollupsOf } from './rollup.ts';

/** What became of every event: read = inState + repeats + deadLettered, always. */
export interface Accounting {
  read: number;
  inState: number;
  repeats: number;
  deadLettered: number;
}

export interface Partition {
  readonly index: number;
  /** null until the first plant entry of the log */
  plant: Plant | null;
  names: PlantIndex;
  machines: Map<string, Machine>;
  lines: Line[];
  /** the line of each machine */
  lineOf: Map<string, Line>;
  rollups: Rollup[];
  /** packed results of lines that came before the first plant */
  readonly waiting: string[];
  alerts: AlertState;
  /** revocations that name no machine: they wait for their target, whichever machine it turns up on */
  revocations: Map<string, RevokeEvent>;
  /** correction and requalification ids -> their machine */
  correctable: Map<string, string>;
  accounting: Accounting;
  /** latest tick, epoch ms */
  tick: number;
  /** null while ticks carry no time of their own */
  clock: LogClock | null;
  readonly share: Share;
}

/** Which units of a plant a partition carries. */
export type Share = (unit: string) => boolean;

export function newPartition(index: number, share: Share): Partition {
  return {
    index,
    plant: null,
    names: plantIndexOf({ machines: [], products: [] }),
    machines: new Map(),
    lines: [],
    lineOf: new Map(),
    rollups: [],
    waiting: [],
    alerts: newAlertState(),
    revocations: new Map(),
    correctable: new Map(),
    accounting: { read: 0, inState: 0, repeats: 0, deadLettered: 0 },
    tick: 0,
    clock: null,
    share,
  };
}

/** The machine on which a revocation without machine takes effect; undefined while nothing that it could mean is known. */
export function ownerOf(partition: Partition, revoke: RevokeEvent): string | undefined {
  const seen = new Set<string>();
  let target: string = revoke.revokes;
  for (let next = partition.revocations.get(target); next !== undefined; next = partition.revocations.get(target)) {
    if (seen.has(target)) return undefined;
    seen.add(target);
    target = next.revokes;
  }
  return partition.correctable.get(target);
}

/**
 * The rules by which each machine of the plant is read.
 * @param cyclesOf the ideal cycles of a line's constraint, when people changed them since
 */
export function rulesOf(
  plant: Plant,
  cyclesOf: (constraint: MachineModel) => readonly CycleModel[] = constraint => constraint.cycles,
): (machine: MachineModel, corrections: Corrections) => ReadingRules {
  const calendars = new Map<string, Calendar>(plant.calendars.map(model => [model.id, calendarOf(model)]));
  const models = new Map(plant.machines.map(machine => [machine.id, machine]));
  const lines = new Map(plant.lines.map(line => [line.id, line]));
  return (machine, corrections) => {
    const line = lines.get(machine.line);
    const endsLine = line?.machines.at(-1) === machine.id;
    const constraint = endsLine && line.constraint !== null ? models.get(line.constraint) : undefined;
    const lineCycles = constraint === undefined ? null : cyclesOf(constraint);
    const calendar = calendars.get(machine.calendar);
    if (calendar === undefined) throw new Error(`plant without calendar ${machine.calendar}`);
    return { machine, calendar, corrections, lineCycles };
  };
}

/** Sets a partition up for a plant; machines that are there already keep their facts. */
export function adoptPlant(partition: Partition, plant: Plant): void {
  const rules = rulesOf(plant);
  const before = partition.machines;
  partition.plant = plant;
  partition.names = plantIndexOf(plant);
  partition.machines = new Map();
  for (const model of plant.machines) {
    if (!partition.share(model.line)) continue;
    partition.machines.set(model.id, before.get(model.id) ?? newMachine(rules(model, NO_CORRECTIONS), plant.settings));
  }
  partition.lines = plant.lines
    .filter(line => partition.share(line.id))
    .map(line => {
      const old = partition.lines.find(candidate => candidate.model.id === line.id);
      const fresh = newLine(
        line,
        line.machines.flatMap(id => partition.machines.get(id) ?? []),
      );
      return old === undefined
        ? fresh
        : { ...fresh, finalUpTo: old.finalUpTo, revisions: old.revisions, windows: old.windows };
    });
  partition.lineOf = new Map(partition.lines.flatMap(line => line.model.machines.map(id => [id, line])));
  const sums = new Map(partition.rollups.map(rollup => [rollup.unit, rollup]));
  partition.rollups = rollupsOf(plant)
    .filter(rollup => partition.share(rollup.unit))
    .map(rollup => {
      const old = sums.get(rollup.unit);
      if (old === undefined) return rollup;
      const { unit: _unit, level: _level, lines: _lines, ...known } = old;
      return { ...rollup, ...known };
    });
}
