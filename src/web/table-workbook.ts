// Table workbook: rows as an Excel workbook of one sheet: values with their kinds, heads that stay, columns as wide as what is in them.
// In: a name; rows, heads first. Out: the bytes of an .xlsx file.
// Pure. Loaded when somebody wants a workbook: whoever looks at the page does not pay for it.
//
// A sheet knows no time zones: an instant is written as the wall clock of its place shows it, and the head says which place.

import writeXlsxFile, { type CellObject } from 'write-excel-file/universal';
import { stamp } from './show-values.ts';
import { type Cell, type Rows, tableLength } from './table-file.ts';

/** What Excel takes as the name of a sheet. */
const SHEET_NAME_MAX = 31;
const FORBIDDEN = /[[\]/\\:*?]+|^'+|'+$/g;
/** Characters; a column of long words is cut on the screen, not in the file. */
const WIDTH_MIN = 9;
const WIDTH_MAX = 60;
/** Room for the margins of a cell, and for bold letters. */
const WIDTH_EXTRA = 2;
const HEAD_FACTOR = 1.1;
const DAY_MS = 86_400_000;
const FORMATS = { share: '0.0%', ms: '[h]:mm:ss', at: 'yyyy-mm-dd hh:mm:ss', whole: '#,##0', broken: '#,##0.0##' };
const HEAD = { fontWeight: 'bold', backgroundColor: '#e7ebf0' } as const;

/** @throws when there is not even a row of heads */
export async function workbookOf(name: string, rows: Rows): Promise<Blob> {
  const [heads, ...body] = rows;
  if (heads === undefined) throw new Error(`the table ${name} has no heads`);
  const columns = heads.map((_, at) => body.map(row => row[at] ?? null));
  const numberFormats = columns.map(cells => (cells.every(isWhole) ? FORMATS.whole : FORMATS.broken));
  const data = [
    heads.map(head => ({ value: wordsOf(head), type: String, ...HEAD })),
    ...body.map(row => row.map((cell, at) => cellOf(cell, numberFormats[at] ?? FORMATS.broken))),
  ];
  return writeXlsxFile(data, {
    sheet: sheetName(name),
    stickyRowsCount: 1,
    columns: columns.map((cells, at) => ({ width: widthOf(wordsOf(heads[at] ?? null), cells) })),
  }).toBlob();
}

/** A table's name as a sheet may have it. */
export function sheetName(name: string): string {
  const legal = name.replaceAll(FORBIDDEN, ' ').replaceAll(/\s+/g, ' ').trim();
  return legal.slice(0, SHEET_NAME_MAX).trim() || 'OEE';
}

const isWhole = (cell: Cell): boolean => typeof cell !== 'number' || Number.isInteger(cell);

function cellOf(cell: Cell, numberFormat: string): CellObject | null {
  if (cell === null || cell === '') return null;
  if (typeof cell === 'string') return { value: cell, type: String };
  if (typeof cell === 'number') return { value: cell, type: Number, format: numberFormat };
  if ('share' in cell) return { value: cell.share, type: Number, format: FORMATS.share };
  if ('ms' in cell) return { value: cell.ms / DAY_MS, type: Number, format: FORMATS.ms };
  return { value: new Date(`${stamp(cell.at, cell.zone).replace(' ', 'T')}Z`), type: Date, format: FORMATS.at };
}

/** As wide as it is shown. */
function wordsOf(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'number') return cell.toLocaleString('en', { maximumFractionDigits: 3 });
  if ('share' in cell) return `${(cell.share * 100).toFixed(1)}%`;
  return 'ms' in cell ? tableLength(cell.ms) : stamp(cell.at, cell.zone);
}

function widthOf(head: string, cells: readonly Cell[]): number {
  const widest = cells.reduce<number>((most, cell) => Math.max(most, wordsOf(cell).length), head.length * HEAD_FACTOR);
  return Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, Math.ceil(widest) + WIDTH_EXTRA));
}
