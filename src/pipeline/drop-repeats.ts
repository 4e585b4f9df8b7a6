// Drop repeats: what was told before changes nothing, however often and in whatever company it comes again.
// In: work with arrivals. Out: the work without repeats, counted.
// Pure.

import { type MonoTypeOperatorFunction, map } from 'rxjs';
import { ANY_MACHINE, isCorrection, type MachineEvent } from '../core/event.ts';
import type { Partition } from '../core/partition.ts';
import { knows } from '../core/settle.ts';
import type { Arrival, Work } from './work.ts';

export const dropRepeats = (partition: Partition): MonoTypeOperatorFunction<Work> =>
  map(work => withoutRepeats(partition, work));

export function withoutRepeats(partition: Partition, work: Work): Work {
  const kept: Arrival[] = [];
  const ids = new Set<string>();
  for (const arrival of work.arrivals) {
    const { event } = arrival;
    // an id that is new in this entry needs no closer look at its companions
    const toldHere = ids.has(event.id) && kept.some(other => isSame(other.event, event));
    ids.add(event.id);
    if (toldHere || isKnown(partition, event)) partition.accounting.repeats += 1;
    else kept.push(arrival);
  }
  work.arrivals = kept;
  return work;
}

/** A fact is itself by machine, time, type and id; a correction by machine and id, since its time may be stamped at the door. */
function isSame(a: MachineEvent, b: MachineEvent): boolean {
  if (a.id !== b.id || a.machine !== b.machine) return false;
  return isCorrection(a) ? isCorrection(b) : a.at === b.at && a.type === b.type;
}

function isKnown(partition: Partition, event: MachineEvent): boolean {
  if (event.machine === ANY_MACHINE) return partition.revocations.has(event.id);
  const machine = partition.machines.get(event.machine);
  if (machine === undefined) return false;
  return isCorrection(event) ? machine.corrections.has(event.id) : knows(machine, event);
}
