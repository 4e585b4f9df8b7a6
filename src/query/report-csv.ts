// Report CSV: a shift's report as tables that a spreadsheet opens as they are, one table per file.
// In: a report. Out: text after RFC 4180: one header row, commas, dots, ISO times, CRLF; UTF-8 with its mark, for Excel.
// Pure.
//
// One table per file and not blocks below one another: a file with several headers is no table for any program. Text that a
// spreadsheet would take for a formula gets an apostrophe before it: states and reasons are other people's words.

import type { Confirmation } from '../core/confirmation.ts';
import { waterfallOf } from '../core/losses.ts';
import { ratiosOf } from '../core/oee.ts';
import type { WindowResult } from '../core/result.ts';
import { CATEGORIES, type Tally } from '../core/tally.ts';
import { isoOf } from '../core/time.ts';
import type { ReportAnswer } from './shift-reports.ts';

export const REPORT_TABLES = ['figures', 'waterfall', 'losses', 'unexplained', 'confirmations'] as const;
export type ReportTable = (typeof REPORT_TABLES)[number];

type Cell = string | number | boolean | null;
type Row = Readonly<Record<string, Cell>>;

const MARK = '\uFEFF';

/** @param header names of the columns, also when there is no row */
export function csvOf(header: readonly string[], rows: readonly Row[]): string {
  const lines = [header.map(cellOf), ...rows.map(row => header.map(name => cellOf(row[name] ?? null)))];
  return `${MARK}${lines.map(cells => `${cells.join(',')}\r\n`).join('')}`;
}

function cellOf(value: Cell): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const PIECES = ['total', 'good', 'reject', 'rework', 'uncycled', 'quarantined'] as const;
const COUNTS = ['stops', 'failures', 'microStops', 'energyWh'] as const;
const RATIOS = ['oee', 'availability', 'performance', 'quality', 'teep', 'yield', 'coverage'] as const;
const SHIFT = ['unit', 'shift', 'start', 'end', 'businessDay', 'final', 'revision'] as const;

const shiftCells = ({ unit, name, start, end, businessDay, final, revision }: WindowResult): Row => ({
  unit,
  shift: name,
  start: isoOf(start),
  end: isoOf(end),
  businessDay,
  final,
  revision,
});

const TALLY_HEADER = [
  ...CATEGORIES.map(category => `${category}Ms`),
  ...PIECES,
  ...['idealMs', 'idealGoodMs'],
  ...COUNTS,
];

function tallyCells(tally: Readonly<Tally>): Row {
  const times = CATEGORIES.map(category => [`${category}Ms`, tally[category]] as const);
  const plain = [...PIECES, ...COUNTS].map(name => [name, tally[name]] as const);
  return {
    ...Object.fromEntries([...times, ...plain]),
    idealMs: tally.idealUs / 1000,
    idealGoodMs: tally.idealGoodUs / 1000,
  };
}

/** Shifts with their figures, one row each. */
export function figuresCsv(results: readonly WindowResult[]): string {
  const rows = results.map(result => {
    const ratios = ratiosOf(result.tally);
    return {
      ...shiftCells(result),
      ...Object.fromEntries(RATIOS.map(name => [name, ratios[name]])),
      ...tallyCells(result.tally),
    };
  });
  return csvOf([...SHIFT, ...RATIOS, ...TALLY_HEADER], rows);
}

export function reportCsv({ report, confirmations }: ReportAnswer, table: ReportTable): string {
  const { result } = report;
  const shift = shiftCells(result);
  switch (table) {
    case 'figures':
      return figuresCsv([result]);
    case 'waterfall': {
      const rows = waterfallOf(result.tally).losses.map(({ name, factor, ms, pieces }) => ({
        ...shift,
        loss: name,
        factor,
        ms,
        pieces,
      }));
      return csvOf([...SHIFT, 'loss', 'factor', 'ms', 'pieces'], rows);
    }
    case 'losses':
      return csvOf(
        [...SHIFT, 'category', 'reason', 'text', 'ms', 'stops'],
        report.losses.map(loss => ({ ...shift, ...loss })),
      );
    case 'unexplained': {
      const rows = report.unexplained.map(({ unit, stopId, from, to, category, state }) => ({
        ...shift,
        machine: unit,
        ...{ stopId, from: isoOf(from), to: isoOf(to), ms: to - from, category, state },
      }));
      return csvOf([...SHIFT, 'machine', 'stopId', 'from', 'to', 'ms', 'category', 'state'], rows);
    }
    case 'confirmations':
      return confirmationsCsv(confirmations, shift);
  }
}

function confirmationsCsv(confirmations: readonly Confirmation[], shift: Row): string {
  const header = [
    'id',
    'revision',
    'order',
    'product',
    'from',
    'to',
    'restatesTotal',
    'restatesGood',
    'restatesReject',
  ];
  const rows = confirmations.map(({ id, revision, order, product, from, to, tally, before, by, why }) => ({
    ...{ unit: shift.unit ?? null, shift: shift.shift ?? null },
    ...{ id, revision, order, product, from: isoOf(from), to: isoOf(to), by, why },
    restatesTotal: before?.total ?? null,
    restatesGood: before?.good ?? null,
    restatesReject: before?.reject ?? null,
    ...tallyCells(tally),
  }));
  return csvOf(['unit', 'shift', ...header, 'by', 'why', ...TALLY_HEADER], rows);
}
