// Table file: rows as a file that the spreadsheet of the spoken language opens with a double click: numbers are numbers there.
// In: rows of words and values, how the language writes. Out: CSV after RFC 4180, with the mark by which spreadsheets know UTF-8.
// Pure.
//
// Where the decimal sign is a comma, the cells are parted by a semicolon: so does Excel there when it saves, and so it reads.

import { stamp } from './show-values.ts';

/** A part of a whole: 0.684. */
export interface Share {
  readonly share: number;
}

/** A length of time, in milliseconds. */
export interface Length {
  readonly ms: number;
}

/** An instant, epoch ms, told by the clock of its place. */
export interface Moment {
  readonly at: number;
  readonly zone: string;
}

/** Words as they stand on the screen, a number, a value with a kind, or nothing. */
export type Cell = string | number | Share | Length | Moment | null;
/** Heads first. */
export type Rows = readonly (readonly Cell[])[];

export interface TableForm {
  /** language tag by which numbers are written */
  readonly numbers: string;
  readonly separator: string;
}

/** What a spreadsheet would take for a formula: other people's words never are; a signed number is none. */
const FORMULA = /^(?:[=@\t\r]|[+-](?![\d.,:\s]+%?$))/;

/** A column's head in a file, which leaves the page that knows the unit: Plan (pieces), From (Europe/Oslo). */
export const headIn = (name: string, unit: string): string => `${name} (${unit})`;

export const shareOf = (ratio: number | null): Share | null => (ratio === null ? null : { share: ratio });
export const momentOf = (iso: string | null, zone: string): Moment | null =>
  iso === null ? null : { at: Date.parse(iso), zone };

export function csvOf(rows: Rows, { numbers, separator }: TableForm): string {
  const number = new Intl.NumberFormat(numbers, { useGrouping: false, maximumFractionDigits: 6 });
  const figure = (value: number): string => number.format(value).replace('\u2212', '-');
  const write = (cell: Cell): string => {
    if (cell === null) return '';
    if (typeof cell === 'number') return figure(cell);
    if (typeof cell === 'string') return words(cell);
    if ('share' in cell) return `${figure(Number((cell.share * 100).toFixed(2)))}%`;
    return 'ms' in cell ? tableLength(cell.ms) : stamp(cell.at, cell.zone);
  };
  const words = (text: string): string => {
    const safe = FORMULA.test(text) ? `'${text}` : text;
    return /["\r\n]/.test(safe) || safe.includes(separator) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return `\ufeff${rows.map(row => `${row.map(write).join(separator)}\r\n`).join('')}`;
}

/** A length that spreadsheets add up: 0:12:07, 30:00:00. */
export function tableLength(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
