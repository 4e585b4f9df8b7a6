// Fault marks: a plant file whose lines say which faults they have, compared with the faults that are told.
// In: YAML with `#! CODE` at the ends of lines. Out: the faults, after they were found to be exactly the marks.
// Pure.

import assert from 'node:assert/strict';
import { parsePlant } from '../../src/plant/parse-plant.ts';
import { explainFaults, isPlantFaults, type PlantFault } from '../../src/plant/plant-fault.ts';

/** The faults of a plant file's text. */
export const faultsOf = (text: string): readonly PlantFault[] => {
  const result = parsePlant(text, 'plant.yaml');
  return isPlantFaults(result) ? result.faults : [];
};

/** Marks `#! CODE` (several with commas) at the ends of lines, as `line CODE`. */
function marksOf(text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const codes = line.split('#! ')[1]?.split(', ') ?? [];
    return codes.map(code => `${index + 1} ${code}`);
  });
}

/** The faults are exactly the marks: none missing, none more, each on its line. */
export function expectMarks(text: string): readonly PlantFault[] {
  const faults = faultsOf(text);
  const told = faults.map(({ line, code }) => `${line} ${code.replace('OEE_PLANT_', '')}`);
  assert.deepEqual(told.sort(), marksOf(text).sort(), explainFaults({ file: 'plant.yaml', faults }));
  return faults;
}
