// Wire schemas: the shapes of results, states, intervals, alerts, reports and confirmations as JSON Schema, for the published documents.
// In: the types of the wire, whose every field must be named here. Out: schemas that refer to one another by name.
// Pure.

import type { AlertMember } from './alert.ts';
import type { WireAlert, WireAlertMember } from './alert-to-wire.ts';
import type { Loss, Waterfall } from './losses.ts';
import type { Ratios } from './oee.ts';
import type { LossOfReason, ShiftReport } from './result.ts';
import type { WireInterval, WireResult, WireState, WireTally } from './result-to-wire.ts';
import type { WireConfirmation, WireReport, WireStop } from './shift-report-to-wire.ts';
import { CATEGORIES } from './tally.ts';

export type Schema = Readonly<Record<string, unknown>>;

export const text: Schema = { type: 'string' };
export const whole: Schema = { type: 'integer' };
export const flag: Schema = { type: 'boolean' };
export const instant: Schema = { type: 'string', format: 'date-time' };
const number: Schema = { type: 'number' };
export const oneOf = (...words: readonly string[]): Schema => ({ type: 'string', enum: words });
export const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });
export const listOf = (items: Schema): Schema => ({ type: 'array', items });
export const named = (name: WireSchemaName): Schema => ({ $ref: `#/components/schemas/${name}` });
export const told = (schema: Schema, description: string): Schema => ({ ...schema, description });

/** One schema for every field of T: a field that is missing here, or that T does not have, does not compile. */
export type FieldsOf<T> = { readonly [Field in keyof Required<T>]: Schema };

export function shape<T extends object>(fields: FieldsOf<T>, description?: string): Schema {
  const about = description === undefined ? {} : { description };
  return { ...about, type: 'object', required: Object.keys(fields), properties: fields };
}

const category = oneOf(...CATEGORIES);
const ms = told(number, 'milliseconds');
const level = oneOf('machine', 'line', 'area', 'site');
const ratio = told(orNull(number), '0..1, performance may be above; null: no base, see undefinedBecause');

export const RATIO_FIELDS: FieldsOf<Ratios> = {
  availability: ratio,
  performance: ratio,
  quality: ratio,
  oee: ratio,
  teep: ratio,
  utilisation: ratio,
  yield: ratio,
  coverage: ratio,
  band: told(
    orNull({ type: 'array', items: number, minItems: 2, maxItems: 2 }),
    'worst and best OEE that the unknown time may hold',
  ),
  undefinedBecause: told(
    orNull({ type: 'object', additionalProperties: text }),
    'of each ratio without a value: why it has none',
  ),
};

const TALLY_SHAPE: FieldsOf<WireTally> = {
  calendarMs: whole,
  plannedMs: whole,
  runMs: whole,
  unknownPlannedMs: whole,
  inferredMs: whole,
  categoriesMs: {
    type: 'object',
    required: CATEGORIES,
    properties: Object.fromEntries(CATEGORIES.map(each => [each, whole])),
  },
  total: whole,
  good: whole,
  reject: whole,
  rework: whole,
  uncycled: told(whole, 'pieces whose ideal cycle nobody knows'),
  quarantined: told(whole, 'pieces of counter jumps that wait for a release'),
  idealMs: number,
  idealGoodMs: number,
  stops: whole,
  failures: whole,
  microStops: whole,
  energyWh: whole,
};

const RESULT_SHAPE: FieldsOf<WireResult> = {
  unit: text,
  level,
  window: shape<WireResult['window']>({
    kind: told(text, 'minute, hour, shift, day, order, span, or a sliding one (last5m)'),
    name: told(orNull(text), 'of the shift or the order'),
    start: instant,
    end: instant,
    edge: told(instant, 'up to here facts are counted in'),
    businessDay: orNull(text),
  }),
  final: flag,
  revision: whole,
  tally: named('Tally'),
  ...RATIO_FIELDS,
  basis: oneOf('own', 'sum', 'constraint'),
  beside: told(
    orNull(shape<NonNullable<WireResult['beside']>>({ basis: oneOf('sum'), tally: named('Tally'), ...RATIO_FIELDS })),
    'serial lines: the plain sums',
  ),
  by: told(orNull(text), 'who restated it'),
  why: orNull(text),
};

const INTERVAL_SHAPE: FieldsOf<WireInterval> = {
  unit: text,
  from: told(instant, 'its identity within the unit'),
  to: told(instant, 'equal to from: it was superseded'),
  category,
  state: told(orNull(text), 'the machine’s own word'),
  reason: orNull(text),
  stopId: told(orNull(text), 'same over every cut of one stop'),
  source: oneOf('state', 'calendar', 'restatement', 'inferred', 'silence'),
  open: told(flag, 'still going on'),
  undecided: told(flag, 'an own stop that may yet be a micro-stop'),
};

