// CSV time: the ways in which tables write a time, as instants.
// In: cells, a format and a zone. Out: epoch ms, or null when the cells hold no such time.
// Pure.

import { wallClockOf, zoneIsKnown } from '../../core/calendar.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, parseInstant, SECOND_MS } from '../../core/time.ts';

/** Reads the cells of one time. */
export type TimeReader = (cells: readonly string[]) => number | null;

export const TIME_FORMATS = 'iso, excel, epochMs, epochS, or a pattern such as DD.MM.YYYY HH:mm:ss or M/D/YYYY h:mm A';

/** Days from 1899-12-30, where a spreadsheet's count begins in effect, to 1970-01-01. */
const EXCEL_EPOCH_DAYS = 25_569;
const DAYS_MAX = 100_000;

/**
 * @param format iso: ISO 8601, in `zone` where no offset stands; excel: serial days, several cells are added up (a date
 *   and a time of day); else a pattern, over the cells joined by a space
 * @returns null when the format or the zone is not known
 */
export function timeReaderOf(format: string, zone: string): TimeReader | null {
  if (!zoneIsKnown(zone)) return null;
  const clock = wallClockOf(zone);
  /** The instant at which the zone's clocks show this day and time. */
  const instantOf = (day: number, msOfDay: number): number | null => {
    if (!(Math.abs(day) < DAYS_MAX)) return null;
    const minute = Math.floor(msOfDay / MINUTE_MS);
    return clock.instantOf(day, minute) + (msOfDay - minute * MINUTE_MS);
  };
  switch (format) {
    case 'epochMs':
    case 'epochS':
      return ([cell = '']) => (cell === '' ? null : parseInstant(Number(cell) * (format === 'epochS' ? SECOND_MS : 1)));
    case 'excel':
      return cells => {
        const days = cells.reduce((sum, cell) => sum + (cell === '' ? Number.NaN : Number(cell)), -EXCEL_EPOCH_DAYS);
        // to the millisecond: a double holds a serial date to less than a microsecond
        const ms = Math.round(days * DAY_MS);
        return Number.isNaN(ms) ? null : instantOf(Math.floor(ms / DAY_MS), ms - Math.floor(ms / DAY_MS) * DAY_MS);
      };
    case 'iso': {
      const local = patternReader('YYYY-MM-DD HH:mm:ss', instantOf);
      return cells => {
        const text = cells.join(' ').trim();
        return parseInstant(text) ?? parseInstant(text.replace(' ', 'T')) ?? local?.([text.replace('T', ' ')]) ?? null;
      };
    }
    default:
      return patternReader(format, instantOf);
  }
}

const PARTS: Readonly<Record<string, string>> = {
  YYYY: '(?<year>\\d{4})',
  MM: '(?<month>\\d\\d)',
  M: '(?<month>\\d\\d?)',
  DD: '(?<day>\\d\\d)',
  D: '(?<day>\\d\\d?)',
  HH: '(?<hour>\\d\\d)',
  H: '(?<hour>\\d\\d?)',
  hh: '(?<hour>\\d\\d)',
  h: '(?<hour>\\d\\d?)',
  mm: '(?<minute>\\d\\d)',
  ss: '(?<second>\\d\\d)(?:[.,](?<fraction>\\d{1,9}))?',
  A: '(?<half>[AaPp])[Mm]',
};

/** Seconds at the end of a pattern may be missing from a cell, and may have a fraction. */
function patternReader(pattern: string, instantOf: (day: number, msOfDay: number) => number | null): TimeReader | null {
  if (!/YYYY/.test(pattern) || !/D/.test(pattern) || !/M/.test(pattern)) return null;
  const source = pattern.replace(/YYYY|MM|M|DD|D|HH|H|hh|h|:ss|mm|A|[^A-Za-z0-9\s]/g, part =>
    part === ':ss' ? `(?::${PARTS.ss})?` : (PARTS[part] ?? `\\${part}`),
  );
  let form: RegExp;
  try {
    form = new RegExp(`^${source}$`);
  } catch {
    return null;
  }
  return cells => {
    const parts = form.exec(cells.join(' ').trim())?.groups;
    if (parts === undefined) return null;
    const day = dayOf(Number(parts.year), Number(parts.month), Number(parts.day));
    const ms = msOfDay(parts);
    return day === null || ms === null ? null : instantOf(day, ms);
  };
}

/** Days since 1970; null for February 30. */
function dayOf(year: number, month: number, day: number): number | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() / DAY_MS : null;
}

function msOfDay(parts: Readonly<Record<string, string | undefined>>): number | null {
  const { hour = '0', minute = '0', second = '0', fraction = '', half } = parts;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  if (hours > 23 || Number(minute) > 59 || Number(second) > 59 || (half !== undefined && Number(hour) > 12))
    return null;
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return hours * HOUR_MS + Number(minute) * MINUTE_MS + Number(second) * SECOND_MS + ms;
}
