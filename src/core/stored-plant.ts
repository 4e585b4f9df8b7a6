// Stored plant: a plant as it travels through the log and lies in the state, also one that an older program wrote.
// In: JSON. Out: a plant with everything that today's law needs.
// Pure.

import type { LineModel, MachineModel, Plant } from './plant-model.ts';

type Younger = 'alerts' | 'maintenance' | 'receivers';
type Untagged<T extends { readonly tags: readonly string[] }> = Omit<T, 'tags'> & Partial<Pick<T, 'tags'>>;
interface Written extends Omit<Plant, Younger | 'machines' | 'lines'>, Partial<Pick<Plant, Younger>> {
  readonly machines: readonly Untagged<MachineModel>[];
  readonly lines: readonly Untagged<LineModel>[];
}

/** @param text JSON of a plant; what plants did not say before there were alerts is filled in as nothing */
export function plantOfText(text: string): Plant {
  const written = JSON.parse(text) as Written;
  return {
    ...written,
    alerts: written.alerts ?? [],
    maintenance: written.maintenance ?? [],
    receivers: written.receivers ?? [],
    machines: written.machines.map(machine => ({ ...machine, tags: machine.tags ?? [] })),
    lines: written.lines.map(line => ({ ...line, tags: line.tags ?? [] })),
  };
}
