// CSV join: columns that another table holds, found by a key.
// In: the rules of a mapping and the folder of the recording. Out: rows with the other tables' columns beside their own.
// Touches the other files, each of which is held in memory.

import { resolve } from 'node:path';
import { MappingError } from '../source.ts';
import type { JoinRule } from './csv-mapping.ts';
import { readTable } from './csv-table.ts';
import type { Row } from './csv-template.ts';

/** Rows of a joined table. It is a look-up table; what is larger is a recording of its own. */
const JOIN_ROWS_MAX = 100_000;

export interface Joined {
  /** all columns that it adds, with their prefix */
  readonly columns: readonly string[];
  /** adds the columns of the row that its key finds; where none is found they stay empty */
  widen(row: Map<string, string>): void;
}

/** @throws MappingError when the key is missing or stands twice: which row is meant is not ours to guess */
export async function joinedTable(rule: JoinRule, folder: string, delimiter: string): Promise<Joined> {
  const path = resolve(folder, rule.file);
  const found = new Map<string, Row>();
  let columns: string[] | null = null;
  const faults: string[] = [];
  for await (const { row, line } of readTable(path, { delimiter, skipLines: rule.skipLines }, () => {})) {
    if (columns === null) {
      columns = [...row.keys()].filter(name => name !== rule.key);
      if (!row.has(rule.key)) faults.push(`join.${rule.prefix}.key: ${rule.file} has no column "${rule.key}"`);
      continue;
    }
    const key = row.get(rule.key) ?? '';
    if (found.has(key)) faults.push(`join.${rule.prefix}: "${key}" stands twice in ${rule.file} (line ${line})`);
    found.set(key, row);
    if (found.size > JOIN_ROWS_MAX)
      faults.push(`join.${rule.prefix}: ${rule.file} has more than ${JOIN_ROWS_MAX} rows`);
    if (faults.length > 0) break;
  }
  if (faults.length > 0) throw new MappingError(faults);
  const own = columns ?? [];
  return {
    columns: own.map(name => `${rule.prefix}.${name}`),
    widen(row) {
      const other = found.get(String(rule.equals.fill(row)));
      for (const name of own) row.set(`${rule.prefix}.${name}`, other?.get(name) ?? '');
    },
  };
}
