// Checkpoint events: what a partition was told within the horizon, read from its committed state.
// In: a checkpoint. Out: facts and corrections as the events that they came as.
// Pure.

import { REVOCATIONS_SUFFIX } from './checkpoint.ts';
import type { MachineEvent } from './event.ts';
import type { Checkpoint } from './log-entry.ts';

const isOfEvents = (suffix: string): boolean =>
  suffix.startsWith('f:') || suffix.startsWith('c:') || suffix === REVOCATIONS_SUFFIX;

/** In no certain order. */
export function eventsOfCheckpoint({ texts }: Checkpoint): MachineEvent[] {
  return [...texts].flatMap(([suffix, text]) =>
    isOfEvents(suffix)
      ? text
          .split('\n')
          .filter(line => line !== '')
          .map(line => JSON.parse(line) as MachineEvent)
      : [],
  );
}
