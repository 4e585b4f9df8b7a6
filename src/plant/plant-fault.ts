// Plant faults: everything that is wrong with a plant file, at once, each with its place and its remedy.
// In: what the checks found. Out: a list in the file's order, and its text for a terminal.
// Pure.

import type { Rejection } from '../core/rejection.ts';

/** Where something stands in the file: keys and list positions from the top. */
export type Path = readonly (string | number)[];

export interface PlantFault extends Rejection {
  /** the key path, list entries by their id where they have one: sites.bergen.areas.filling.target */
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** A plant file that cannot be used, and all the reasons why. Never without any. */
export interface PlantFaults {
  readonly file: string;
  readonly faults: readonly PlantFault[];
}

export function isPlantFaults(value: object): value is PlantFaults {
  return 'faults' in value;
}

export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** Where in the text a path's value (or its key) stands; the nearest enclosing thing when it stands nowhere. */
export type PlaceOf = (path: Path, part: 'key' | 'value') => Place;

/** Takes one fault: code without its prefix, the path, what is wrong, what to do. */
export type Report = (what: string, path: Path, message: string, remedy: string, part?: 'key' | 'value') => void;

/** Faults kept; a file with more is another kind of file, and the first ones say so. */
const FAULTS_MAX = 500;

/** Collects faults; the same thing said twice about one place counts once. */
export function faultList(placeOf: PlaceOf): { report: Report; faults: () => PlantFault[] } {
  const found = new Map<string, PlantFault>();
  const report: Report = (what, path, message, remedy, part = 'value') => {
    const key = JSON.stringify([what, path, message]);
    if (found.size >= FAULTS_MAX) return;
    found.set(key, { code: `OEE_PLANT_${what}`, message, remedy, ...placeOf(path, part) });
  };
  const faults = (): PlantFault[] => [...found.values()].sort((a, b) => a.line - b.line || a.column - b.column);
  return { report, faults };
}

/** All faults for a terminal: place, key, what is wrong, what to do. */
export function explainFaults({ file, faults }: PlantFaults): string {
  const lines = faults.flatMap(({ line, column, path, code, message, remedy }) => [
    '',
    `${file}:${line}:${column}  ${path}`,
    `  ${code}: ${message}`,
    `  → ${remedy}`,
  ]);
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  return [`${file} has ${faults.length < FAULTS_MAX ? count : `at least ${count}`}`, ...lines, ''].join('\n');
}

/** A value as the file may have it, short enough for a line. */
export function shownValue(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 48 ? `${text.slice(0, 48)}…` : text;
}
