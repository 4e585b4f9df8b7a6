// Column work: what Grafana does with the rows before it draws them.
// In: names of columns. Out: configured transformations.
// Pure. The names of transformations and their options are those of Grafana 11.

import type { DataTransformerConfig } from '@grafana/grafana-foundation-sdk/dashboard';

/** One row with many columns becomes one row for each column: its name and its total. */
export const columnsToRows: DataTransformerConfig = {
  id: 'reduce',
  options: { reducers: ['sum'], mode: 'seriesToRows', includeTimeField: false, labelsToFields: false },
};

export const greatestFirst = (column: string): DataTransformerConfig => ({
  id: 'sortBy',
  options: { fields: {}, sort: [{ field: column, desc: true }] },
});

/** Rows of one value of `by` become one, the column added up. */
export const addedUp = (by: readonly string[], column: string): DataTransformerConfig => ({
  id: 'groupBy',
  options: {
    fields: {
      ...Object.fromEntries(by.map(name => [name, { operation: 'groupby', aggregations: [] }])),
      [column]: { operation: 'aggregate', aggregations: ['sum', 'count'] },
    },
  },
});

/** Heads of columns as people call them. */
const HEADS = {
  unit: 'Unit',
  shift: 'Shift',
  name: 'Shift',
  businessDay: 'Day',
  oee: 'OEE',
  availability: 'A',
  performance: 'P',
  quality: 'Q',
  coverage: 'Coverage',
  good: 'Good',
  reject: 'Reject',
  final: 'Final',
  revision: 'Revision',
  category: 'What',
  state: 'Its word',
  reason: 'Reason',
  durationMs: 'Length',
} as const;

/** @param more columns of this sheet only, or that it calls otherwise */
export const headed = (more: Readonly<Record<string, string>> = {}): DataTransformerConfig => ({
  id: 'organize',
  options: { excludeByName: {}, indexByName: {}, renameByName: { ...HEADS, ...more } },
});

export const atMost = (rows: number): DataTransformerConfig => ({ id: 'limit', options: { limitField: rows } });
