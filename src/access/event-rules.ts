// Event rules: who may send which event, and whose word it then is.
// In: a caller, parsed JSON of an event. Out: the event as it is taken from them, or why not; whether it is a change that is kept in the trail.
// Pure.

import { type Caller, mayAct, type Rank, type Role } from '../core/access.ts';
import type { EventType } from '../core/event-spec.ts';
import { type Rejection, rejection } from '../core/rejection.ts';

interface EventRule {
  readonly need: Role;
  /** what machines tell of themselves */
  readonly ofMachines?: true;
}

export const EVENT_RULES: Readonly<Record<EventType, EventRule>> = {
  state: { need: 'engineer', ofMachines: true },
  count: { need: 'engineer', ofMachines: true },
  counter: { need: 'engineer', ofMachines: true },
  heartbeat: { need: 'engineer', ofMachines: true },
  order: { need: 'operator', ofMachines: true },
  reclassify: { need: 'operator' },
  requalify: { need: 'operator' },
  revoke: { need: 'operator' },
  shift: { need: 'supervisor' },
  release: { need: 'supervisor' },
  cycle: { need: 'engineer' },
};
export function maySend(rank: Rank, type: EventType): boolean {
  const { need, ofMachines = false } = EVENT_RULES[type];
  return mayAct(rank, need) || (ofMachines && rank === 'machine');
}

/** Told all day long; everything else changes what people see of others' work. */
const UNNOTED: ReadonlySet<string> = new Set(['state', 'count', 'counter', 'heartbeat']);
const BY_MAX = 128;

type Said = Readonly<Record<string, unknown>>;
const saidBy = (input: unknown): Said | null =>
  typeof input === 'object' && input !== null && !Array.isArray(input) ? (input as Said) : null;
const typeOf = (said: Said | null): EventType | null =>
  typeof said?.type === 'string' && Object.hasOwn(EVENT_RULES, said.type) ? (said.type as EventType) : null;

export const isDeed = (input: unknown): boolean => {
  const type = typeOf(saidBy(input));
  return type !== null && !UNNOTED.has(type);
};

/**
 * The event with `by` as it really is. What is no event at all goes on as it came: the door says what is wrong with it.
 * @returns a rejection when the caller may not say this
 */
export function eventFrom(caller: Caller, input: unknown): unknown | Rejection {
  const said = saidBy(input);
  const type = typeOf(said);
  if (said === null || type === null || caller.how === 'open') return input;
  if (!maySend(caller.rank, type)) {
    const { need, ofMachines = false } = EVENT_RULES[type];
    const remedy = `It takes the role ${need}${ofMachines ? ', or a token of a machine' : ''}.`;
    return rejection('OEE_ACCESS_ROLE', `${caller.rank} may not send ${type}`, remedy);
  }
  if (UNNOTED.has(type) || type === 'order') return input;
  const by = byOf(caller, said.by);
  return typeof by === 'string' ? { ...said, by } : by;
}

/**
 * Whose word it is. A person's is their own; a program may name the person on whose behalf it speaks, and is named with it.
 * @returns a rejection for somebody who claims to be another
 */
export function byOf(caller: Caller, claimed: unknown): string | Rejection {
  const own = caller.name ?? '';
  if (claimed === undefined || claimed === null || claimed === '' || claimed === own) return own;
  if (caller.how === 'token' && typeof claimed === 'string') return `${claimed} (${own})`.slice(0, BY_MAX);
  const remedy = 'Leave by out, or sign in as whoever it is.';
  return rejection('OEE_ACCESS_BY', `by is "${String(claimed).slice(0, 80)}", and ${own} is signed in`, remedy);
}
