// In event time: facts go to their machine, by the source's own clock; too late and too far ahead go to the dead letters.
// In: work with new arrivals. Out: machines with fresh facts and corrections; their text to save.
// Pure. Arrival time is the journal's (the entry's), so a replay of the log judges the same.

import { type MonoTypeOperatorFunction, map } from 'rxjs';
import { correctionsSuffix, REVOCATIONS_SUFFIX } from '../core/checkpoint.ts';
import { factsSuffix } from '../core/checkpoint-facts.ts';
import { ANY_MACHINE, isCorrection, type MachineEvent, type RevokeEvent } from '../core/event.ts';
import { arrivalOfFact } from '../core/log-clock.ts';
import { type Machine, watermarkOf } from '../core/machine.ts';
import { ownerOf, type Partition } from '../core/partition.ts';
import { type Rejection, rejection } from '../core/rejection.ts';
import { DAY_MS, isoOf } from '../core/time.ts';
import { refuse, type Work } from './work.ts';

/** Clocks without a battery begin at 1970, 1980, 1984, 1990, 1994 or 2000; recordings worth a replay are younger. */
const YEAR_MS = 365.25 * DAY_MS;
const AGE_MAX_MS = 20 * YEAR_MS;

export const inEventTime = (partition: Partition): MonoTypeOperatorFunction<Work> =>
  map(work => toMachines(partition, work));

export function toMachines(partition: Partition, work: Work): Work {
  if (work.arrivals.length === 0) return work;
  for (const { event, index, text } of work.arrivals) {
    const machine = partition.machines.get(event.machine);
    const arrival = arrivalOfFact(partition.clock, work.ids, event.at);
    const trouble = machine === undefined ? elsewhere(event) : outOfTime(machine, event, arrival);
    if (trouble !== null) {
      refuse(work, partition, { index, machine: event.machine, text: JSON.stringify(event) }, trouble);
      continue;
    }
    partition.accounting.inState += 1;
    if (machine === undefined) revokeSomewhere(partition, work, event as RevokeEvent);
    else admit(partition, work, machine, event, text);
  }
  work.arrivals = [];
  return work;
}

/** Only a revocation may leave out its machine; a machine that the plant has but this partition has not was misrouted. */
function elsewhere(event: MachineEvent): Rejection | null {
  if (event.machine === ANY_MACHINE && event.type === 'revoke') return null;
  return rejection(
    'OEE_PIPELINE_OTHER_PARTITION',
    `machine "${event.machine}" does not live in this partition`,
    'Send it to POST /v1/events, or append it to the stream of its line.',
  );
}

function outOfTime(machine: Machine, event: MachineEvent, arrival: number): Rejection | null {
  const { maxAheadMs, horizonMs } = machine.settings;
  if (event.at > arrival + maxAheadMs) {
    return rejection(
      'OEE_PIPELINE_AHEAD',
      `stamped ${isoOf(event.at)}, ${event.at - arrival} ms ahead of its arrival`,
      "Set the source's clock; replay the dead letter once its time has come if the stamp was right.",
    );
  }
  if (event.at < arrival - AGE_MAX_MS) {
    return rejection(
      'OEE_PIPELINE_TOO_LATE',
      `stamped ${isoOf(event.at)}, more than ${AGE_MAX_MS / YEAR_MS} years before its arrival`,
      "Set the source's clock: it looks as if it had been reset. A recording of that age: replay it with --shift-to-now.",
    );
  }
  const oldest =
    event.type === 'reclassify' || event.type === 'shift' || event.type === 'cycle' ? event.from : event.at;
  const limit = Math.max(machine.keptFrom, machine.edge === 0 ? 0 : watermarkOf(machine) - horizonMs);
  if (oldest >= limit || event.type === 'cycle') return null;
  return rejection(
    'OEE_PIPELINE_TOO_LATE',
    `speaks of ${isoOf(oldest)}, beyond the horizon that ends at ${isoOf(limit)}`,
    'Raise settings.horizon in the plant file before sending facts of that age.',
  );
}

function admit(partition: Partition, work: Work, machine: Machine, event: MachineEvent, text: string | null): void {
  const line = `${text ?? JSON.stringify(event)}\n`;
  if (isCorrection(event)) {
    addText(work, correctionsSuffix(event.machine), line);
    machine.freshCorrections.push(event);
  } else {
    addText(work, factsSuffix(event.machine, event.at), line);
    machine.fresh.push(event);
  }
  work.touched.add(machine);
  if (isCorrection(event) || event.type === 'requalify') {
    partition.correctable.set(event.id, event.machine);
    revokeWaiting(partition, machine);
  }
}

/** A revocation without machine finds its target by id, now or when the target comes; so does one that revokes it. */
function revokeSomewhere(partition: Partition, work: Work, revoke: RevokeEvent): void {
  partition.revocations.set(revoke.id, revoke);
  addText(work, REVOCATIONS_SUFFIX, `${JSON.stringify(revoke)}\n`);
  const machine = partition.machines.get(ownerOf(partition, revoke) ?? ANY_MACHINE);
  if (machine === undefined) return;
  revokeWaiting(partition, machine);
  work.touched.add(machine);
}

/** Hands a machine every revocation that has found its target there. */
function revokeWaiting(partition: Partition, machine: Machine): void {
  const { id } = machine.rules.machine;
  for (const revoke of partition.revocations.values()) {
    const known = machine.corrections.has(revoke.id) || machine.freshCorrections.includes(revoke);
    if (!known && ownerOf(partition, revoke) === id) machine.freshCorrections.push(revoke);
  }
}

function addText(work: Work, suffix: string, line: string): void {
  work.append.set(suffix, (work.append.get(suffix) ?? '') + line);
}
