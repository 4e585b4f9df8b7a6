// Read events: a packed entry gets the time of its arrival and becomes checked events; what cannot be read becomes dead letters.
// In: work with an entry. Out: the work with arrivals.
// Pure. Entries may come from anybody who can write to the stream, so everything is checked here, whoever checked it before.

import { map, type OperatorFunction } from 'rxjs';
import { admissible } from '../core/admission.ts';
import { parseEvent } from '../core/event.ts';
import { spelled } from '../core/event-field.ts';
import { arrivalOf, clockAtTick } from '../core/log-clock.ts';
import type { LogEntry } from '../core/log-entry.ts';
import type { Partition } from '../core/partition.ts';
import { isRejection, type Rejection, rejection } from '../core/rejection.ts';
import { newWork, refuse, type Work } from './work.ts';

/** Entries with more events than this are refused whole: a batch is at most 1,000. */
const EVENTS_MAX = 10_000;

/**
 * What always makes the reducer fail, found by bisection: refused instead of read. `entry:index` is one event, `entry` a
 * whole entry that is none of events.
 */
export type Poison = ReadonlySet<string>;

const NO_POISON: Poison = new Set();

export const readEvents = (partition: Partition, poison?: Poison): OperatorFunction<LogEntry, Work> =>
  map(entry => workOf(partition, entry, poison));

export function workOf(partition: Partition, raw: LogEntry, poison = NO_POISON): Work {
  if (poison.has(raw.id)) return setAside(partition, raw);
  const entry = inItsTime(partition, raw);
  const work = newWork(entry, raw.at);
  if (entry.kind !== 'events') return work;
  itemsOf(entry.body).forEach(({ value, text }, index) => {
    partition.accounting.read += 1;
    const event = poison.size > 0 && poison.has(`${entry.id}:${index}`) ? POISONED : readOne(value, entry, partition);
    if (isRejection(event)) {
      refuse(work, partition, { index, machine: machineOf(value), text: textOf(value) }, event);
    } else work.arrivals.push({ event, index, text: event === value ? shortOrNull(text) : null });
  });
  return work;
}

function inItsTime(partition: Partition, entry: LogEntry): LogEntry {
  if (entry.kind === 'tick') partition.clock = clockAtTick(partition.clock, entry.at, entry.body);
  const at = arrivalOf(partition.clock, entry.at);
  return at === entry.at ? entry : { ...entry, at };
}

/** The entry counts as one event that was refused; no later station sees anything of it. */
function setAside(partition: Partition, entry: LogEntry): Work {
  const work = newWork({ ...entry, kind: 'events', body: '' });
  partition.accounting.read += 1;
  refuse(work, partition, { index: 0, machine: null, text: entry.body }, poisonedEntry(entry.kind));
  return work;
}

function readOne(value: unknown, entry: LogEntry, partition: Partition): ReturnType<typeof parseEvent> {
  if (value instanceof Unreadable) return value.why;
  const event = parseEvent(value, entry.at);
  if (isRejection(event)) return event;
  return admissible(event, partition.names, false) ?? event;
}

const POISONED = rejection(
  'OEE_PIPELINE_POISON',
  'the engine failed on this event and went on without it',
  'Report it with the event: this is a fault of the engine. Replay the dead letter after the next version.',
);

const poisonedEntry = (kind: string): Rejection =>
  rejection(
    'OEE_PIPELINE_POISON',
    `the engine failed on this entry of kind "${kind}" and went on without it`,
    'Only the engine writes such entries: look for another program that writes to the stream, then discard the dead letter.',
  );

/** Text that is not JSON, with its reason. */
class Unreadable {
  constructor(
    readonly text: string,
    readonly why: Rejection,
  ) {}
}

interface Item {
  readonly value: unknown | Unreadable;
  /** its own line, where it has one */
  readonly text: string | null;
}

/** A longer line holds blanks or says a key twice: it is spelled anew rather than kept for the horizon. */
const LINE_KEPT_MAX = 2_048;
const shortOrNull = (line: string | null): string | null =>
  line === null || line.length > LINE_KEPT_MAX ? null : line;

const unreadable = (text: string, trouble: string): Unreadable =>
  new Unreadable(
    text,
    rejection('OEE_PIPELINE_UNREADABLE', trouble, 'Write JSON: one event a line, or one array of events.'),
  );

/** What an entry holds: the items of one array, or lines, each read by itself so that a broken one breaks no other. */
function itemsOf(body: string): readonly Item[] {
  const whole = body.startsWith('[') ? jsonOf(body) : null;
  const lines = Array.isArray(whole) ? [] : body.split('\n').filter(line => line.trim() !== '');
  const items = Array.isArray(whole)
    ? whole.map(value => ({ value, text: null }))
    : lines.map(text => ({ value: jsonOf(text), text }));
  if (items.length <= EVENTS_MAX) return items;
  return [{ value: unreadable(body, `an entry of ${items.length} events`), text: null }];
}

function jsonOf(text: string): unknown | Unreadable {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    return unreadable(text, error instanceof Error ? error.message : 'not JSON');
  }
}

const textOf = (value: unknown): string => (value instanceof Unreadable ? value.text : spelled(value));

function machineOf(value: unknown): string | null {
  const machine = (value as { machine?: unknown } | null)?.machine;
  return typeof machine === 'string' ? machine.slice(0, 128) : null;
}
