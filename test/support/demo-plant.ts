// Demo plant: the plant file that the product ships, read for tests, and a day on which everything goes wrong that can.
// In: src/demo/plant.yaml. Out: the plant, a seed, a day.
// Reads one file.

import { readFileSync } from 'node:fs';
import type { Plant } from '../../src/core/plant-model.ts';
import { parsePlant } from '../../src/plant/parse-plant.ts';

export function demoPlant(): Plant {
  const file = new URL('../../src/demo/plant.yaml', import.meta.url);
  const plant = parsePlant(readFileSync(file, 'utf8'), 'src/demo/plant.yaml');
  if (!('machines' in plant)) throw new Error(JSON.stringify(plant));
  return plant;
}

export const DEMO_SEED = 'fjord';
/** A Friday on which both sites work all day. */
export const DEMO_DAY = Date.parse('2026-11-20T00:00:00Z');
