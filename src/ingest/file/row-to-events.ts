// Row to events: one row of a table, by the mapping's rules, as raw events in the order of the rules.
// In: a row. Out: events with ids that are the same at every reading, or what cannot be read.
// Pure.

import { EVENT_SPECS } from '../../core/event-spec.ts';
import { type Rejection, rejection } from '../../core/rejection.ts';
import { recordedId } from '../source.ts';
import type { CsvMapping, EventRule, Moment, SeriesRule } from './csv-mapping.ts';
import type { Cell, Row } from './csv-template.ts';

export interface RowContext {
  readonly row: Row;
  /** counts rows from 1 */
  readonly number: number;
  readonly machine: string;
}
export type RowEvent = { readonly event: Readonly<Record<string, unknown>>; readonly at: number } | Rejection;

const NUMBERS: ReadonlySet<string> = new Set(['pieces', 'counted', 'signedPieces', 'cycleMs']);

export function rowToEvents(mapping: CsvMapping, context: RowContext): RowEvent[] {
  const events: RowEvent[] = [];
  const times = timesOf(mapping, context.row);
  const add = (rule: EventRule, row: Row, laidAt: number | null): void => {
    if (rule.when !== null && rule.when.fill(row) === '') return;
    events.push(eventOf(rule, row, laidAt, times, mapping, context, events.length + 1));
  };
  for (const rule of mapping.events) {
    if (!('each' in rule)) add(rule, context.row, null);
    else {
      const start = instantOf(rule.from, times);
      if (start === null) events.push(noTime(rule.from.time, context.row, mapping));
      else layEndToEnd(rule, start, context.row, add);
    }
  }
  return events;
}

type Times = ReadonlyMap<string, number | null>;

function timesOf(mapping: CsvMapping, row: Row): Times {
  const times = new Map<string, number | null>();
  for (const [name, { columns, read }] of mapping.times)
    times.set(name, read(columns.map(each => row.get(each) ?? '')));
  return times;
}

function instantOf({ time, plusMs }: Moment, times: Times): number | null {
  const base = times.get(time) ?? null;
  return base === null ? null : base + plusMs;
}

/** Lengths without times of their own: one after the other from the start. `{column}` is the column's name after the prefix. */
function layEndToEnd(
  rule: SeriesRule,
  start: number,
  row: Row,
  add: (rule: EventRule, row: Row, at: number) => void,
): void {
  let at = start;
  for (const wanted of rule.columns) {
    const prefix = wanted.endsWith('*') ? wanted.slice(0, -1) : null;
    const columns = prefix === null ? [wanted] : [...row.keys()].filter(name => name.startsWith(prefix));
    for (const column of columns) {
      const length = Number(row.get(column) ?? '');
      if (!(length > 0)) continue;
      add(rule.each, new Map(row).set('column', column.slice(prefix?.length ?? 0)).set('value', String(length)), at);
      at += Math.round(length * rule.unitMs);
    }
  }
  if (rule.after !== null) add(rule.after, row, at);
}

function eventOf(
  rule: EventRule,
  row: Row,
  laidAt: number | null,
  times: Times,
  mapping: CsvMapping,
  { machine, number }: RowContext,
  place: number,
): RowEvent {
  const event: Record<string, unknown> = { machine, type: rule.type };
  for (const [name, moment] of rule.moments) {
    const instant = instantOf(moment, times);
    if (instant === null) return noTime(moment.time, row, mapping);
    event[name] = instant;
  }
  if (laidAt !== null) event.at = laidAt;
  const spec: Readonly<Record<string, { readonly kind: string }>> = EVENT_SPECS[rule.type];
  for (const [name, template] of rule.fields) {
    const value = cellAs(spec[name]?.kind ?? 'id', template.fill(row));
    if (value !== '') event[name] = value;
  }
  const at = Number(event.at ?? event.from ?? 0);
  event.id ??= recordedId(String(event.machine), at, '', number, place);
  return { event, at };
}

/** A cell in the shape of its field; what is no number stays as it is, for the door to refuse with its reason. */
export function cellAs(kind: string, cell: Cell): Cell {
  if (!NUMBERS.has(kind)) return String(cell);
  const number = cell === '' ? Number.NaN : Number(cell);
  return Number.isNaN(number) ? cell : number;
}

function noTime(name: string, row: Row, mapping: CsvMapping): Rejection {
  const cells = mapping.times.get(name)?.columns.map(column => row.get(column) ?? '') ?? [];
  const shown = cells.length === 0 ? '' : ` ("${cells.join('", "').slice(0, 60)}")`;
  return rejection(
    'OEE_CSV_TIME',
    `the time ${name} cannot be read${shown}`,
    'Check the format and zone of this time in the mapping.',
  );
}
