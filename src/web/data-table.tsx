// Data table: every table of the page: its name, the button that saves it, heads that stand over their columns.
// In: a name, heads, rows. Out: a table.
// Pure.

import type { ComponentChildren } from 'preact';
import { lengthOf } from './show-values.ts';
import { TableDownload } from './table-download.tsx';
import { tableLength } from './table-file.ts';

/** Names of columns; those with numbers stand at the right. */
export type Head = string | { readonly number: string };

interface DataTableProps {
  readonly name: string;
  readonly heads: readonly Head[];
  readonly look?: string;
  readonly children: ComponentChildren;
}

export function DataTable({ name, heads, look = '', children }: DataTableProps) {
  return (
    <table class={look}>
      <caption>
        {name} <TableDownload name={name} />
      </caption>
      <thead>
        <tr>
          {heads.map(head => {
            const text = typeof head === 'string' ? head : head.number;
            return (
              <th key={text} scope="col" class={typeof head === 'string' ? '' : 'number'}>
                {text}
              </th>
            );
          })}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

/** A length in words; in a file one that adds up. */
export function LengthCell({ ms }: { readonly ms: number }) {
  return (
    <td class="number" data-value={tableLength(ms)}>
      {lengthOf(ms)}
    </td>
  );
}
