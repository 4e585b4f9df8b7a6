// Into slices: fresh facts are folded and booked into the minute slices and windows of their machine; ticks move live edges.
// In: machines with fresh facts, or a tick. Out: machines whose windows are up to date.
// Pure.

import { type MonoTypeOperatorFunction, map } from 'rxjs';
import { handOnCycles } from '../core/line-cycles.ts';
import type { Machine } from '../core/machine.ts';
import type { Partition } from '../core/partition.ts';
import { changePlant } from '../core/plant-change.ts';
import { moveEdge, settle } from '../core/settle.ts';
import { plantOfText } from '../core/stored-plant.ts';
import type { Work } from './work.ts';

export const intoSlices = (partition: Partition): MonoTypeOperatorFunction<Work> =>
  map(work => booked(partition, work));

export function booked(partition: Partition, work: Work): Work {
  if (work.entry.kind === 'plant') restate(partition, work);
  else if (work.entry.kind === 'tick') tick(partition, work);
  else for (const machine of [...work.touched]) hear(partition, work, machine);
  return work;
}

/** Intervals that read otherwise under a new plant are told with it: nothing else remembers them. */
function restate(partition: Partition, work: Work): void {
  changePlant(partition, plantOfText(work.entry.body));
  for (const machine of partition.machines.values()) if (machine.intervals.length > 0) work.touched.add(machine);
}

/** Works fresh facts in, and notes how old the latest of them were when they came. */
function hear(partition: Partition, work: Work, machine: Machine): void {
  const arrival = work.entry.at;
  const { corrections } = machine.rules;
  settle(machine);
  const last = machine.rules.corrections === corrections ? null : handOnCycles(partition, machine);
  if (last !== null) work.touched.add(last);
  machine.heardAt = arrival;
  machine.behindMs = arrival - (machine.latest ?? arrival);
}

/** Ticks of two owners in turn may differ by less than this. */
const SET_BACK_MS = 10_000;

/**
 * A tick is the only thing that knows wall time. Machines with news move their edge at each tick; quiet ones every
 * `refreshMs`, spread over the ticks in between, so that many machines do not all move in one.
 */
function tick(partition: Partition, work: Work): void {
  const now = work.entry.at;
  // a little earlier is a repeat; much earlier, the clock was found wrong since, and goes on from there
  if (now <= partition.tick && now > partition.tick - SET_BACK_MS) return;
  partition.tick = now;
  let place = 0;
  for (const machine of partition.machines.values()) {
    place += 1;
    if (!machine.restless && !isDue(machine, now, place)) continue;
    const moved = moveEdge(machine, now);
    if (moved || machine.restless || machine.dirty.size > 0 || machine.book.moved.length > 0) work.touched.add(machine);
  }
}

function isDue(machine: Machine, now: number, place: number): boolean {
  const { refreshMs } = machine.settings;
  const phase = (place * 997) % refreshMs;
  return Math.floor((now + phase) / refreshMs) !== Math.floor((machine.toldAt + phase) / refreshMs);
}
