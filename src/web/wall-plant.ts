// Wall plant: what of a plant hangs on one wall: the lines, areas or sites that its address names, or all of it.
// In: the plant, names. Out: the plant with nothing else in it; what is meant by no name; whether an alert is about what hangs there.
// Pure.

import type { WireAlert } from '../core/alert-to-wire.ts';
import { machinesOf, type PlantAnswer, type SiteAnswer } from './plant-answer.ts';

/** `?kiosk=line-1,packing`: ids by commas; none: everything. */
export const wallNames = (parameter: string): readonly string[] =>
  parameter
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '');

export function wallPlant(plant: PlantAnswer, names: readonly string[]): PlantAnswer {
  if (names.length === 0) return plant;
  const isNamed = (...ids: readonly string[]): boolean => ids.some(id => names.includes(id));
  const sites = plant.sites.map(site => ({
    ...site,
    areas: site.areas
      .map(area => ({ ...area, lines: area.lines.filter(line => isNamed(site.id, area.id, line.id)) }))
      .filter(area => area.lines.length > 0),
  }));
  return { ...plant, sites: sites.filter(site => site.areas.length > 0) };
}

/** Everything that can hang on a wall. */
const placesOf = ({ sites }: PlantAnswer): string[] =>
  sites.flatMap(site => [site.id, ...site.areas.flatMap(area => [area.id, ...area.lines.map(line => line.id)])]);

/** Names that nothing of the plant has, and all that could be meant. */
export function unknownNames(plant: PlantAnswer, names: readonly string[]): { unknown: string[]; known: string[] } {
  const known = placesOf(plant);
  return { unknown: names.filter(name => !known.includes(name)), known };
}

/** Each line by itself is what a wall shows at a time. */
export const wallPages = (sites: readonly SiteAnswer[]): SiteAnswer[] =>
  sites.flatMap(site =>
    site.areas.flatMap(area => area.lines.map(line => ({ ...site, areas: [{ ...area, lines: [line] }] }))),
  );

/** An alert of the engine itself concerns everybody; one of a whole site or area, all that lies in it. */
export function concernsWall(plant: PlantAnswer, { unit, members }: Pick<WireAlert, 'unit' | 'members'>): boolean {
  const here = new Set([...placesOf(plant), ...machinesOf(plant).map(({ id }) => id)]);
  return unit === 'engine' || here.has(unit) || members.some(member => here.has(member.unit));
}
