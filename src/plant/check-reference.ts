// Check reference: does a name in the plant file name something, is a date a date, is an id its owner's alone.
// In: a name and what there is. Out: yes, or a reported fault with the name that was probably meant.
// Pure.

import { nearestName } from '../core/near-name.ts';
import { isDate } from './measure.ts';
import { type Path, type Report, shownValue } from './plant-fault.ts';

/** @returns whether the name is known */
export function checkReference(
  kind: string,
  name: string,
  known: readonly string[],
  path: Path,
  report: Report,
  part: 'key' | 'value' = 'value',
): boolean {
  if (known.includes(name)) return true;
  const near = nearestName(name, known);
  const all =
    known.length === 0 ? `There is no ${kind} yet: define it first.` : `There are: ${listed([...new Set(known)])}.`;
  const remedy = near === null ? all : `Did you mean ${near}? ${all}`;
  report('UNKNOWN_REFERENCE', path, `there is no ${kind} ${shownValue(name)}`, remedy, part);
  return false;
}

/** @returns whether the calendar has the date */
export function checkDate(date: string, path: Path, report: Report, part: 'key' | 'value' = 'value'): boolean {
  if (isDate(date)) return true;
  report('DATE', path, `${shownValue(date)} is no date`, 'Give a date that the calendar has, as YYYY-MM-DD.', part);
  return false;
}

const LISTED_MAX = 12;

function listed(names: readonly string[]): string {
  const more = names.length - LISTED_MAX;
  return names.slice(0, LISTED_MAX).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
