// Show values: numbers and instants as people read them. The only place that rounds.
// In: ratios 0.., milliseconds, instants, a zone. Out: text.
// Pure, but for the language that is spoken.

import { LOCALE, UNIT_TEXT } from './spoken-texts.ts';

export const DASH = '—';

const numbers = new Map<string, Intl.NumberFormat>();

/** In the language that is spoken now. */
function number(digits: number, style: 'decimal' | 'percent' = 'decimal'): Intl.NumberFormat {
  const key = `${LOCALE.numbers} ${style} ${digits}`;
  const options = { style, minimumFractionDigits: digits, maximumFractionDigits: digits };
  const known = numbers.get(key) ?? new Intl.NumberFormat(LOCALE.numbers, options);
  numbers.set(key, known);
  return known;
}

export function percent(ratio: number | null): string {
  return ratio === null ? DASH : number(1, 'percent').format(ratio);
}

export function pieces(count: number): string {
  return number(0).format(count);
}

export function minutes(ms: number): string {
  return number(1).format(ms / 60_000);
}

/** A cycle in seconds, with as many digits as it needs: 0.188, 12. */
export function cycleTime(ms: number): string {
  return new Intl.NumberFormat(LOCALE.numbers, { maximumFractionDigits: 3 }).format(ms / 1000);
}

/** A running time: 0:42, 12:07, 3:05:11, 2 d 04:10. */
export function runningTime(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (h >= 24) return `${Math.floor(h / 24)} ${UNIT_TEXT.day} ${two(h % 24)}:${two(m)}`;
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A length in words: 42 s, 12 min 7 s, 3 h 5 min. */
export function lengthOf(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const { second, minute, hour } = UNIT_TEXT;
  if (seconds < 60) return `${seconds} ${second}`;
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (h === 0) return s > 0 ? `${m} ${minute} ${s} ${second}` : `${m} ${minute}`;
  return m > 0 ? `${h} ${hour} ${m} ${minute}` : `${h} ${hour}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${LOCALE.dates} ${zone} ${JSON.stringify(options)}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat(LOCALE.dates, { timeZone: zone, ...options });
  formats.set(key, known);
  return known;
}

/** HH:MM:SS on the plant's own clock. */
export function clock(instant: number, zone: string): string {
  return format(zone, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(instant);
}

/** HH:MM on the plant's own clock. */
export function hourMinute(instant: number, zone: string): string {
  return format(zone, { hour: '2-digit', minute: '2-digit' }).format(instant);
}

/** Date and time on the plant's own clock as every spreadsheet reads them: 2026-11-22 14:05:09. */
export function stamp(instant: number, zone: string): string {
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  return parts.format(instant);
}

/** Weekday, day and month on the plant's own calendar. */
export function date(instant: number, zone: string): string {
  return format(zone, { weekday: 'short', day: 'numeric', month: 'short' }).format(instant);
}

/** The instants between from and to at which the zone's clock shows a full hour divisible by `every`. */
export function fullHours(from: number, to: number, zone: string, every: number): number[] {
  const ticks: number[] = [];
  // zones are offset by quarters of an hour, so that every local full hour lies on a quarter
  const quarter = 900_000;
  for (let at = Math.ceil(from / quarter) * quarter; at <= to; at += quarter) {
    const [hour, minute] = hourMinute(at, zone).split(':').map(Number);
    if (minute === 0 && (hour ?? 0) % every === 0) ticks.push(at);
  }
  return ticks;
}
