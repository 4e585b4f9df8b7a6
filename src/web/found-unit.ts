// Found unit: a site, line or machine by its id: what it is called, where it stands, whose time is its time.
// In: the plant, an id. Out: the unit, or null.
// Pure.

import type { LineAnswer, MachineAnswer, PlantAnswer } from './plant-answer.ts';

export interface FoundUnit {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly zone: string;
  readonly machine: MachineAnswer | null;
  /** machines whose time is the unit's time: itself, its constraint, or all that work side by side */
  readonly timeOf: readonly MachineAnswer[];
}

/** A serial line's time is its constraint's, that of parallel machines the sum of theirs. */
const timeOfLine = ({ kind, constraint, machines }: LineAnswer): readonly MachineAnswer[] =>
  kind === 'parallel' ? machines : machines.filter(({ id }) => id === constraint);

export function unitOf(plant: PlantAnswer, id: string): FoundUnit | null {
  for (const site of plant.sites) {
    const { zone } = site;
    if (site.id === id) return { id, name: site.name, path: plant.name, zone, machine: null, timeOf: [] };
    for (const area of site.areas) {
      for (const line of area.lines) {
        const path = `${site.name} · ${area.name}`;
        if (line.id === id) return { id, name: line.name, path, zone, machine: null, timeOf: timeOfLine(line) };
        const machine = line.machines.find(m => m.id === id);
        if (machine === undefined) continue;
        return { id, name: machine.name, path: `${path} · ${line.name}`, zone, machine, timeOf: [machine] };
      }
    }
  }
  return null;
}
