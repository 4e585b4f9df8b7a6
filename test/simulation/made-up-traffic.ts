// Made-up traffic: what machines, people and gateways of a small plant say in a few minutes, by seed.
// In: chance, the minutes. Out: plants before and after a change, events with the moment at which each sets out.
// Pure.

import type { CycleModel, MachineModel, Plant } from '../../src/core/plant-model.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/time.ts';
import type { Chance } from '../support/chance-of.ts';
import { at, CALENDAR } from '../support/made-up-calendar.ts';
import { smallPlant } from '../support/small-plant.ts';

export type RawEvent = Readonly<Record<string, unknown>> & { readonly id: string; readonly machine?: string };

export interface Sending {
  /** when its sender has it */
  readonly from: number;
  readonly event: RawEvent;
}

const pick = <T>(chance: Chance, items: readonly T[]): T => items[chance.below(items.length)] as T;

/** Shortly before something ends or begins: a break, a shift, a day, an hour, nothing. */
export function beginOf(chance: Chance): number {
  const edge = pick(chance, [at(13, 40), at(13, 50), at(14), at(14, 5), at(14, 10), at(15), at(12, 30)]);
  return edge - 30 * SECOND_MS - chance.below(40) * SECOND_MS;
}

const CYCLES: readonly (readonly CycleModel[])[] = [
  [
    { product: 'p', from: 0, cycleUs: 1_000_000 },
    { product: 'q', from: 0, cycleUs: 2_500_000 },
  ],
  [
    { product: 'p', from: 0, cycleUs: 800_000 },
    { product: 'q', from: 0, cycleUs: 3_000_500 },
  ],
];

export function plantOf(chance: Chance, revision: string): Plant {
  const model: Partial<MachineModel> = {
    silenceMs: pick(chance, [null, 20_000, 60_000, 300_000]),
    microStopMs: pick(chance, [10_000, 30_000, 120_000]),
    counters: pick(chance, [{}, { total: { modulus: null, startsWithOrder: false } }]),
    cycles: pick(chance, CYCLES),
  };
  const plant = smallPlant({ machine: model, calendar: CALENDAR });
  const settings = { ...plant.settings, latenessMs: pick(chance, [2_000, 5_000, 20_000]), maxAheadMs: MINUTE_MS };
  // every machine moves with every tick, so that when the last one falls does not matter
  return { ...plant, revision, settings: { ...settings, refreshMs: 1, slidingMinutes: [5] } };
}

/** The same plant with other thresholds and cycles: a restatement of all that is known. */
export function changedPlant(chance: Chance, before: Plant, revision: string): Plant {
  const microStopMs = pick(chance, [5_000, 45_000]);
  const cycles = pick(chance, CYCLES);
  return { ...before, revision, machines: before.machines.map(machine => ({ ...machine, microStopMs, cycles })) };
}

const MACHINES = ['m1', 'm2', 'p1', 'p2'];
const STATES = ['producing', 'producing', 'stop', 'stop', 'breakdown', 'setup', 'starved', 'idle'];
const CATEGORIES = ['producing', 'setup', 'breakdown', 'microStop', 'idle', 'plannedStop', 'unknown'];
const PERSON = { by: 'anna', why: 'seen' };

export interface Minutes {
  readonly begin: number;
  readonly spanMs: number;
  readonly events: number;
}

/** Most events set out a moment after they happened, some much later, a few are stamped ahead of all clocks. */
export function trafficOf(chance: Chance, minutes: Minutes): Sending[] {
  const sendings: Sending[] = [];
  const said: RawEvent[] = [];
  for (let n = 0; n < minutes.events; n += 1) {
    const from = minutes.begin + chance.below(minutes.spanMs);
    const happened = from - happenedBefore(chance);
    const event = eventOf(chance, { id: `e${n}`, machine: pick(chance, MACHINES), at: happened }, said, minutes);
    said.push(event);
    sendings.push({ from, event });
  }
  return sendings.sort((a, b) => a.from - b.from);
}

function happenedBefore(chance: Chance): number {
  const kind = chance.below(20);
  if (kind === 0) return -2 * MINUTE_MS - chance.below(HOUR_MS);
  if (kind <= 3) return chance.below(3 * MINUTE_MS);
  return chance.below(4_000);
}

interface Stamp {
  readonly id: string;
  readonly machine: string;
  readonly at: number;
}

function eventOf(chance: Chance, stamp: Stamp, said: readonly RawEvent[], minutes: Minutes): RawEvent {
  const kind = chance.below(20);
  if (kind < 6) return { ...stamp, type: 'state', state: pick(chance, STATES), ...reasonOf(chance) };
  if (kind < 9) return { ...stamp, type: 'heartbeat' };
  if (kind < 11) return { ...stamp, type: 'count', good: chance.below(20), reject: chance.below(4) };
  if (kind < 14) return { ...stamp, type: 'counter', total: chance.below(900) };
  if (kind < 16) {
    const phase = pick(chance, ['start', 'start', 'end']);
    return { ...stamp, type: 'order', phase, order: pick(chance, ['A', 'B']), ...productOf(chance) };
  }
  return correctionOf(chance, stamp, said, minutes);
}

function correctionOf(chance: Chance, stamp: Stamp, said: readonly RawEvent[], minutes: Minutes): RawEvent {
  const from = minutes.begin - MINUTE_MS + chance.below(minutes.spanMs);
  const to = from + 1 + chance.below(MINUTE_MS);
  const kind = chance.below(6);
  if (kind === 0) {
    const n = chance.below(5);
    return { ...stamp, type: 'requalify', good: -n, reject: n, ...PERSON };
  }
  if (kind === 1) {
    return { ...stamp, type: 'shift', from, to, planned: pick(chance, ['scheduled', 'notScheduled']), ...PERSON };
  }
  if (kind === 2) {
    const idealCycleMs = pick(chance, [700, 3000.5]);
    return { ...stamp, type: 'cycle', product: pick(chance, ['p', 'q']), from, idealCycleMs, ...PERSON };
  }
  const target = kind === 3 ? said[chance.below(said.length)] : undefined;
  // nothing that was taken back is taken back twice, and nothing comes back by taking back what took it away
  if (target === undefined || target.type === 'revoke' || target.machine === undefined) {
    return { ...stamp, type: 'reclassify', from, to, category: pick(chance, CATEGORIES), ...PERSON };
  }
  const { id, at: when } = stamp;
  const anywhere = ['requalify', 'shift', 'cycle', 'reclassify'].includes(String(target.type)) && chance.below(2) === 0;
  const where = anywhere ? {} : { machine: target.machine };
  return { id, at: when, type: 'revoke', revokes: target.id, ...where, ...PERSON };
}

const reasonOf = (chance: Chance): object => (chance.below(4) === 0 ? { reason: pick(chance, ['C1', 'P1', 'X']) } : {});
const productOf = (chance: Chance): object => (chance.below(3) === 0 ? {} : { product: pick(chance, ['p', 'q']) });
