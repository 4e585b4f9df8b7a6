// Table file: rows as a file that the spreadsheet of the spoken language opens with a double click: numbers are numbers there.
// In: rows of texts and numbers, how the language writes. Out: CSV after RFC 4180, with the mark by which spreadsheets know UTF-8.
// Pure.
//
// Where the decimal sign is a comma, the cells are parted by a semicolon: so does Excel there when it saves, and so it reads.

/** A text as it stands on the screen, a number, or nothing. */
export type Cell = string | number | null;

export interface TableForm {
  /** language tag by which numbers are written */
  readonly numbers: string;
  readonly separator: string;
}

/** What a spreadsheet would take for a formula: other people's words never are; a signed number is none. */
const FORMULA = /^(?:[=@\t\r]|[+-](?![\d.,:\s]+%?$))/;

export function csvOf(rows: readonly (readonly Cell[])[], { numbers, separator }: TableForm): string {
  const number = new Intl.NumberFormat(numbers, { useGrouping: false, maximumFractionDigits: 6 });
  const write = (cell: Cell): string => {
    if (cell === null) return '';
    if (typeof cell === 'number') return number.format(cell).replace('\u2212', '-');
    const safe = FORMULA.test(cell) ? `'${cell}` : cell;
    return /["\r\n]/.test(safe) || safe.includes(separator) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return `\ufeff${rows.map(row => `${row.map(write).join(separator)}\r\n`).join('')}`;
}

/** A number as the screen shows it, the way a spreadsheet reads it: no gaps in it, a plain minus; a dash is an empty cell. */
export function plainFigure(text: string, numbers: string): string {
  const parts = new Intl.NumberFormat(numbers).formatToParts(1_000_000);
  const group = parts.find(({ type }) => type === 'group')?.value ?? '';
  const plain = text
    .replaceAll(group, '')
    .replaceAll(/[\u00a0\u202f]/g, '')
    .replace('\u2212', '-')
    .replace(/^\+/, '');
  return plain === '\u2014' ? '' : plain;
}

/** A length that spreadsheets add up: 0:12:07, 30:00:00. */
export function tableLength(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
