// Report place: where a unit stands in the plant, in the words of the plant file.
// In: the plant, a unit's id. Out: its name, the way to it, its clock.
// Pure.

import type { Plant } from '../core/plant-model.ts';

export interface UnitPlace {
  readonly name: string;
  /** names above it, outermost first */
  readonly path: string;
  /** IANA zone of its site */
  readonly zone: string;
  readonly nameOf: (unit: string) => string;
}

export function placeOf(plant: Plant, id: string): UnitPlace {
  const units = new Map(
    [...plant.sites, ...plant.areas, ...plant.lines, ...plant.machines].map(unit => [unit.id, unit]),
  );
  const nameOf = (unit: string): string => units.get(unit)?.name ?? unit;
  const machine = plant.machines.find(each => each.id === id);
  const line = plant.lines.find(each => each.id === (machine?.line ?? id));
  const area = plant.areas.find(each => each.id === (line?.area ?? id));
  const site = plant.sites.find(each => each.id === (area?.site ?? id));
  const above = [site, area, line].flatMap(unit => (unit === undefined || unit.id === id ? [] : [unit.name]));
  return { name: nameOf(id), path: above.join(' · '), zone: site?.zone ?? 'UTC', nameOf };
}
