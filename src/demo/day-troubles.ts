// Day troubles: what goes wrong between the machines of a plant and the engine on one day: power, gateways, networks.
// In: a plant, its characters and chance. Out: for each machine the troubles that wait for it.
// Pure.

import type { MachineModel, Plant } from '../core/plant-model.ts';
import type { Chance } from './chance.ts';
import type { Character } from './machine-character.ts';

/**
 * `lost`: the gateway is away and forgets; what happens meanwhile nobody ever hears. `storing`: it is away but remembers, and
 * tells all in one burst. `power`: the machine itself is dead and its counters start anew, from 0 or from a value put in.
 * Each begins at the first fitting moment at or after `fromS` and lasts about `lengthS`.
 */
export interface Trouble {
  readonly kind: 'lost' | 'storing' | 'power';
  readonly fromS: number;
  readonly lengthS: number;
  readonly said: boolean;
  readonly counterFrom: number | null;
}

/** No trouble begins before the day's first hour is over or after this second: all of them end on their own day. */
export const TROUBLE_BEGINS_MAX_S = 79_200;
const TROUBLE_BEGINS_MIN_S = 3_600;
/** Parts until a counter that was put in rolls over: soon enough to see it on the same day. */
const PARTS_TO_ROLL_OVER = 24;

const isFree = (machine: MachineModel): boolean =>
  Object.values(machine.counters).every(counter => !counter.startsWithOrder);

export function troublesOf(
  plant: Plant,
  characters: ReadonlyMap<string, Character>,
  chance: Chance,
): ReadonlyMap<string, readonly Trouble[]> {
  const troubles = new Map<string, Trouble[]>();
  const add = (machine: MachineModel | undefined, trouble: Omit<Trouble, 'fromS' | 'said'>, latestS: number): void => {
    if (machine === undefined) return;
    const fromS = chance.whole(TROUBLE_BEGINS_MIN_S, latestS);
    const list = troubles.get(machine.id) ?? [];
    troubles.set(
      machine.id,
      [...list, { ...trouble, fromS, said: chance.hits(0.5) }].sort((a, b) => a.fromS - b.fromS),
    );
  };
  const oneOf = (machines: readonly MachineModel[]): MachineModel | undefined =>
    machines.length === 0 ? undefined : chance.pick(machines);
  const beyondSilence = (machine: MachineModel, lowS: number, highS: number): number =>
    Math.round((machine.silenceMs ?? 0) / 1_000) + chance.whole(lowS, highS);

  const kindOf = (machine: MachineModel) => characters.get(machine.id)?.kind;
  const filling = plant.machines.filter(machine => kindOf(machine) === 'filling');
  const machining = plant.machines.filter(machine => kindOf(machine) === 'machining');
  const silent = oneOf(filling);
  if (silent)
    add(silent, { kind: 'lost', lengthS: beyondSilence(silent, 120, 480), counterFrom: null }, TROUBLE_BEGINS_MAX_S);
  const storing = { kind: 'storing', counterFrom: null } as const;
  add(oneOf(machining), { ...storing, lengthS: chance.whole(480, 1_200) }, TROUBLE_BEGINS_MAX_S);
  add(oneOf(plant.machines), { ...storing, lengthS: chance.whole(300, 900) }, TROUBLE_BEGINS_MAX_S);

  const rolling = machining.filter(machine => isFree(machine) && (machine.counters.total?.modulus ?? 0) > 1_000);
  const older = rolling.at(-1);
  const modulus = older?.counters.total?.modulus ?? 0;
  // Early in the day, so that the roll-over still comes on it; later than that the same counter is left alone.
  const putIn = { kind: 'power', counterFrom: modulus - PARTS_TO_ROLL_OVER } as const;
  if (older) add(older, { ...putIn, lengthS: beyondSilence(older, 60, 240) }, TROUBLE_BEGINS_MAX_S / 3);
  const reset = oneOf(machining.filter(machine => isFree(machine) && machine !== older));
  if (reset) {
    add(reset, { kind: 'power', lengthS: beyondSilence(reset, 60, 300), counterFrom: null }, TROUBLE_BEGINS_MAX_S);
  }
  return troubles;
}
