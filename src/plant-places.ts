// Plant places: where each unit stands: its site, area and line.
// In: a plant. Out: a map by unit id.
// Pure.

import type { Plant } from './core/plant-model.ts';

export interface UnitPlace {
  readonly site: string | null;
  readonly area: string | null;
  readonly line: string | null;
}

export function placesOf(plant: Plant): ReadonlyMap<string, UnitPlace> {
  return new Map<string, UnitPlace>([
    ...plant.sites.map(({ id }) => [id, { site: id, area: null, line: null }] as const),
    ...plant.areas.map(({ id, site }) => [id, { site, area: id, line: null }] as const),
    ...plant.lines.map(({ id, site, area }) => [id, { site, area, line: id }] as const),
    ...plant.machines.map(({ id, site, area, line }) => [id, { site, area, line }] as const),
  ]);
}
