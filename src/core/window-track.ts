// Window track: the windows of one kind on one machine, each an accumulator.
// In: bookings of time and pieces. Out: cells, created where they are needed, stale where their past was let go.
// Pure.

import type { WindowKind } from './result.ts';
import { emptyTally, type Tally } from './tally.ts';
import type { Booking } from './timeline.ts';
import type { ValuedPieces } from './valued-pieces.ts';

/** Where a window lies. */
export interface Frame {
  readonly name: string | null;
  readonly start: number;
  readonly end: number;
  readonly businessDay: string | null;
}

/** A place in time: inside a window, or outside of any until `to`. */
export type Place = { readonly frame: Frame } | { readonly frame: null; readonly to: number };

export interface Cell {
  readonly kind: WindowKind;
  readonly frame: Frame;
  readonly tally: Tally;
  /** its past was let go: the tally means nothing until it is read anew from the facts */
  stale: boolean;
  /** changed since it was last told */
  dirty: boolean;
  told: 'never' | 'provisional' | 'final';
  revision: number;
  by: string | null;
  why: string | null;
}

export interface Track {
  readonly kind: WindowKind;
  readonly locate: (at: number) => Place;
  /** windows that start before this may hold facts from before they were kept: they begin stale */
  freshFrom: number;
  readonly cells: Map<number, Cell>;
  last: Cell | null;
}

export function trackOf(kind: WindowKind, locate: (at: number) => Place, freshFrom: number): Track {
  return { kind, locate, freshFrom, cells: new Map(), last: null };
}

/** What a track needs to know of windows that it has told about in an earlier life. */
export interface Memory {
  /** windows that start before it hold time that nobody told: they are read from the facts */
  readonly beginning: number;
  readonly finalUpTo: number;
  /** `kind:start` -> revision told last */
  readonly revisions: ReadonlyMap<string, number>;
}

/** The cell that holds the instant; a number is the end of a stretch without window. */
export function cellAt(track: Track, at: number, memory: Memory): Cell | number {
  const { last } = track;
  if (last !== null && at >= last.frame.start && at < last.frame.end) return last;
  const place = track.locate(at);
  if (place.frame === null) return place.to;
  const found = track.cells.get(place.frame.start) ?? newCell(track, place.frame, memory);
  track.last = found;
  return found;
}

function newCell(track: Track, frame: Frame, memory: Memory): Cell {
  const cell: Cell = {
    kind: track.kind,
    frame,
    tally: emptyTally(),
    stale: frame.start < Math.max(track.freshFrom, memory.beginning),
    dirty: false,
    told: frame.end <= memory.finalUpTo || wasFinal(track.kind, frame.start, memory) ? 'final' : 'never',
    revision: memory.revisions.get(`${track.kind}:${frame.start}`) ?? 0,
    by: null,
    why: null,
  };
  track.cells.set(frame.start, cell);
  return cell;
}

/**
 * A run of an order may end anew, and before what is final: that it was told as final is remembered for itself, beside its
 * revisions.
 */
export const finalRunKey = (start: number): string => `final run:${start}`;

export const wasFinal = (kind: WindowKind, start: number, { revisions }: Memory): boolean =>
  kind === 'order' && revisions.has(finalRunKey(start));

const LOSSES: ReadonlySet<string> = new Set(['setup', 'breakdown', 'starved', 'blocked', 'idle']);

/** Books a stretch of time into a tally. */
export function bookTime(tally: Tally, booking: Booking, from: number, to: number): void {
  const ms = (to - from) * booking.sign;
  tally[booking.category] += ms;
  if (booking.inferred) tally.inferred += ms;
  if (booking.countsAt === null || booking.countsAt < from || booking.countsAt >= to) return;
  if (booking.category === 'microStop') tally.microStops += booking.sign;
  if (LOSSES.has(booking.category)) tally.stops += booking.sign;
  if (booking.category === 'breakdown') tally.failures += booking.sign;
}

export function bookPieces(tally: Tally, pieces: ValuedPieces, sign: 1 | -1): void {
  tally.total += sign * (pieces.good + pieces.reject + pieces.rework);
  tally.good += sign * pieces.good;
  tally.reject += sign * pieces.reject;
  tally.rework += sign * pieces.rework;
  tally.uncycled += sign * pieces.uncycled;
  tally.quarantined += sign * pieces.quarantined;
  tally.idealUs += sign * pieces.idealUs;
  tally.idealGoodUs += sign * pieces.idealGoodUs;
  tally.lineIdealGoodUs += sign * pieces.lineIdealGoodUs;
  tally.energyWh += sign * pieces.energyWh;
}

/** Books time into every window of the track that it touches. Stale windows only learn that they changed. */
export function bookTimeOnTrack(track: Track, booking: Booking, memory: Memory, touched: Set<Cell>): void {
  let at = booking.from;
  while (at < booking.to) {
    const cell = cellAt(track, at, memory);
    if (typeof cell === 'number') {
      at = cell;
      continue;
    }
    const to = Math.min(cell.frame.end, booking.to);
    if (!cell.stale) bookTime(cell.tally, booking, at, to);
    touched.add(cell);
    at = to;
  }
}

export function bookPiecesOnTrack(
  track: Track,
  pieces: ValuedPieces,
  sign: 1 | -1,
  memory: Memory,
  touched: Set<Cell>,
): void {
  const cell = cellAt(track, pieces.at, memory);
  if (typeof cell === 'number') return;
  if (!cell.stale) bookPieces(cell.tally, pieces, sign);
  touched.add(cell);
}
