// Event: one fact from outside, checked and in one shape whatever door it came by.
// In: parsed JSON of anybody. Out: an event, or a rejection that says what to mend.
// Pure.

import { isText, isWhole, readField, shown, wrongField } from './event-field.ts';
import {
  EVENT_SPECS,
  EVENT_TYPES,
  type EventType,
  type FieldKind,
  type FieldSpec,
  ID_LENGTH_MAX,
  ONE_OF,
  type PLANNED_WORDS,
} from './event-spec.ts';
import { isRejection, type Rejection, rejection } from './rejection.ts';
import type { Category } from './tally.ts';

interface Head {
  readonly id: string;
  readonly machine: string;
  /** when it happened, by the source's clock, epoch ms (corrections: when it was said) */
  readonly at: number;
  readonly producer?: string;
  readonly seq?: number;
}
interface Person {
  readonly by: string;
  readonly why: string;
}
export interface Pieces {
  readonly total?: number;
  readonly good?: number;
  readonly reject?: number;
  readonly rework?: number;
}
export type StateEvent = Head & { readonly type: 'state'; readonly state: string; readonly reason?: string };
export type CountEvent = Head & Pieces & { readonly type: 'count'; readonly energyWh?: number };
export type CounterEvent = Head & Pieces & { readonly type: 'counter' };
export type OrderEvent = Head & {
  readonly type: 'order';
  readonly phase: 'start' | 'end';
  readonly order: string;
  readonly product?: string;
  readonly quantity?: number;
  readonly due?: number;
};
export type HeartbeatEvent = Head & { readonly type: 'heartbeat' };
export type RequalifyEvent = Head & Person & Omit<Pieces, 'total'> & { readonly type: 'requalify' };
export type ReclassifyEvent = Head &
  Person & {
    readonly type: 'reclassify';
    readonly from: number;
    readonly to: number;
    readonly category: Category;
    readonly reason?: string;
  };
export type ShiftEvent = Head &
  Person & {
    readonly type: 'shift';
    readonly from: number;
    readonly to: number;
    readonly planned: (typeof PLANNED_WORDS)[number];
    readonly name?: string;
  };
export type CycleEvent = Head &
  Person & { readonly type: 'cycle'; readonly product: string; readonly from: number; readonly idealCycleMs: number };
export type ReleaseEvent = Head & Person & { readonly type: 'release'; readonly releases: string };
export type RevokeEvent = Head & Person & { readonly type: 'revoke'; readonly revokes: string };

/** What stands in a machine's course of time. */
export type FactEvent = StateEvent | CountEvent | CounterEvent | OrderEvent | HeartbeatEvent | RequalifyEvent;
/** What changes how that course is read. */
export type CorrectionEvent = ReclassifyEvent | ShiftEvent | CycleEvent | ReleaseEvent | RevokeEvent;
export type MachineEvent = FactEvent | CorrectionEvent;

/** A revocation may leave out the machine: it then goes to every partition, and `machine` is empty here. */
export const ANY_MACHINE = '';

const CORRECTIONS: ReadonlySet<string> = new Set(['reclassify', 'shift', 'cycle', 'release', 'revoke']);
export function isCorrection(event: MachineEvent): event is CorrectionEvent {
  return CORRECTIONS.has(event.type);
}

const FIELDS: Readonly<Record<EventType, readonly (readonly [string, FieldSpec])[]>> = Object.fromEntries(
  EVENT_TYPES.map(type => [type, Object.entries(EVENT_SPECS[type])]),
) as Record<EventType, [string, FieldSpec][]>;

/** What an event of a type that needs no conversion consists of, by field. */
const SHAPES: Readonly<Record<EventType, ReadonlyMap<string, FieldSpec>>> = Object.fromEntries(
  EVENT_TYPES.map(type => {
    const shape = new Map<string, FieldSpec>(FIELDS[type]);
    const always: Readonly<Record<string, FieldKind>> = { id: 'id', machine: 'id', at: 'instant' };
    for (const [name, kind] of Object.entries(always)) shape.set(name, { kind, required: true });
    shape.set('producer', { kind: 'id', required: false });
    shape.set('seq', { kind: 'pieces', required: false });
    return [type, shape];
  }),
) as Record<EventType, Map<string, FieldSpec>>;
const MUST_COUNT = Object.fromEntries(
  EVENT_TYPES.map(type => [type, [...SHAPES[type].values()].filter(spec => spec.required).length]),
) as Readonly<Record<EventType, number>>;

