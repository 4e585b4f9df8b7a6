// Measures as people write them in the plant file: durations, rates, times of the day, dates.
// In: text such as 90s, 300/min, 06:00, 2026-11-22. Out: numbers, or null when the text is none.
// Pure.

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../core/time.ts';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: SECOND_MS, min: MINUTE_MS, h: HOUR_MS, d: DAY_MS };

// Minutes are `min`, never `m`: nobody has to guess whether metres or months are meant.
export const DURATION_TEXT = '[0-9]{1,12}([.][0-9]{1,6})? ?(ms|s|min|h|d)';
export const RATE_TEXT = '[0-9]{1,12}([.][0-9]{1,6})? ?/ ?(s|min|h)';
/** A ratio, or per cent: whether it is too great is said where it is read, in better words than a pattern's. */
export const RATIO_TEXT = '[0-9]{1,6}([.][0-9]{1,6})? ?%?';
export const DURATION_PATTERN = `^${DURATION_TEXT}$`;
export const RATE_PATTERN = `^${RATE_TEXT}$`;
export const TIME_PATTERN = '^([01][0-9]|2[0-3]):[0-5][0-9]$';
export const CLOCK_SPAN_PATTERN = '^([01][0-9]|2[0-3]):[0-5][0-9] ?[-–] ?([01][0-9]|2[0-3]):[0-5][0-9]$';
export const DATE_PATTERN = '^(19[7-9][0-9]|20[0-9]{2}|21[0-9]{2})-[0-9]{2}-[0-9]{2}$';

const DURATION = new RegExp(DURATION_PATTERN);
const RATE = new RegExp(RATE_PATTERN);
const DATE = new RegExp(DATE_PATTERN);

/** A duration in whole milliseconds. */
export function parseDurationMs(text: string): number | null {
  const ms = exactDurationMs(text);
  return ms === null ? null : Math.round(ms);
}

function exactDurationMs(text: string): number | null {
  const unit = DURATION.exec(text)?.[2];
  const unitMs = unit === undefined ? undefined : UNIT_MS[unit];
  return unitMs === undefined ? null : Number.parseFloat(text) * unitMs;
}

/** Pieces per second. */
export function parseRate(text: string): number | null {
  const unit = RATE.exec(text)?.[2];
  const unitMs = unit === undefined ? undefined : UNIT_MS[unit];
  return unitMs === undefined ? null : (Number.parseFloat(text) * SECOND_MS) / unitMs;
}

/** A ratio, 1 for 100 %, to a millionth; what is written without a per cent sign is taken as it stands. */
export function parseRatio(text: string): number {
  const ratio = Number.parseFloat(text) / (text.endsWith('%') ? 100 : 1);
  return Math.round(ratio * 1e6) / 1e6;
}

/** A ratio for people: 0.825 → 82.5 %. */
export const shownPercent = (ratio: number): string => `${Number((ratio * 100).toFixed(2))} %`;

/** No cycle is longer than a day, none shorter than a microsecond. */
const CYCLE_US_MAX = DAY_MS * 1000;

/** An ideal cycle in whole microseconds, written as a duration (200ms) or as a rate (300/min). */
export function parseCycleUs(text: string): number | null {
  const ms = exactDurationMs(text);
  const rate = ms === null ? parseRate(text) : null;
  const us = ms !== null ? ms * 1000 : rate !== null ? 1_000_000 / rate : Number.NaN;
  const whole = Math.round(us);
  return whole >= 1 && whole <= CYCLE_US_MAX ? whole : null;
}

/** Whether the calendar has that date: 2026-02-30 looks like one and is none. */
export function isDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

/** A duration for people: 90000 → 1.5 min. */
export function shownDuration(ms: number): string {
  const unit = ['d', 'h', 'min', 's'].find(each => ms >= (UNIT_MS[each] ?? 0) && ms > 0) ?? 'ms';
  return `${Number((ms / (UNIT_MS[unit] ?? 1)).toFixed(3))} ${unit}`;
}
