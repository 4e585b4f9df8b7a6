// Data table: every table of the page: its name, the buttons that save it, heads that stand over their columns, values with their kinds.
// In: a name, heads, rows. Out: a table.
// Pure.

import type { ComponentChildren } from 'preact';
import { clock, DASH, lengthOf, percent, pieces } from './show-values.ts';
import { TableDownload } from './table-download.tsx';
import { type Cell, headIn, momentOf } from './table-file.ts';

/** Names of columns; those with numbers stand at the right. In a file the name has its unit, or its time zone, beside it. */
export type Head =
  | string
  | { readonly number: string; readonly unit?: string }
  | { readonly time: string; readonly zone: string };

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
            const { text, unit, isNumber } = partsOf(head);
            const saved = unit === undefined ? {} : { 'data-value': JSON.stringify(headIn(text, unit)) };
            return (
              <th key={text} scope="col" class={isNumber ? 'number' : ''} {...saved}>
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

function partsOf(head: Head): { readonly text: string; readonly unit: string | undefined; readonly isNumber: boolean } {
  if (typeof head === 'string') return { text: head, unit: undefined, isNumber: false };
  if ('time' in head) return { text: head.time, unit: head.zone, isNumber: false };
  return { text: head.number, unit: head.unit, isNumber: true };
}

interface ValueCellProps {
  readonly value: Exclude<Cell, string>;
  readonly look?: string;
  /** where it is shown otherwise than its kind mostly is */
  readonly children?: ComponentChildren;
}

/** A value as a person reads it here; in a file the value itself. */
export function ValueCell({ value, look = '', children = shown(value) }: ValueCellProps) {
  const isMoment = typeof value === 'object' && value !== null && 'at' in value;
  return (
    <td class={isMoment ? look : `number ${look}`} data-value={JSON.stringify(value)}>
      {children}
    </td>
  );
}

interface TimeHeadProps {
  readonly at: string;
  readonly zone: string;
  readonly children: ComponentChildren;
}

/** The head of a row that is an instant: on the screen as short as it can be, in a file with its day. */
export function TimeHead({ at, zone, children }: TimeHeadProps) {
  return (
    <th scope="row" data-value={JSON.stringify(momentOf(at, zone))}>
      {children}
    </th>
  );
}

function shown(value: ValueCellProps['value']): string {
  if (value === null) return DASH;
  if (typeof value === 'number') return pieces(value);
  if ('share' in value) return percent(value.share);
  return 'ms' in value ? lengthOf(value.ms) : clock(value.at, value.zone);
}