/**
 * Reads one event. Unknown fields are ignored; everything that is kept is checked. What is an event already, with nothing to
 * convert or to leave out, is handed back itself: so it is with all that came in by our own doors.
 * @param input parsed JSON
 * @param arrival epoch ms that stands in for a correction's missing `at`
 * @returns the event, or a rejection with code OEE_EVENT_*
 */
export function parseEvent(input: unknown, arrival: number): MachineEvent | Rejection {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return rejection(
      'OEE_EVENT_NOT_AN_OBJECT',
      `an event is a JSON object, not ${shown(input)}`,
      'Send one object per event.',
    );
  }
  const given = input as Readonly<Record<string, unknown>>;
  const type = own(given, 'type');
  if (typeof type !== 'string' || !Object.hasOwn(FIELDS, type)) {
    return rejection('OEE_EVENT_TYPE', `type is ${shown(type)}`, `Use one of ${EVENT_TYPES.join(', ')}.`);
  }
  const event = isInShape(given, type as EventType)
    ? (input as MachineEvent)
    : intoShape(given, type as EventType, arrival);
  return isRejection(event) ? event : checkTogether(event);
}

const own = (given: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.hasOwn(given, name) ? given[name] : undefined;

/** Every field that must be there is, nothing else is, and each is in its final shape. */
function isInShape(given: Readonly<Record<string, unknown>>, type: EventType): boolean {
  const shape = SHAPES[type];
  let found = 0;
  for (const name in given) {
    if (name === 'type') continue;
    const spec = shape.get(name);
    const value = given[name];
    if (spec === undefined || value === undefined || readField(spec.kind, value) !== value) return false;
    if (spec.required) found += 1;
  }
  return found === MUST_COUNT[type] && (given.producer === undefined) === (given.seq === undefined);
}

/** Picks out and converts the fields of the type. */
function intoShape(
  given: Readonly<Record<string, unknown>>,
  type: EventType,
  arrival: number,
): MachineEvent | Rejection {
  const id = own(given, 'id');
  if (!isText(id, ID_LENGTH_MAX)) return wrongField('id', 'id', id);
  const event: Record<string, string | number> = { id, machine: ANY_MACHINE, at: arrival, type };
  for (const [name, spec] of FIELDS[type]) {
    const value = own(given, name);
    if (value === undefined || value === null) {
      if (spec.required) return wrongField(name, spec.kind, value);
      continue;
    }
    const read = readField(spec.kind, value);
    if (read === undefined) return wrongField(name, spec.kind, value);
    event[name] = read;
  }
  const producer = own(given, 'producer');
  const seq = own(given, 'seq');
  if (producer !== undefined) {
    if (!isText(producer, ID_LENGTH_MAX)) return wrongField('producer', 'id', producer);
    if (!isWhole(seq, 0)) return wrongField('seq', 'pieces', seq);
    event.producer = producer;
    event.seq = seq;
  }
  return event as unknown as MachineEvent;
}

/** Rules over several fields. */
function checkTogether(event: MachineEvent): MachineEvent | Rejection {
  const oneOf = ONE_OF[event.type];
  if (oneOf !== undefined && !oneOf.some(name => name in event)) {
    return rejection(
      'OEE_EVENT_EMPTY',
      `${event.type} without any of ${oneOf.join(', ')}`,
      'Give at least one of them.',
    );
  }
  if ((event.type === 'reclassify' || event.type === 'shift') && event.from >= event.to) {
    return rejection('OEE_EVENT_SPAN', 'from is not before to', 'Give a span with from < to.');
  }
  if (event.type === 'requalify') {
    const sum = (event.good ?? 0) + (event.reject ?? 0) + (event.rework ?? 0);
    if (sum !== 0) {
      return rejection(
        'OEE_EVENT_REQUALIFY_SUM',
        `the pieces moved add up to ${sum}`,
        'Take from one what you add to the other (good -3, reject 3); new pieces come as a count.',
      );
    }
  }
  if (event.type === 'count' && event.total !== undefined) return countFromTotal(event, event.total);
  return event;
}

/** Two of total, good, reject give the third; all three must agree. */
function countFromTotal(event: CountEvent, total: number): MachineEvent | Rejection {
  const rework = event.rework ?? 0;
  const good = event.good ?? total - (event.reject ?? 0) - rework;
  const reject = event.reject ?? total - good - rework;
  if (good < 0 || reject < 0 || good + reject + rework !== total) {
    return rejection(
      'OEE_EVENT_COUNTS_DISAGREE',
      `total ${total} is not good ${good} + reject ${reject} + rework ${rework}`,
      'Send counts that add up, or only two of total, good and reject.',
    );
  }
  return { ...event, good, reject };
}
