// Event text: the one spelling of an event, and the short mark that tells a repeat from another event under a used id.
// In: a checked event. Out: canonical JSON (fixed order of keys, instants as epoch ms) and its fingerprint.
// Pure.

import { ANY_MACHINE, type MachineEvent } from '../core/event.ts';
import { EVENT_SPECS, type EventType } from '../core/event-spec.ts';

const FIELDS = Object.fromEntries(
  Object.entries(EVENT_SPECS).map(([type, spec]) => [
    type,
    Object.keys(spec).filter(name => name !== 'machine' && name !== 'at'),
  ]),
) as Record<EventType, string[]>;

export interface EventText {
  readonly id: string;
  readonly text: string;
  /** equal for two events that say the same thing under one id */
  readonly fingerprint: string;
}

/**
 * Spells an event. The fingerprint leaves out who carried it (`producer`, `seq`) and a time that we stamped ourselves:
 * a correction sent twice without `at` is the same correction.
 * @param atGiven whether the sender gave `at`
 */
export function eventTextOf(event: MachineEvent, atGiven: boolean): EventText {
  const fields = event as unknown as Readonly<Record<string, unknown>>;
  const said: Record<string, unknown> = {};
  for (const name of FIELDS[event.type]) if (fields[name] !== undefined) said[name] = fields[name];
  const { id, type, at, producer, seq } = event;
  const machine = event.machine === ANY_MACHINE ? undefined : event.machine;
  const carried = producer === undefined ? {} : { producer, seq };
  const text = JSON.stringify({ id, machine, at, type, ...said, ...carried });
  const meant =
    atGiven && producer === undefined ? text : JSON.stringify({ id, machine, at: atGiven ? at : 0, type, ...said });
  return { id, text, fingerprint: fingerprintOf(meant) };
}

/**
 * 53 bits of hash (cyrb53) as base 36. It guards against a counter that starts again or two gateways with one name, not
 * against an attacker: whoever may send events need not forge ids.
 */
export function fingerprintOf(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
}
