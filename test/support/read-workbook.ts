// Read workbook: an Excel workbook of one sheet, taken apart as the standard says it is put together, beside whatever wrote it.
// In: bytes of an .xlsx file. Out: the sheet's name, its rows with values as their formats mean them, what stays and what is bold.
// Pure.

import { strFromU8, unzipSync } from 'fflate';

export interface SheetRead {
  readonly name: string;
  /** rows that stay when the others are scrolled */
  readonly frozenRows: number;
  readonly isHeadBold: boolean;
  /** characters, one for each column */
  readonly widths: readonly number[];
  /** words; numbers; `at …` a date and time; `h …` hours of a length; `% …` a share; empty cells are null */
  readonly rows: readonly (readonly (string | number | null)[])[];
}

const attribute = (xml: string, name: string): string | undefined => new RegExp(` ${name}="([^"]*)"`).exec(xml)?.[1];
const every = (xml: string, element: string): string[] =>
  xml.match(new RegExp(`<${element}(?: [^>]*)?(?:/>|>.*?</${element}>)`, 'gs')) ?? [];
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const textOf = (xml: string): string =>
  xml.replace(/<[^>]*>/g, '').replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => ENTITIES[name] ?? '');
/** A: 0, AB: 27. */
const columnOf = (address: string): number =>
  [...address.replace(/\d+$/, '')].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
/** Days between 1899-12-30, where sheets count from, and 1970-01-01. */
const DAYS_TO_1970 = 25_569;

/** @throws when a part is missing that every workbook has */
export function readWorkbook(bytes: Uint8Array): SheetRead {
  const files = unzipSync(bytes);
  const part = (path: string): string => strFromU8(files[path] ?? raise(`no ${path} in the workbook`));
  const [sheet, styles] = [part('xl/worksheets/sheet1.xml'), part('xl/styles.xml')];
  const strings = every(part('xl/sharedStrings.xml'), 'si').map(textOf);
  const formats = new Map(
    every(styles, 'numFmt').map(xml => [attribute(xml, 'numFmtId'), attribute(xml, 'formatCode')]),
  );
  const looks = every(every(styles, 'cellXfs')[0] ?? '', 'xf');
  const bold = every(every(styles, 'fonts')[0] ?? '', 'font').map(font => font.includes('<b/>'));
  const lookOf = (cell: string): string => looks[Number(attribute(cell, 's') ?? 0)] ?? '';
  const contentOf = (cell: string): string | number | null => {
    const [value] = every(cell, 'v').map(textOf);
    if (value === undefined) return null;
    if (attribute(cell, 't') === 's') return strings[Number(value)] ?? raise(`no string ${value}`);
    const format = formats.get(attribute(lookOf(cell), 'numFmtId')) ?? '';
    if (format.includes('yyyy')) return `at ${instantText(Number(value))}`;
    if (format.startsWith('[h]')) return `h ${(Number(value) * 24).toFixed(4)}`;
    return format.endsWith('%') ? `% ${Number((Number(value) * 100).toFixed(1))}` : Number(value);
  };
  const rows = every(sheet, 'row').map(row => every(row, 'c'));
  const width = Math.max(...rows.flat().map(cell => columnOf(attribute(cell, 'r') ?? ''))) + 1;
  return {
    name: textOf(attribute(part('xl/workbook.xml').replace(/.*<sheet /s, '<sheet '), 'name') ?? ''),
    frozenRows: sheet.includes('state="frozen"') ? Number(attribute(every(sheet, 'pane')[0] ?? '', 'ySplit')) : 0,
    isHeadBold: (rows[0] ?? []).every(cell => bold[Number(attribute(lookOf(cell), 'fontId') ?? 0)] === true),
    widths: every(sheet, 'col').map(xml => Number(attribute(xml, 'width'))),
    rows: rows.map(cells => {
      const row = new Array<string | number | null>(width).fill(null);
      for (const cell of cells) row[columnOf(attribute(cell, 'r') ?? '')] = contentOf(cell);
      return row;
    }),
  };
}

const instantText = (serial: number): string =>
  new Date(Math.round((serial - DAYS_TO_1970) * 86_400) * 1000).toISOString().slice(0, 19).replace('T', ' ');

function raise(what: string): never {
  throw new Error(what);
}
