// CSV mapping: how a table's rows become events, as said in a mapping file; README.md beside this file explains it.
// In: a mapping file's content. Out: compiled rules; or all faults at once.
// Pure.

import { EVENT_SPECS, EVENT_TYPES, type EventType } from '../../core/event-spec.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../core/time.ts';
import { MappingError } from '../source.ts';
import { type Template, templateOf } from './csv-template.ts';
import { TIME_FORMATS, type TimeReader, timeReaderOf } from './csv-time.ts';

export interface TimeRule {
  readonly columns: readonly string[];
  readonly read: TimeReader;
}
/** A named time, moved by some milliseconds. */
export interface Moment {
  readonly time: string;
  readonly plusMs: number;
}
export interface EventRule {
  readonly type: EventType;
  /** instants by field: `at`, `from`, `to`, `due` */
  readonly moments: ReadonlyMap<string, Moment>;
  readonly fields: ReadonlyMap<string, Template>;
  /** the event happens only where this is not empty */
  readonly when: Template | null;
}
/** One event per column that holds a length, laid end to end; then one where the last ends. */
export interface SeriesRule {
  readonly from: Moment;
  readonly unitMs: number;
  /** a column, or a prefix ending in `*` */
  readonly columns: readonly string[];
  readonly each: EventRule;
  readonly after: EventRule | null;
}
export interface JoinRule {
  readonly prefix: string;
  readonly file: string;
  readonly skipLines: number;
  readonly key: string;
  readonly equals: Template;
}
export interface CsvMapping {
  readonly machine: Template | null;
  readonly delimiter: string;
  readonly skipLines: number;
  readonly joins: readonly JoinRule[];
  readonly times: ReadonlyMap<string, TimeRule>;
  readonly events: readonly (EventRule | SeriesRule)[];
}

type Bag = Readonly<Record<string, unknown>>;
type Fault = (key: string, trouble: string) => void;

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: SECOND_MS, min: MINUTE_MS, h: HOUR_MS };
const TOP = ['machine', 'zone', 'delimiter', 'skipLines', 'join', 'times', 'events'];

/** @throws MappingError with every fault */
export function csvMappingOf(content: unknown): CsvMapping {
  const faults: string[] = [];
  const fault: Fault = (key, trouble) => faults.push(`${key}: ${trouble}`);
  const top = bag(content, 'the mapping', fault);
  only(top, TOP, '', fault);
  const times = timesOf(top, fault);
  const events = listOf(top.events, 'events', fault).map((said, i) => ruleOf(said, `events[${i}]`, times, fault));
  if (events.length === 0) fault('events', 'say at least one event per row');
  const mapping = {
    machine: top.machine === undefined ? null : template(top.machine, 'machine', fault),
    delimiter: textOr(top.delimiter, ',', 'delimiter', fault),
    skipLines: wholeOr(top.skipLines, 'skipLines', fault),
    joins: Object.entries(bag(top.join ?? {}, 'join', fault)).map(([prefix, said]) => joinOf(prefix, said, fault)),
    times,
    events,
  };
  if (faults.length > 0) throw new MappingError(faults);
  return mapping;
}

function bag(value: unknown, key: string, fault: Fault): Bag {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Bag;
  fault(key, 'names and values are wanted here');
  return {};
}
function only(given: Bag, known: readonly string[], key: string, fault: Fault): void {
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) fault(`${key}${name}`, `not known here; use ${known.join(', ')}`);
  }
}
function listOf(value: unknown, key: string, fault: Fault): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (value !== undefined) fault(key, 'a list is wanted here');
  return [];
}
function textOr(value: unknown, otherwise: string, key: string, fault: Fault): string {
  if (typeof value === 'string' && value !== '') return value;
  if (value !== undefined) fault(key, 'text is wanted here');
  return otherwise;
}
function wholeOr(value: unknown, key: string, fault: Fault): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  if (value !== undefined) fault(key, 'a whole number from 0 up');
  return 0;
}
function template(said: unknown, key: string, fault: Fault): Template {
  const made = templateOf(said);
  if (made === null) fault(key, 'a value, text with {Column} in it, or { column, map, else }');
  return made ?? { fill: () => '', columns: [] };
}

function timesOf(top: Bag, fault: Fault): Map<string, TimeRule> {
  const zone = textOr(top.zone, 'UTC', 'zone', fault);
  const times = new Map<string, TimeRule>();
  if (timeReaderOf('iso', zone) === null)
    fault('zone', `"${zone}" is no time zone; use an IANA name such as Europe/Oslo`);
  for (const [name, said] of Object.entries(bag(top.times ?? {}, 'times', fault))) {
    const given = bag(said, `times.${name}`, fault);
    only(given, ['columns', 'format'], `times.${name}.`, fault);
    const columns = listOf(given.columns, `times.${name}.columns`, fault).map(String);
    if (columns.length === 0) fault(`times.${name}.columns`, 'name the columns that hold the time');
    const format = textOr(given.format, 'iso', `times.${name}.format`, fault);
    const read = timeReaderOf(format, 'UTC') === null ? null : timeReaderOf(format, zone);
    if (timeReaderOf(format, 'UTC') === null) fault(`times.${name}.format`, `use ${TIME_FORMATS}`);
    times.set(name, { columns, read: read ?? (() => null) });
  }
  return times;
}

