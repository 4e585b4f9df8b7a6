// Machine character: the habits of a demo machine in figures: speed, jams, failures, scrap, people.
// In: a plant. Out: one character per machine, by the kind of line it stands in.
// Pure.

import type { LineModel, MachineModel, Plant } from '../core/plant-model.ts';

/** Rates per hour are per hour of running. A rate of 0 never happens. */
export interface Character {
  readonly kind: 'filling' | 'machining' | 'hand';
  /** mean speed as a part of the ideal speed */
  readonly pace: number;
  /** spread of single cycles: people vary, machines hardly do */
  readonly cycleSpread: number;
  readonly slowPerHour: number;
  readonly slowPace: number;
  readonly jamsPerHour: number;
  readonly jamMedianS: number;
  readonly jamSpread: number;
  readonly failEveryH: number;
  readonly failShape: number;
  readonly repairMedianMin: number;
  readonly adjustmentsPerHour: number;
  readonly waitsPerHour: number;
  readonly waitMedianS: number;
  readonly materialPerHour: number;
  readonly warmUpS: number;
  /** longest that people come back late from a break */
  readonly lateBackS: number;
  readonly scrap: number;
  /** scrap on top of that at start-up, fading over ten minutes of running */
  readonly startUpScrap: number;
  readonly rework: number;
  readonly changeoverMin: number;
  readonly orderHours: number;
  readonly plannedStopMin: number;
  /** seconds between reports of pieces, and between heartbeats */
  readonly reportS: number;
  readonly heartbeatS: number;
  readonly powerKw: number;
  /** longest ordinary way of news to the engine: what shuffles them */
  readonly jitterMs: number;
}

const FILLING: Character = {
  kind: 'filling',
  pace: 0.985,
  cycleSpread: 0,
  slowPerHour: 0.35,
  slowPace: 0.86,
  jamsPerHour: 4,
  jamMedianS: 16,
  jamSpread: 0.7,
  failEveryH: 7,
  failShape: 1.3,
  repairMedianMin: 7,
  adjustmentsPerHour: 0,
  waitsPerHour: 0,
  waitMedianS: 60,
  materialPerHour: 0,
  warmUpS: 45,
  lateBackS: 60,
  scrap: 0.003,
  startUpScrap: 0.03,
  rework: 0,
  changeoverMin: 7,
  orderHours: 4.2,
  plannedStopMin: 0,
  reportS: 3,
  heartbeatS: 10,
  powerKw: 0,
  jitterMs: 400,
};

const MACHINING: Character = {
  ...FILLING,
  kind: 'machining',
  pace: 0.96,
  cycleSpread: 0.015,
  slowPerHour: 0.2,
  slowPace: 0.8,
  jamsPerHour: 1.6,
  jamMedianS: 45,
  jamSpread: 0.9,
  failEveryH: 6.5,
  failShape: 1.1,
  repairMedianMin: 22,
  waitsPerHour: 1.3,
  waitMedianS: 130,
  materialPerHour: 0.25,
  warmUpS: 420,
  lateBackS: 240,
  scrap: 0.015,
  startUpScrap: 0.08,
  changeoverMin: 24,
  orderHours: 6.5,
  reportS: 4,
  jitterMs: 900,
};

const HAND: Character = {
  ...FILLING,
  kind: 'hand',
  pace: 0.93,
  cycleSpread: 0.16,
  slowPerHour: 0.5,
  slowPace: 0.82,
  jamsPerHour: 1.2,
  jamMedianS: 70,
  jamSpread: 0.6,
  failEveryH: 30,
  failShape: 1,
  repairMedianMin: 12,
  waitsPerHour: 0.8,
  waitMedianS: 110,
  materialPerHour: 0.7,
  warmUpS: 150,
  lateBackS: 150,
  scrap: 0.012,
  startUpScrap: 0.03,
  rework: 0.03,
  changeoverMin: 5,
  orderHours: 3.2,
  reportS: 1,
  jitterMs: 1_500,
};

/** Machines of one kind are brothers, not twins: their rates differ by up to these factors, in turn. */
const TEMPERS = [1, 1.25, 0.8, 1.1, 0.9] as const;

function tempered(character: Character, place: number): Character {
  const temper = TEMPERS[place % TEMPERS.length] as number;
  // A filling line is tuned to one speed; cells and benches are as quick as their age and their people.
  const slower = character.kind === 'filling' ? 1 : 1 - (temper - 0.8) * 0.22;
  return {
    ...character,
    pace: character.pace * slower,
    jamsPerHour: character.jamsPerHour * temper,
    waitsPerHour: character.waitsPerHour * temper ** 2,
    failEveryH: character.failEveryH / temper,
    repairMedianMin: character.repairMedianMin * (0.75 + temper / 4),
  };
}

function characterOf(machine: MachineModel, line: LineModel): Character {
  const place = line.machines.indexOf(machine.id);
  if (line.kind === 'parallel') {
    return tempered(Object.keys(machine.counters).length > 0 ? MACHINING : HAND, place);
  }
  const mine = tempered(FILLING, place);
  const adjustmentsPerHour = Object.hasOwn(machine.reasons, 'L1') ? 1.1 : 0;
  if (machine.id !== line.constraint) return { ...mine, adjustmentsPerHour };
  return {
    ...mine,
    scrap: 0.009,
    startUpScrap: 0.06,
    warmUpS: 240,
    plannedStopMin: 24,
    powerKw: 45,
    jamsPerHour: 5,
    pace: 0.965,
  };
}

export function charactersOf(plant: Plant): ReadonlyMap<string, Character> {
  const lines = new Map(plant.lines.map(line => [line.id, line]));
  return new Map(
    plant.machines.flatMap(machine => {
      const line = lines.get(machine.line);
      return line === undefined ? [] : [[machine.id, characterOf(machine, line)] as const];
    }),
  );
}
