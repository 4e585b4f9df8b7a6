// Table download: what stands in the table, or the list, around it, as a file for spreadsheets.
// In: a name; rows, or else the table around the button. Out: a button; a file.
// Touches: the document, for the instant of the download.

import { useRef } from 'preact/hooks';
import { LOCALE, TEXT } from './spoken-texts.ts';
import { type Cell, csvOf, plainFigure } from './table-file.ts';

interface TableDownloadProps {
  readonly name: string;
  /** where several stand beside each other: the word by which this one is known, its name begins with it */
  readonly short?: string;
  /** heads first; left out: the cells of the table around the button */
  readonly rows?: () => readonly (readonly Cell[])[];
}

export function TableDownload({ name, short, rows }: TableDownloadProps) {
  const button = useRef<HTMLButtonElement>(null);
  const save = (): void => {
    const table = button.current?.closest('table');
    const cells = rows?.() ?? (table == null ? [] : cellsOf(table));
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([csvOf(cells, LOCALE)], { type: 'text/csv;charset=utf-8' }));
    link.download = `${name}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <button
      ref={button}
      type="button"
      class="csv"
      aria-label={TEXT.csvOf(name)}
      title={TEXT.csvOf(name)}
      onClick={save}
    >
      CSV{short !== undefined && `: ${short}`}
    </button>
  );
}

/** Word for word, but for numbers, and for what a cell says of itself in `data-value`. */
function cellsOf(table: HTMLTableElement): string[][] {
  return [...table.rows].map(row =>
    [...row.cells].map(cell => {
      const text = (cell.textContent ?? '').trim();
      return cell.dataset.value ?? (cell.matches('td.number') ? plainFigure(text, LOCALE.numbers) : text);
    }),
  );
}
