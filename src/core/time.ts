// Time: instants as whole epoch milliseconds, spans, and the reading of a source's time stamp.
// In: strings and numbers from outside. Out: integers, or null when it is not an instant.
// Pure.

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Instants outside 1970..2200 are mistakes of a unit (seconds, microseconds), not times of a factory. */
const INSTANT_MAX = Date.UTC(2200, 0, 1);

/** A half-open span of time [from, to), epoch milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/;

/**
 * Reads an instant: ISO 8601 with an offset, or whole epoch milliseconds. Digits below the millisecond are cut off,
 * never rounded, so that an event cannot move into the next slice. A time without an offset is no instant.
 * @returns epoch milliseconds, or null
 */
export function parseInstant(value: unknown): number | null {
  if (typeof value === 'number') {
    return Number.isInteger(value) && value >= 0 && value < INSTANT_MAX ? value : null;
  }
  if (typeof value !== 'string' || value.length > 40 || !ISO.test(value)) return null;
  const ms = Date.parse(value.replace(/(\.\d{3})\d+/, '$1'));
  // JavaScript takes the 30th of February for the 2nd of March
  const day = Number(value.slice(8, 10));
  if (day > 28 && new Date(`${value.slice(0, 10)}T00:00Z`).getUTCDate() !== day) return null;
  return Number.isNaN(ms) || ms < 0 || ms >= INSTANT_MAX ? null : ms;
}

/** The instant as ISO 8601 in UTC, milliseconds shown. */
export function isoOf(instant: number): string {
  return new Date(instant).toISOString();
}

/** The start of the minute that holds the instant. */
export function minuteOf(instant: number): number {
  return instant - (instant % MINUTE_MS);
}
