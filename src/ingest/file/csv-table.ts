// CSV table: a file's rows by the names of its columns.
// In: a file. Out: the header, then row after row.
// Touches the file.

import { createReadStream } from 'node:fs';
import { type CsvError, parse } from 'csv-parse';
import { type Rejection, rejection } from '../../core/rejection.ts';
import type { Row } from './csv-template.ts';

/** Characters of one row; a quote that is never closed ends here instead of in memory. */
const ROW_LENGTH_MAX = 1_000_000;

export interface TableRow {
  readonly row: Row;
  /** line of the file on which it ends */
  readonly line: number;
}
export interface TableShape {
  readonly delimiter: string;
  /** lines before the header */
  readonly skipLines: number;
}

/** What stopped the reading of a table before its end. */
export class TableBroken extends Error {
  constructor(
    readonly line: number,
    readonly reason: Rejection,
  ) {
    super(reason.message);
    this.name = 'TableBroken';
  }
}

/**
 * The first row that comes is the header itself, every name with its own name as the cell.
 * @throws TableBroken where quotes do not match
 */
export async function* readTable(
  path: string,
  { delimiter, skipLines }: TableShape,
  onBytes: (bytes: number) => void,
): AsyncGenerator<TableRow> {
  const parser = parse({
    bom: true,
    delimiter,
    fromLine: skipLines + 1,
    info: true,
    maxRecordSize: ROW_LENGTH_MAX,
    relaxColumnCount: true,
    skipEmptyLines: true,
    trim: true,
  });
  const file = createReadStream(path);
  file.on('data', chunk => onBytes(chunk.length));
  file.once('error', error => parser.destroy(error));
  file.pipe(parser);
  let header: readonly string[] | null = null;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      header ??= record;
      const row = new Map<string, string>();
      header.forEach((name, i) => {
        if (name !== '' && !row.has(name)) row.set(name, record[i] ?? '');
      });
      yield { row, line: info.lines };
    }
  } catch (error) {
    const { code, lines, message } = error as CsvError & { lines?: number };
    if (typeof code !== 'string' || !code.startsWith('CSV_')) throw error;
    const remedy = 'Check quotes and the delimiter; rows before this one were read.';
    throw new TableBroken(lines ?? 0, rejection('OEE_CSV_SYNTAX', message.slice(0, 200), remedy));
  } finally {
    file.destroy();
  }
}
