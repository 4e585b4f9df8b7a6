// CSV template: a mapping's values, filled in from a row: constants, text with {Column} in it, and look-ups.
// In: what the mapping says, then rows. Out: text, or the constant itself.
// Pure.

/** One row: column -> cell, trimmed. */
export type Row = ReadonlyMap<string, string>;
export type Cell = string | number | boolean;
export type Fill = (row: Row) => Cell;

export interface Template {
  readonly fill: Fill;
  /** columns that it needs */
  readonly columns: readonly string[];
}

/**
 * `17`, `producing`: itself. `"PO-{Order}"`: the cells filled in. `{column: Status, map: {R: producing}, else: unknown}`:
 * the cell looked up; a word that the map does not know becomes `else`, or stays as it is.
 * @returns null for anything else
 */
export function templateOf(said: unknown): Template | null {
  if (typeof said === 'number' || typeof said === 'boolean') return { fill: () => said, columns: [] };
  if (typeof said === 'string') return textTemplate(said);
  if (typeof said !== 'object' || said === null) return null;
  const { column, map, else: otherwise, ...rest } = said as Readonly<Record<string, unknown>>;
  if (typeof column !== 'string' || Object.keys(rest).length > 0) return null;
  if (map !== undefined && (typeof map !== 'object' || map === null)) return null;
  if (otherwise !== undefined && !isCell(otherwise)) return null;
  const words = new Map(Object.entries(map ?? {}));
  if (![...words.values()].every(isCell)) return null;
  const fill = (row: Row): Cell => {
    const cell = row.get(column) ?? '';
    return (words.get(cell) as Cell | undefined) ?? (cell === '' ? '' : ((otherwise as Cell | undefined) ?? cell));
  };
  return { fill, columns: [column] };
}

const isCell = (value: unknown): value is Cell => ['string', 'number', 'boolean'].includes(typeof value);

/** Text whose only filled-in cells are empty is empty as a whole: `F{Fault}` without a fault is no reason. */
function textTemplate(text: string): Template {
  const columns = [...text.matchAll(/\{([^{}]+)\}/g)].map(match => match[1] ?? '');
  if (columns.length === 0) return { fill: () => text, columns };
  const fill = (row: Row): string =>
    columns.every(column => (row.get(column) ?? '') === '')
      ? ''
      : text.replace(/\{([^{}]+)\}/g, (_, column: string) => row.get(column) ?? '');
  return { fill, columns };
}