function joinOf(prefix: string, said: unknown, fault: Fault): JoinRule {
  const key = `join.${prefix}`;
  const given = bag(said, key, fault);
  only(given, ['file', 'skipLines', 'key', 'equals'], `${key}.`, fault);
  for (const name of ['file', 'key', 'equals']) if (given[name] === undefined) fault(`${key}.${name}`, 'is missing');
  return {
    prefix,
    file: textOr(given.file, '-', `${key}.file`, fault),
    skipLines: wholeOr(given.skipLines, `${key}.skipLines`, fault),
    key: textOr(given.key, '-', `${key}.key`, fault),
    equals: template(given.equals ?? '', `${key}.equals`, fault),
  };
}

function ruleOf(
  said: unknown,
  key: string,
  times: ReadonlyMap<string, TimeRule>,
  fault: Fault,
): EventRule | SeriesRule {
  const given = bag(said, key, fault);
  return 'series' in given ? seriesOf(given, key, times, fault) : eventRuleOf(given, key, times, fault, []);
}

function seriesOf(outer: Bag, key: string, times: ReadonlyMap<string, TimeRule>, fault: Fault): SeriesRule {
  only(outer, ['series'], `${key}.`, fault);
  const given = bag(outer.series, `${key}.series`, fault);
  const at = `${key}.series.`;
  only(given, ['from', 'unit', 'columns', 'each', 'after'], at, fault);
  const unitMs = UNITS[textOr(given.unit, 'min', `${at}unit`, fault)];
  if (unitMs === undefined) fault(`${at}unit`, `use ${Object.keys(UNITS).join(', ')}`);
  const columns = listOf(typeof given.columns === 'string' ? [given.columns] : given.columns, `${at}columns`, fault);
  if (columns.length === 0) fault(`${at}columns`, 'name the columns that hold lengths, or a prefix such as downtime.*');
  const laid = ['at'];
  return {
    from: momentOf(given.from, `${at}from`, times, fault),
    unitMs: unitMs ?? 1,
    columns: columns.map(String),
    each: eventRuleOf(bag(given.each, `${at}each`, fault), `${at}each`, times, fault, laid),
    after:
      given.after === undefined
        ? null
        : eventRuleOf(bag(given.after, `${at}after`, fault), `${at}after`, times, fault, laid),
  };
}

/** @param laid instants that the series gives */
function eventRuleOf(
  given: Bag,
  key: string,
  times: ReadonlyMap<string, TimeRule>,
  fault: Fault,
  laid: readonly string[],
): EventRule {
  const { type, when, ...said } = given;
  const known = EVENT_TYPES.find(each => each === type);
  if (known === undefined) fault(`${key}.type`, `use one of ${EVENT_TYPES.join(', ')}`);
  const spec: Readonly<Record<string, { kind: string; required: boolean }>> = EVENT_SPECS[known ?? 'heartbeat'];
  const moments = new Map<string, Moment>();
  const fields = new Map<string, Template>();
  for (const [name, value] of Object.entries(said)) {
    const kind = name === 'id' ? 'id' : spec[name]?.kind;
    if (kind === undefined) fault(`${key}.${name}`, `${String(type)} has ${Object.keys(spec).join(', ')}`);
    else if (kind === 'instant') moments.set(name, momentOf(value, `${key}.${name}`, times, fault));
    else fields.set(name, template(value, `${key}.${name}`, fault));
  }
  for (const [name, { required }] of Object.entries(spec)) {
    if (required && name !== 'machine' && !(name in said) && !laid.includes(name))
      fault(`${key}.${name}`, 'is missing');
  }
  return {
    type: known ?? 'heartbeat',
    moments,
    fields,
    when: when === undefined ? null : template(when, `${key}.when`, fault),
  };
}

/** `start`, `end - 1ms`, `end + 5min` */
function momentOf(said: unknown, key: string, times: ReadonlyMap<string, TimeRule>, fault: Fault): Moment {
  const parts = /^(\S+?)(?:\s*([+-])\s*(\d+)\s*(ms|s|min|h))?$/.exec(String(said));
  const time = parts?.[1] ?? '';
  if (parts === null || !times.has(time)) {
    fault(key, `use one of times (${[...times.keys()].join(', ')}), or e.g. "${[...times.keys()][0] ?? 'end'} - 1ms"`);
  }
  const plus = Number(parts?.[3] ?? 0) * (UNITS[parts?.[4] ?? 'ms'] ?? 1);
  return { time, plusMs: parts?.[2] === '-' ? -plus : plus };
}
