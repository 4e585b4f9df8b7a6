// Worked sheets: published OEE sheets as plants and events: the same shift, told as a machine would tell it.
// In: the sheet's inputs. Out: a machine of a plant file, and the events of its shift.
// Pure but for reading the recordings' folder.

import { readFileSync } from 'node:fs';
import { recording } from './recordings.ts';

export const SHEETS_FILE = 'worked-examples/worked-examples.json';

export interface Sheet {
  readonly id: string;
  readonly group: string;
  readonly inputs: {
    readonly shift_s: number;
    readonly planned_s: number;
    readonly ideal_cycle_s: number;
    readonly total: number;
    readonly good: number;
    readonly rejected: number;
    readonly breaks_s: readonly number[];
    readonly stops: readonly (readonly [string, number])[];
  };
  readonly exact: Readonly<Record<'A' | 'P' | 'Q' | 'OEE', { readonly value: number }>>;
}
export interface Sheets {
  readonly oracles: readonly Sheet[];
  readonly rollups: Readonly<
    Record<
      string,
      {
        readonly members: readonly string[];
        readonly exact: Readonly<Record<'A' | 'P' | 'Q_time_weighted' | 'OEE', { readonly value: number }>>;
      }
    >
  >;
}

export const readSheets = (): Sheets => JSON.parse(readFileSync(recording(SHEETS_FILE), 'utf8')) as Sheets;

/** The classic shift in our own words, for machines without the recordings. */
export const CLASSIC: Sheet = {
  id: 'classic',
  group: 'single',
  inputs: {
    shift_s: 28_800,
    planned_s: 25_200,
    ideal_cycle_s: 1,
    total: 19_271,
    good: 18_848,
    rejected: 423,
    breaks_s: [900, 900, 1_800],
    stops: [['unplanned stop', 2_820]],
  },
  exact: {
    A: { value: 373 / 420 },
    P: { value: 19_271 / 22_380 },
    Q: { value: 18_848 / 19_271 },
    OEE: { value: 1_178 / 1_575 },
  },
};

const clock = (seconds: number): string =>
  [Math.floor(seconds / 3_600) % 24, Math.floor(seconds / 60) % 60]
    .map(part => String(part).padStart(2, '0'))
    .join(':');
const SHIFT_START_S = 6 * 3_600;
const FIRST_BREAK_S = SHIFT_START_S + 3_600;
const BETWEEN_BREAKS_S = 3_600;

/** YAML of a plant with one parallel line per group, each machine with its sheet's own shift, from 06:00 UTC. */
export function sheetsPlant(sheets: readonly Sheet[]): string {
  const groups = [...new Set(sheets.map(sheet => sheet.group))];
  const calendars = sheets.map(({ id, inputs }) => {
    const breaks = inputs.breaks_s.map((seconds, index) => {
      const start = FIRST_BREAK_S + index * BETWEEN_BREAKS_S;
      return `{ name: break-${index}, start: "${clock(start)}", end: "${clock(start + seconds)}" }`;
    });
    const end = clock(SHIFT_START_S + inputs.shift_s);
    return `  ${id}:
    zone: UTC
    dayStart: "00:00"
    shifts:
      early: { start: "06:00", end: "${end}", breaks: [${breaks.join(', ')}] }
    weekly: { mon-sun: [early] }`;
  });
  const lines = groups.map(group => {
    const machines = sheets
      .filter(sheet => sheet.group === group)
      .map(
        ({ id, inputs }) =>
          `              - { id: ${id}, calendar: ${id}, product: piece, cycles: { piece: ${inputs.ideal_cycle_s}s } }`,
      );
    return `          - id: line-${group}
            kind: parallel
            machines:
${machines.join('\n')}`;
  });
  return `plant: Worked sheets
products:
  piece: { name: Piece, piece: piece }
defaults:
  vocabulary: canonical
  silence: off
  microStop: 60s
calendars:
${calendars.join('\n')}
sites:
  - id: site
    zone: UTC
    areas:
      - id: area
        lines:
${lines.join('\n')}
`;
}

/** The shift's events: a state at each change, a count every so many seconds of running, all in order of time. */
export function sheetEvents({ id, inputs }: Sheet, dayStart: number): object[] {
  const start = dayStart + SHIFT_START_S * 1_000;
  const end = start + inputs.shift_s * 1_000;
  const events: object[] = [];
  const tell = (type: string, at: number, more: object): void => {
    events.push({ id: `${id}-${String(events.length).padStart(6, '0')}`, machine: id, at, type, ...more });
  };
  tell('state', start, { state: 'producing' });
  // stops follow one another in the last hour and a half before the end, clear of the breaks
  let at = end - inputs.stops.reduce((sum, [, seconds]) => sum + seconds * 1_000, 0) - 60_000;
  for (const [name, seconds] of inputs.stops) {
    tell('state', at, { state: name === 'setup' ? 'setup' : 'stop' });
    at += seconds * 1_000;
  }
  tell('state', at, { state: 'producing' });
  const batches = Math.min(400, inputs.total);
  for (let index = 0; index < batches; index += 1) {
    const share = (pieces: number): number =>
      Math.floor((pieces * (index + 1)) / batches) - Math.floor((pieces * index) / batches);
    const when = start + Math.floor(((end - start) * index) / batches);
    tell('count', when, { good: share(inputs.good), reject: share(inputs.rejected) });
  }
  tell('heartbeat', end + 120_000, {});
  return events.sort((a, b) => (a as { at: number }).at - (b as { at: number }).at);
}