const STATE_SHAPE: FieldsOf<WireState> = {
  unit: text,
  at: told(instant, 'how far the machine’s facts reach'),
  since: instant,
  category,
  state: orNull(text),
  reason: orNull(text),
  stopId: orNull(text),
  undecided: flag,
  order: orNull(text),
  product: orNull(text),
  lastSign: orNull(instant),
};

const MEMBER_SHAPE: FieldsOf<WireAlertMember & Pick<AlertMember, 'unit' | 'value'>> = {
  unit: text,
  since: instant,
  until: orNull(instant),
  value: told(orNull(number), 'the figure when it was raised'),
};

export const ALERT_FIELDS: FieldsOf<WireAlert> = {
  id: told(text, 'a replay gives the same'),
  sequence: told(whole, 'the greatest is what is known now'),
  news: oneOf('raised', 'updated', 'escalated', 'resolved', 'withdrawn', 'acknowledged', 'muted'),
  status: oneOf('active', 'resolved', 'withdrawn'),
  rule: text,
  severity: oneOf('info', 'warning', 'critical'),
  unit: text,
  level: oneOf('machine', 'line', 'area', 'site', 'engine'),
  text,
  members: listOf(shape(MEMBER_SHAPE)),
  since: instant,
  raisedAt: instant,
  resolvedAt: orNull(instant),
  at: instant,
  occurrences: whole,
  flapping: flag,
  acknowledged: orNull(shape<NonNullable<WireAlert['acknowledged']>>({ by: text, at: instant, why: orNull(text) })),
  mutedUntil: orNull(instant),
  escalated: told(whole, 'steps of the escalation that were taken'),
  why: orNull(text),
  supersedes: told(orNull(text), 'the alert that this one stands for now'),
};

const WATERFALL_SHAPE: FieldsOf<Waterfall> = {
  calendarMs: ms,
  plannedMs: ms,
  runMs: ms,
  idealMs: ms,
  idealGoodMs: ms,
  losses: listOf(
    shape<Loss>({
      name: text,
      factor: oneOf('schedule', 'unknown', 'availability', 'performance', 'quality'),
      ms,
      pieces: told(orNull(number), 'good pieces that this time would have made'),
    }),
  ),
};

const REPORT_SHAPE: FieldsOf<WireReport> = {
  unit: text,
  result: named('Result'),
  waterfall: named('Waterfall'),
  losses: listOf(shape<LossOfReason>({ category, reason: orNull(text), text: orNull(text), ms, stops: whole })),
  unexplained: listOf(
    shape<WireStop>({ unit: text, stopId: text, from: instant, to: instant, category, state: orNull(text) }),
  ),
  more: told(shape<ShiftReport['more']>({ losses: whole, unexplained: whole }), 'rows that did not fit'),
};

export const CONFIRMATION_FIELDS: FieldsOf<WireConfirmation> = {
  id: told(text, 'of the booking; never changes'),
  revision: told(whole, '0 confirms, later ones restate'),
  order: text,
  product: orNull(text),
  from: instant,
  to: instant,
  tally: named('Tally'),
  restates: told(
    orNull(shape<NonNullable<WireConfirmation['restates']>>({ revision: whole, tally: named('Tally') })),
    'what this one takes back',
  ),
  by: orNull(text),
  why: orNull(text),
};

export type WireSchemaName =
  | 'Tally'
  | 'Result'
  | 'Interval'
  | 'State'
  | 'Alert'
  | 'Waterfall'
  | 'Report'
  | 'Confirmation';

/** `components.schemas` of every document. */
export const WIRE_SCHEMAS: Readonly<Record<WireSchemaName, Schema>> = {
  Tally: shape(TALLY_SHAPE, 'What was counted and measured; sums, so that tallies add up'),
  Result: shape(RESULT_SHAPE, 'A unit’s window as it is known now'),
  Interval: shape(INTERVAL_SHAPE, 'A span of one machine’s effective timeline'),
  State: shape(STATE_SHAPE, 'What a machine does now'),
  Alert: shape(ALERT_FIELDS, 'An alert as it stands'),
  Waterfall: shape(WATERFALL_SHAPE, 'Where the time went; the losses add up'),
  Report: shape(REPORT_SHAPE, 'What a shift was'),
  Confirmation: shape(CONFIRMATION_FIELDS, 'What a machine made of an order in a shift'),
};
