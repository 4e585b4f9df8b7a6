// SHDR mapping: which of an adapter's keys become which events, checked with all faults at once.
// In: a mapping file's content. Out: rules per key.
// Pure.

import { MappingError } from '../source.ts';

const COUNTERS = ['total', 'good', 'reject', 'rework'] as const;
export type CounterField = (typeof COUNTERS)[number];

export type KeyRule =
  | { readonly kind: 'state' }
  | { readonly kind: 'counter'; readonly counter: CounterField }
  | { readonly kind: 'ignore' };

export interface ShdrMapping {
  readonly keys: ReadonlyMap<string, KeyRule>;
  /** whether what no rule names is a sign of life */
  readonly heartbeats: boolean;
  readonly heartbeatEveryMs: number;
  /** device prefix -> machine */
  readonly devices: ReadonlyMap<string, string>;
}

const TOP = ['keys', 'others', 'heartbeatEveryS', 'devices'];

/** @throws MappingError with every fault */
export function shdrMappingOf(content: unknown): ShdrMapping {
  const faults: string[] = [];
  const top = recordOf(content, 'the mapping', faults);
  for (const name of Object.keys(top)) {
    if (!TOP.includes(name)) faults.push(`${name}: not known here; use ${TOP.join(', ')}`);
  }
  const keys = new Map<string, KeyRule>();
  for (const [key, value] of Object.entries(recordOf(top.keys ?? {}, 'keys', faults))) {
    const rule = ruleOf(value);
    if (rule === null) faults.push(`keys.${key}: use state, ignore, or { counter: ${COUNTERS.join(' | ')} }`);
    else keys.set(key, rule);
  }
  if (keys.size === 0 && faults.length === 0) faults.push('keys: names no key; without one nothing can be read');
  const others = top.others ?? 'heartbeat';
  if (others !== 'heartbeat' && others !== 'ignore') faults.push('others: use heartbeat or ignore');
  const everyS = top.heartbeatEveryS ?? 60;
  if (typeof everyS !== 'number' || !(everyS >= 0)) faults.push('heartbeatEveryS: a number of seconds from 0 up');
  const devices = new Map<string, string>();
  for (const [prefix, machine] of Object.entries(recordOf(top.devices ?? {}, 'devices', faults))) {
    if (typeof machine !== 'string') faults.push(`devices.${prefix}: a machine id`);
    else devices.set(prefix, machine);
  }
  if (faults.length > 0) throw new MappingError(faults);
  return { keys, heartbeats: others === 'heartbeat', heartbeatEveryMs: Number(everyS) * 1_000, devices };
}

function recordOf(value: unknown, name: string, faults: string[]): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  faults.push(`${name}: names and values, not ${Array.isArray(value) ? 'a list' : String(value)}`);
  return {};
}

function ruleOf(value: unknown): KeyRule | null {
  if (value === 'state' || value === 'ignore') return { kind: value };
  if (typeof value !== 'object' || value === null) return null;
  const counter = COUNTERS.find(name => name === (value as { counter?: unknown }).counter);
  return counter === undefined ? null : { kind: 'counter', counter };
}
