// Table download: the table around it as CSV, word for word as it stands on the screen.
// In: a name for the file. Out: a button; a file for spreadsheets.
// Touches: the document, for the instant of the download.

import { useRef } from 'preact/hooks';
import { TEXT } from './spoken-texts.ts';

/** RFC 4180, with the mark by which spreadsheets know UTF-8. */
export function csvOf(rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return `\ufeff${rows.map(row => `${row.map(cell).join(',')}\r\n`).join('')}`;
}

export function TableDownload({ name }: { readonly name: string }) {
  const button = useRef<HTMLButtonElement>(null);
  const save = (): void => {
    const table = button.current?.closest('table');
    if (table === null || table === undefined) return;
    const rows = [...table.rows].map(row => [...row.cells].map(cell => (cell.textContent ?? '').trim()));
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([csvOf(rows)], { type: 'text/csv;charset=utf-8' }));
    link.download = `${name}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <button ref={button} type="button" class="csv" aria-label={TEXT.csvOf(name)} onClick={save}>
      CSV
    </button>
  );
}
