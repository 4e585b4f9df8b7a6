// Absence: a source that was away for longer than the horizon, or whose clock jumped: nobody is told of the windows in between.
// In: raw segments, how far time was booked; bookings. Out: the spans that are left out; bookings without them.
// Pure; marks the windows that such a span cuts as stale, so that they are read from the facts.

import type { Segment } from './carry.ts';
import { DAY_MS, type Span } from './time.ts';
import type { Booking } from './timeline.ts';
import type { Cell, Track } from './window-track.ts';

/** The day on which a machine fell silent and the next are told: that is where people look. */
const TOLD_AFTER_MS = 2 * DAY_MS;

/**
 * Spans that are not told: of every stretch without news that is longer than the horizon, all but its beginning and the
 * horizon before its end. A clock that stood at 2006 and was set right would else fill millions of windows at once.
 * @param bookedTo how far time was booked before
 */
export function absencesOf(segments: readonly Segment[], horizonMs: number, bookedTo: number): readonly Span[] {
  return segments.flatMap(({ from, to }) => {
    const span = { from: Math.max(from + TOLD_AFTER_MS, bookedTo), to: to - horizonMs };
    return span.from < span.to ? [span] : [];
  });
}

/** The parts of a booking that are told. Its stop is counted in the part that holds its instant. */
export function presentParts(booking: Booking, absences: readonly Span[]): readonly Booking[] {
  const parts: Booking[] = [];
  let from = booking.from;
  for (const absence of absences) {
    if (absence.to <= from || absence.from >= booking.to) continue;
    if (absence.from > from) parts.push(partOf(booking, from, absence.from));
    from = absence.to;
  }
  if (from < booking.to) parts.push(from === booking.from ? booking : partOf(booking, from, booking.to));
  return parts;
}

function partOf(booking: Booking, from: number, to: number): Booking {
  const { countsAt } = booking;
  return { ...booking, from, to, countsAt: countsAt !== null && countsAt >= from && countsAt < to ? countsAt : null };
}

/** The window that an absence cuts knows only a part of its time, and those within know none: they are read from the facts. */
export function leaveOut(track: Track, absence: Span, touched: Set<Cell>): void {
  const { frame } = track.locate(absence.from);
  const cut = frame === null ? undefined : track.cells.get(frame.start);
  if (cut !== undefined && cut.frame.start < absence.from) {
    cut.stale = true;
    touched.add(cut);
  }
  track.freshFrom = Math.max(track.freshFrom, absence.to);
}
