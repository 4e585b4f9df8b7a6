// Made-up character: how each machine of the made-up plant behaves: its pace, its troubles, its rejects.
// In: a machine's id. Out: its character.
// Pure.

import type { Category } from '../../src/core/tally.ts';

interface Character {
  readonly cycleUs: number;
  /** real speed over ideal speed */
  readonly pace: number;
  readonly rejects: number;
  /** categories between which it falls out of production, and how long on average */
  readonly troubles: readonly (readonly [Category, number])[];
  /** ms that it runs between two troubles, on average */
  readonly runs: number;
}

const MIN = 60_000;
const CHARACTERS: Readonly<Record<string, Partial<Character>>> = {
  depalletizer: {
    troubles: [
      ['blocked', 4 * MIN],
      ['microStop', 0.5 * MIN],
    ],
    pace: 0.86,
  },
  filler: {
    troubles: [
      ['microStop', 0.7 * MIN],
      ['setup', 18 * MIN],
      ['microStop', MIN],
      ['starved', 3 * MIN],
    ],
    runs: 16 * MIN,
    pace: 0.93,
  },
  capper: {
    troubles: [
      ['starved', 4 * MIN],
      ['microStop', MIN],
    ],
    pace: 0.9,
  },
  labeller: {
    troubles: [
      ['breakdown', 16 * MIN],
      ['microStop', MIN],
      ['starved', 3 * MIN],
    ],
    pace: 0.88,
  },
  packer: {
    troubles: [
      ['starved', 6 * MIN],
      ['idle', 4 * MIN],
    ],
    pace: 0.84,
  },
  'bench-1': { cycleUs: 95e6, troubles: [['idle', 6 * MIN]], pace: 1.06, rejects: 0.01 },
  'bench-2': {
    cycleUs: 120e6,
    troubles: [
      ['idle', 9 * MIN],
      ['starved', 12 * MIN],
    ],
    pace: 0.8,
  },
  'cnc-1': {
    cycleUs: 210e6,
    troubles: [
      ['setup', 22 * MIN],
      ['idle', 5 * MIN],
    ],
    pace: 0.97,
    runs: 50 * MIN,
  },
  'cnc-2': {
    cycleUs: 210e6,
    troubles: [
      ['unknown', 21 * MIN],
      ['breakdown', 12 * MIN],
    ],
    pace: 0.94,
    runs: 45 * MIN,
  },
  'cnc-3': {
    cycleUs: 260e6,
    troubles: [
      ['breakdown', 34 * MIN],
      ['microStop', 1.5 * MIN],
    ],
    pace: 0.72,
    runs: 34 * MIN,
  },
  'cnc-4': {
    cycleUs: 260e6,
    troubles: [
      ['plannedStop', 40 * MIN],
      ['setup', 30 * MIN],
    ],
    pace: 0.9,
    runs: 60 * MIN,
  },
};
const USUAL: Character = { cycleUs: 1e6, pace: 0.9, rejects: 0.022, troubles: [], runs: 24 * MIN };

export function characterOf(unit: string): Character {
  return { ...USUAL, ...CHARACTERS[unit] };
}
