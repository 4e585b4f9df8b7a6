// Admission: whether an event speaks of things that the plant knows, asked at the door so that the sender hears it at once.
// In: an event and the plant's names. Out: null, or a rejection with the name that was probably meant.
// Pure.

import { ANY_MACHINE, type MachineEvent } from './event.ts';
import { nearestName } from './near-name.ts';
import type { MachineModel, Plant } from './plant-model.ts';
import { type Rejection, rejection } from './rejection.ts';
import { CLAIMS, claimOf } from './vocabulary.ts';

/** The names of a plant, ready for one question per event. */
export interface PlantIndex {
  readonly machines: ReadonlyMap<string, MachineModel>;
  /** empty: the plant lists no products, and every product is welcome */
  readonly products: ReadonlySet<string>;
}

export function plantIndexOf(plant: Pick<Plant, 'machines' | 'products'>): PlantIndex {
  return {
    machines: new Map(plant.machines.map(machine => [machine.id, machine])),
    products: new Set(plant.products.map(product => product.id)),
  };
}

/**
 * Checks an event against the plant. An unknown reason code is no fault: it is kept as it came, since people invent codes
 * before they write them down. Future and late stamps are judged in the log, by arrival, where a replay judges them the same.
 * @param hint whether to look for the name that was meant; the search costs up to a millisecond, so a flood goes without
 * @returns null when the event may come in
 */
export function admissible(event: MachineEvent, plant: PlantIndex, hint = true): Rejection | null {
  if (event.machine === ANY_MACHINE) return null;
  const machine = plant.machines.get(event.machine);
  if (machine === undefined) {
    return rejection(
      'OEE_EVENT_UNKNOWN_MACHINE',
      `machine "${event.machine}" is not in the plant file${didYouMean(event.machine, plant.machines.keys(), hint)}`,
      'Use a machine id of the plant file (GET /v1/plant lists them), or add the machine there.',
    );
  }
  if (event.type === 'state' && claimOf(event.state, machine.vocabulary) === null) {
    const words = [...Object.keys(machine.vocabulary), ...CLAIMS];
    return rejection(
      'OEE_EVENT_UNKNOWN_STATE',
      `state "${event.state}" is not in the vocabulary of ${machine.id}${didYouMean(event.state, words, hint)}`,
      `Add the word to the machine's vocabulary, or send one of ${words.slice(0, 20).join(', ')}.`,
    );
  }
  if (event.type === 'order' && event.phase === 'start') return unknownProduct(event.product, plant, hint);
  return null;
}

function unknownProduct(product: string | undefined, plant: PlantIndex, hint: boolean): Rejection | null {
  if (product === undefined || plant.products.size === 0 || plant.products.has(product)) return null;
  return rejection(
    'OEE_EVENT_UNKNOWN_PRODUCT',
    `product "${product}" is not in the plant file${didYouMean(product, plant.products, hint)}`,
    'Use a product id of the plant file (GET /v1/plant lists them), or add the product and its ideal cycle there.',
  );
}

function didYouMean(name: string, known: Iterable<string>, hint: boolean): string {
  const nearest = hint ? nearestName(name, known) : null;
  return nearest === null ? '' : `; did you mean "${nearest}"?`;
}
