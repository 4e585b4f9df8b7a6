// Line cycles: the last machine of a serial line values its good pieces at the constraint's ideal cycle, also after people changed it.
// In: a constraint's model and corrections. Out: its cycles in force; the last machine under new rules when they changed.
// Pure; changes the last machine in place.

import { enginePhrase } from './engine-phrase.ts';
import type { CycleEvent } from './event.ts';
import type { Machine } from './machine.ts';
import type { Partition } from './partition.ts';
import type { CycleModel, MachineModel } from './plant-model.ts';
import { changeRules, inTheNameOf } from './settle.ts';

/** Who changed it where no person did. */
const BY_CONSTRAINT = { by: enginePhrase('plantFile', {}), why: enginePhrase('ofConstraint', {}) };

/** The plant file's cycles, then what people said since: of equal dates the later in the list holds. */
export function cyclesInForce(model: MachineModel, said: readonly CycleEvent[]): readonly CycleModel[] {
  if (said.length === 0) return model.cycles;
  const changes = said.map(({ product, from, idealCycleMs }) => ({
    product,
    from,
    cycleUs: Math.round(idealCycleMs * 1000),
  }));
  return [...model.cycles, ...changes];
}

/** What the last machine of a line values its good pieces at; null on any other machine, and without constraint. */
export function lineCyclesOf(partition: Partition, machine: Machine): readonly CycleModel[] | null {
  const line = partition.lineOf.get(machine.rules.machine.id)?.model;
  const constraint = partition.machines.get(line?.constraint ?? '');
  if (constraint === undefined || line?.machines.at(-1) !== machine.rules.machine.id) return null;
  return cyclesInForce(constraint.rules.machine, constraint.rules.corrections.cycles);
}

/**
 * To be called when the corrections of a machine changed.
 * @returns the last machine of its line, when the change concerned it
 */
export function handOnCycles(partition: Partition, machine: Machine): Machine | null {
  const { id } = machine.rules.machine;
  const line = partition.lineOf.get(id)?.model;
  const last = line?.constraint === id ? partition.machines.get(line.machines.at(-1) ?? id) : undefined;
  const lineCycles = last === undefined ? null : lineCyclesOf(partition, last);
  if (last === undefined || JSON.stringify(lineCycles) === JSON.stringify(last.rules.lineCycles)) return null;
  const author = machine.rules.corrections.all.at(-1) ?? BY_CONSTRAINT;
  inTheNameOf(last, author, () => changeRules(last, { ...last.rules, lineCycles }));
  last.restless = true;
  return last;
}
