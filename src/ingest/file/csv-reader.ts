// CSV reader: a table as events, by a mapping; or as it stands, where its columns are already an event's fields.
// In: a file and a mapping. Out: raw events in the order of the rows, ids always the same.
// Touches the file, and those that the mapping joins to it.

import { basename, dirname } from 'node:path';
import { EVENT_SPECS } from '../../core/event-spec.ts';
import { isRejection } from '../../core/rejection.ts';
import { parseInstant } from '../../core/time.ts';
import {
  MappingError,
  type Recorded,
  type RecordingFormat,
  type RecordingRequest,
  recordedId,
  type Unreadable,
} from '../source.ts';
import { type Joined, joinedTable } from './csv-join.ts';
import { type CsvMapping, csvMappingOf, type EventRule } from './csv-mapping.ts';
import { readTable, TableBroken } from './csv-table.ts';
import type { Row } from './csv-template.ts';
import { cellAs, rowToEvents } from './row-to-events.ts';

export const csvFormat: RecordingFormat = { name: 'csv', endings: ['.csv'], read: readCsv };

async function* readCsv(request: RecordingRequest): AsyncGenerator<Recorded | Unreadable> {
  const name = basename(request.path);
  try {
    yield* request.mapping === null
      ? readPlain(request, name)
      : readMapped(request, name, csvMappingOf(request.mapping));
  } catch (error) {
    if (!(error instanceof TableBroken)) throw error;
    yield { fault: error.reason, where: `${name}:${error.line}` };
  }
}

async function* readMapped(
  { path, machine: override, onBytes }: RecordingRequest,
  name: string,
  mapping: CsvMapping,
): AsyncGenerator<Recorded | Unreadable> {
  const folder = dirname(path);
  const joins = await Promise.all(mapping.joins.map(rule => joinedTable(rule, folder, mapping.delimiter)));
  const fallback = name.replace(/\.\w+$/, '');
  let number = -1;
  for await (const { row, line } of readTable(path, mapping, onBytes)) {
    number += 1;
    if (number === 0) {
      checkColumns(mapping, row, joins, name);
      continue;
    }
    const wide = new Map(row);
    for (const join of joins) join.widen(wide);
    const machine = override ?? String(mapping.machine?.fill(wide) ?? fallback);
    for (const made of rowToEvents(mapping, { row: wide, number, machine })) {
      const where = `${name}:${line}`;
      yield isRejection(made) ? { fault: made, where } : { ...made, where };
    }
  }
}

/** Every column that the mapping names must be there: a misspelt one would read as empty for ever. */
function checkColumns(mapping: CsvMapping, header: Row, joins: readonly Joined[], name: string): void {
  const known = new Set([...header.keys(), ...joins.flatMap(join => join.columns)]);
  const missing = new Set<string>();
  const need = (columns: readonly string[] | undefined, given: readonly string[] = []): void => {
    for (const column of columns ?? []) if (!known.has(column) && !given.includes(column)) missing.add(column);
  };
  const needRule = (rule: EventRule | null, given: readonly string[]): void => {
    for (const template of rule?.fields.values() ?? []) need(template.columns, given);
    need(rule?.when?.columns, given);
  };
  need(mapping.machine?.columns);
  for (const { columns } of mapping.times.values()) need(columns);
  for (const { equals } of mapping.joins) need(equals.columns);
  for (const rule of mapping.events) {
    if (!('each' in rule)) needRule(rule, []);
    else {
      need(rule.columns.filter(column => !column.endsWith('*')));
      needRule(rule.each, ['column', 'value']);
      needRule(rule.after, []);
    }
  }
  if (missing.size === 0) return;
  const columns = [...known].slice(0, 40).join(', ');
  throw new MappingError([...missing].map(column => `${name} has no column "${column}"; it has ${columns}`));
}

/** Columns are fields: id, machine, at, type, state, … Empty cells are fields that are not there. */
async function* readPlain(
  { path, machine: override, onBytes }: RecordingRequest,
  name: string,
): AsyncGenerator<Recorded | Unreadable> {
  let number = -1;
  for await (const { row, line } of readTable(path, { delimiter: ',', skipLines: 0 }, onBytes)) {
    number += 1;
    if (number === 0) {
      if (!row.has('type'))
        throw new MappingError([`${name} has no column "type": say with --mapping what its columns mean`]);
      continue;
    }
    const event = plainEvent(row, override ?? (row.get('machine') || name.replace(/\.\w+$/, '')));
    const at = parseInstant(event.at);
    event.id ??= recordedId(String(event.machine), at ?? 0, '', number, 1);
    yield { event, at, where: `${name}:${line}` };
  }
}

function plainEvent(row: Row, machine: string): Record<string, unknown> {
  const type = row.get('type') ?? '';
  const spec: Readonly<Record<string, { readonly kind: string }>> =
    Object.entries(EVENT_SPECS).find(([each]) => each === type)?.[1] ?? {};
  const event: Record<string, unknown> = {};
  for (const [field, cell] of row) {
    if (cell === '') continue;
    const kind = field === 'seq' ? 'pieces' : (spec[field]?.kind ?? 'id');
    // A time in digits alone is epoch milliseconds.
    event[field] = cellAs(kind === 'instant' && /^\d+$/.test(cell) ? 'pieces' : kind, cell);
  }
  event.machine = machine;
  return event;
}
