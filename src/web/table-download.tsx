// Table download: what stands in the table, or the list, around it, as a file for spreadsheets: CSV, or an Excel workbook.
// In: a name; rows, or else the table around the buttons. Out: two buttons; a file.
// Touches: the document, for the instant of the download; the server, for what writes workbooks, once.

import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { DASH } from './show-values.ts';
import { LOCALE, TEXT } from './spoken-texts.ts';
import { type Cell, csvOf, type Rows } from './table-file.ts';

interface TableDownloadProps {
  readonly name: string;
  /** where several stand beside each other: the word by which this one is known, its name begins with it */
  readonly short?: string;
  /** heads first; left out: the cells of the table around the buttons */
  readonly rows?: () => Rows;
}

type Form = 'CSV' | 'Excel';

export function TableDownload({ name, short, rows }: TableDownloadProps) {
  const group = useRef<HTMLSpanElement>(null);
  const isAway = useSignal(false);
  const rowsNow = (): Rows => {
    const table = group.current?.closest('table');
    return rows?.() ?? (table == null ? [] : rowsOf(table));
  };
  const save: Record<Form, () => void> = {
    CSV: () => give(new Blob([csvOf(rowsNow(), LOCALE)], { type: 'text/csv;charset=utf-8' }), `${name}.csv`),
    Excel: () => {
      isAway.value = false;
      // what is shown now, however long it takes to load what writes it
      const shown = rowsNow();
      import('./table-workbook.ts')
        .then(({ workbookOf }) => workbookOf(name, shown))
        .then(file => give(file, `${name}.xlsx`))
        .catch(() => {
          isAway.value = true;
        });
    },
  };
  return (
    <span ref={group} class="save-as">
      {short !== undefined && <span aria-hidden="true">{short}</span>}
      {(['CSV', 'Excel'] as const).map(form => {
        const words = TEXT.saveAs(form, name);
        return (
          <button key={form} type="button" class="save" aria-label={words} title={words} onClick={save[form]}>
            {form}
          </button>
        );
      })}
      {isAway.value && <span role="alert">{TEXT.excelAway}</span>}
    </span>
  );
}

function give(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Word for word, but for what a cell says of itself in `data-value`. */
function rowsOf(table: HTMLTableElement): Rows {
  const cellOf = ({ dataset: { value }, textContent }: HTMLTableCellElement): Cell => {
    if (value !== undefined) return JSON.parse(value) as Cell;
    const words = (textContent ?? '').trim();
    return words === DASH ? null : words;
  };
  return [...table.rows].map(row => [...row.cells].map(cellOf));
}
