// Mend letter: a dead letter's event with what somebody corrected in it, checked as at the door before it goes into the log again.
// In: the letter, the mending, the plant's names. Out: the text of the event, or why it would be refused again.
// Pure.

import { admissible, type PlantIndex } from '../core/admission.ts';
import { ANY_MACHINE, parseEvent } from '../core/event.ts';
import type { DeadLetter } from '../core/log-entry.ts';
import { isRejection, type Rejection, rejection } from '../core/rejection.ts';

export interface Mending {
  /** fields to set; null takes one out */
  readonly set?: Readonly<Record<string, unknown>>;
  /** the whole event, in place of the letter's */
  readonly event?: Readonly<Record<string, unknown>>;
}

export interface MendPorts {
  readonly names: PlantIndex;
  /** the partition of a machine; null when the plant has none of that name */
  homeOf(machine: string): number | null;
  readonly partition: number;
  /** when it came, epoch ms: the time of what carries none */
  readonly at: number;
}

export function mendLetter(letter: DeadLetter, mending: Mending, ports: MendPorts): string | Rejection {
  const base = mending.event ?? objectIn(letter.event);
  if (base === null) return UNREADABLE;
  const mended = Object.fromEntries(
    Object.entries({ ...base, ...mending.set }).filter(([, value]) => value !== null && value !== undefined),
  );
  const event = parseEvent(mended, ports.at);
  if (isRejection(event)) return event;
  const refused = admissible(event, ports.names);
  if (refused !== null) return refused;
  const elsewhere = event.machine !== ANY_MACHINE && ports.homeOf(event.machine) !== ports.partition;
  return elsewhere ? otherHome(event.machine) : JSON.stringify(mended);
}

function objectIn(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

const UNREADABLE = rejection(
  'OEE_SERVER_LETTER_UNREADABLE',
  'the text of this dead letter is no JSON object, or was cut, so that no field of it can be set',
  'Give the whole event (in a file, with --file).',
);

const otherHome = (machine: string): Rejection =>
  rejection(
    'OEE_SERVER_LETTER_ELSEWHERE',
    `machine "${machine}" belongs to another partition than this dead letter`,
    'Send the mended event through POST /v1/events, then discard the dead letter.',
  );
