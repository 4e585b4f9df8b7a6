// Chaos plant: two sites, four areas, six lines in six partitions, twelve machines; two-hour shifts, and a day that ends at 06:00.
// In: nothing. Out: the plant file, its units, its calendar said in plain instants.
// Pure.

import type { Plant } from '../../src/core/plant-model.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/time.ts';
import { partitionOfLine } from '../../src/journal/keys.ts';
import { parsePlant } from '../../src/plant/parse-plant.ts';
import type { NaivePlan } from './naive-tally.ts';

export const CHAOS_PARTITIONS = 8;

/** A line for each of the first six partitions; areas and sites lie where their names say, beside lines or alone. */
const LINES: readonly string[] = Array.from({ length: 6 }, (_, partition) => {
  for (let n = 1; ; n += 1) if (partitionOfLine(`press-${n}`, CHAOS_PARTITIONS) === partition) return `press-${n}`;
});
const AREAS: readonly (readonly [area: string, ...lines: number[]])[] = [
  ['hall-north', 0, 1],
  ['hall-south', 2],
  ['shop-left', 3, 4],
  ['shop-right', 5],
];
/** Lines of each site: what one gateway speaks for. */
export const GATEWAYS: readonly (readonly string[])[] = [LINES.slice(0, 3), LINES.slice(3)];
/** Adds up lines of several partitions: how often it was told, and what in between, hangs on which line spoke first. */
export const isSumOfSeveral = (unit: string): boolean =>
  unit.startsWith('works-') || AREAS.some(([area, ...lines]) => area === unit && lines.length > 1);
export const machinesOf = (line: string): readonly [string, string] => [`${line}-a`, `${line}-b`];
const isSerial = (line: string): boolean => LINES.indexOf(line) % 2 === 0;
/** The second machine of a parallel line tells what its counter stands at, the others what they made. */
export const tellsCounter = (machine: string): boolean => machine.endsWith('-b') && !isSerial(machine.slice(0, -2));

/** All of it lies in the past, at the same instants in every run, and long before the wall clock that ticks. */
const DAY = Date.UTC(2026, 2, 16);
export const BEGIN = DAY + 4 * HOUR_MS;
export const SHIFT_MS = 2 * HOUR_MS;
const LATENESS_MS = 2 * MINUTE_MS;
/** After the last word of a round: its windows are final by then. */
export const PAUSE_MS = 2 * LATENESS_MS;

const clock = (hour: number, minute = 0): string =>
  `"${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}"`;
const HOURS = Array.from({ length: 9 }, (_, index) => 4 + 2 * index);
const shiftOf = (hour: number): string =>
  `      s${hour}: { start: ${clock(hour)}, end: ${clock(hour + 2)}, breaks: [{ name: tea, start: ${clock(hour + 1)}, end: ${clock(hour + 1, 10)} }] }`;

function lineOf(line: string): string {
  const [a, b] = machinesOf(line);
  const kind = isSerial(line) ? `kind: serial, constraint: ${a}` : 'kind: parallel';
  return `{ id: ${line}, ${kind}, machines: [{ id: ${a} }, { id: ${b} }] }`;
}
const areaOf = ([area, ...lines]: (typeof AREAS)[number]): string =>
  `      - { id: ${area}, lines: [${lines.map(index => lineOf(LINES[index] ?? '')).join(', ')}] }`;

export const CHAOS_PLANT = `plant: Chaos
settings: { lateness: ${LATENESS_MS / 1_000}s }
products: { p: { name: P }, q: { name: Q } }
defaults: { vocabulary: canonical, silence: off, microStop: 60s, calendar: days, product: p, cycles: { p: 500ms, q: 800ms } }
calendars:
  days:
    zone: UTC
    dayStart: "06:00"
    shifts:
${HOURS.map(shiftOf).join('\n')}
    weekly: { mon-sun: [${HOURS.map(hour => `s${hour}`).join(', ')}] }
sites:
  - id: works-east
    zone: UTC
    areas:
${AREAS.slice(0, 2).map(areaOf).join('\n')}
  - id: works-west
    zone: UTC
    areas:
${AREAS.slice(2).map(areaOf).join('\n')}
`;

export const SITES = ['works-east', 'works-west'];
export const MACHINES: readonly string[] = LINES.flatMap(machinesOf);
export const UNITS: readonly string[] = [...MACHINES, ...LINES, ...AREAS.map(([area]) => area), ...SITES];
export const isMachine = (unit: string): boolean => MACHINES.includes(unit);
/** Partitions that carry a unit. */
export const WORKED: readonly number[] = [...new Set(UNITS.filter(unit => !isMachine(unit)).map(homeOf))];
function homeOf(unit: string): number {
  return partitionOfLine(unit, CHAOS_PARTITIONS);
}

/** The calendar of the days around, in instants. */
export const CHAOS_PLAN: NaivePlan = {
  shifts: [-DAY_MS, 0, DAY_MS].flatMap(day => HOURS.map(hour => span(day + hour * HOUR_MS, SHIFT_MS))),
  breaks: [-DAY_MS, 0, DAY_MS].flatMap(day => HOURS.map(hour => span(day + (hour + 1) * HOUR_MS, 10 * MINUTE_MS))),
};
function span(after: number, length: number): { from: number; to: number } {
  return { from: DAY + after, to: DAY + after + length };
}

export function chaosPlant(): Plant {
  const plant = parsePlant(CHAOS_PLANT, 'chaos.yaml');
  if ('faults' in plant) throw new Error(JSON.stringify(plant.faults));
  return plant;
}
