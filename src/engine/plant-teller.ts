// Plant teller: the plant file is a fact of the log: a partition that has another one, or none, gets ours as an entry.
// In: partitions as this process begins to work them. Out: plant entries.
// Touches the journal through `append`, and a timer.

import type { Plant } from '../core/plant-model.ts';
import type { Log } from '../log.ts';
import type { PartitionWorker } from './partition-worker.ts';

const AGAIN_MS = 500;
/**
 * A process tells a partition its plant this often at most against one other plant: two processes with different files
 * must not go on contradicting one another each time that the partition changes hands.
 */
const TELLINGS_MAX = 2;

export interface PlantTellerPorts {
  readonly plant: Plant;
  append(partition: number, body: string): Promise<unknown>;
  readonly log: Log;
}

/** @returns what to call when a worker's state is loaded */
export function plantTeller({ plant, append, log }: PlantTellerPorts): (worker: PartitionWorker) => void {
  const told = new Map<string, number>();
  return async worker => {
    const { index } = worker;
    while (worker.mode === 'working') {
      const known = worker.partition.plant?.revision ?? null;
      const key = `${index} ${known}`;
      const tellings = told.get(key) ?? 0;
      // a partition without any plant always gets one: it may have had ours, and lost it in a fail-over
      if (known === plant.revision || (known !== null && tellings >= TELLINGS_MAX)) return;
      try {
        await append(index, JSON.stringify(plant));
        told.set(key, tellings + 1);
        return;
      } catch (error) {
        log('warn', 'plant not announced yet', { partition: index, error: String(error) });
        await new Promise(resolve => setTimeout(resolve, AGAIN_MS));
      }
    }
  };
}
