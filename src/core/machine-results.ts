// Machine results: which windows of a machine are to be told, in which revision, provisional or final.
// In: a machine with dirty windows. Out: window results; the machine remembers what it told.
// Pure.

import { liveStateOf, type Machine, readEffective, watermarkOf } from './machine.ts';
import type { Interval, LiveState, WindowKind, WindowResult } from './result.ts';
import { addInto, emptyTally, type Tally } from './tally.ts';
import { HOUR_MS, MINUTE_MS, minuteOf } from './time.ts';
import { intervalOf } from './timeline.ts';
import { bookPieces, bookTime, type Cell, type Frame, finalRunKey } from './window-track.ts';

/** How long finished windows stay at hand; older ones are read from the facts when something touches them. */
const KEPT_WARM_MS = 26 * HOUR_MS;
/** Minutes stay at hand for the longest sliding window, seen from facts that are late by so much. */
const LATE_MINUTES = 15;

/** What is read from the facts of some span. */
export type Reading = ReturnType<typeof readEffective>;

/** The tally of exactly [from, to), read from the facts, as far as the live edge (`asOf` on a machine never heard). */
export function tallyOver(machine: Machine, from: number, to: number, asOf = machine.edge): Tally {
  const tally = emptyTally();
  addReading(tally, readEffective(machine, from, to, asOf), from, to);
  return tally;
}

/** Adds what of a reading lies in [from, to). */
export function addReading(tally: Tally, { stretches, pieces }: Reading, from: number, to: number): void {
  for (const stretch of stretches) {
    const start = Math.max(from, stretch.from);
    const end = Math.min(to, stretch.to);
    if (start >= end) continue;
    bookTime(tally, { ...stretch, inferred: stretch.source === 'inferred', sign: 1 }, start, end);
  }
  for (const piece of pieces) if (piece.at >= from && piece.at < to) bookPieces(tally, piece, 1);
}

/** The tally of a window: at hand, or read from the facts. */
export function tallyOfFrame(machine: Machine, kind: WindowKind, frame: Frame): Tally {
  const cell = machine.tracks.find(track => track.kind === kind)?.cells.get(frame.start);
  if (cell === undefined || cell.frame.end !== frame.end) return tallyOver(machine, frame.start, frame.end);
  return refreshed(machine, cell).tally;
}

/** What a machine adds to a window of its line. Before its first fact it was not there for anybody, whenever that is asked. */
export function shareOfFrame(machine: Machine, kind: WindowKind, frame: Frame): Tally {
  return frame.end <= machine.beginning ? emptyTally() : tallyOfFrame(machine, kind, frame);
}

function refreshed(machine: Machine, cell: Cell): Cell {
  if (!cell.stale) return cell;
  Object.assign(cell.tally, tallyOver(machine, cell.frame.start, cell.frame.end));
  cell.stale = false;
  return cell;
}

/**
 * Tells windows: those whose end has passed the watermark always; open and restated ones only `onTick`, so that a flood of
 * late facts makes one revision a tick and not one a batch.
 */
export function tellWindows(machine: Machine, onTick: boolean): WindowResult[] {
  const out: WindowResult[] = [];
  const watermark = watermarkOf(machine);
  for (const cell of machine.dirty) {
    // an order whose end turned out to be none runs on: its window is open again, in a new revision
    const reopened = cell.told === 'final' && cell.frame.end > watermark;
    if (reopened) {
      cell.told = 'provisional';
      machine.revisions.delete(finalRunKey(cell.frame.start));
    }
    if (reopened || (cell.told === 'final' && onTick)) raiseRevision(machine, cell);
    if (cell.told !== 'final') machine.unfinished.add(cell);
    else if (onTick) {
      if (cell.kind === 'order') rememberFinal(machine, cell);
      out.push(resultOf(machine, refreshed(machine, cell), true));
      settleCell(machine, cell);
    }
  }
  for (const cell of machine.unfinished) {
    if (cell.frame.end <= watermark) {
      cell.told = 'final';
      if (cell.kind === 'order') rememberFinal(machine, cell);
      out.push(resultOf(machine, refreshed(machine, cell), true));
      settleCell(machine, cell);
    } else if (onTick && machine.dirty.has(cell)) {
      cell.told = 'provisional';
      out.push(resultOf(machine, refreshed(machine, cell), false));
      machine.dirty.delete(cell);
    }
  }
  machine.finalUpTo = Math.max(machine.finalUpTo, watermark);
  return out;
}

function raiseRevision(machine: Machine, cell: Cell): void {
  cell.revision += 1;
  machine.revisions.set(`${cell.kind}:${cell.frame.start}`, cell.revision);
  machine.revisionsUnsaved = true;
}

function rememberFinal(machine: Machine, cell: Cell): void {
  machine.revisions.set(finalRunKey(cell.frame.start), cell.revision);
  machine.revisionsUnsaved = true;
}

function settleCell(machine: Machine, cell: Cell): void {
  machine.dirty.delete(cell);
  machine.unfinished.delete(cell);
  cell.by = null;
  cell.why = null;
}

/** True when some window can be told as final: cheap enough to ask after every batch. */
export function hasFinals(machine: Machine): boolean {
  const watermark = watermarkOf(machine);
  for (const cell of machine.dirty) if (cell.told !== 'final' && cell.frame.end <= watermark) return true;
  for (const cell of machine.unfinished) if (cell.frame.end <= watermark) return true;
  return false;
}

function resultOf(machine: Machine, cell: Cell, final: boolean): WindowResult {
  const { name, start, end, businessDay } = cell.frame;
  const edge = Math.max(start, Math.min(machine.edge, end));
  return {
    type: 'result',
    unit: machine.rules.machine.id,
    level: 'machine',
    kind: cell.kind,
    name,
    start,
    end: Number.isFinite(end) ? end : edge,
    edge,
    businessDay,
    final,
    revision: cell.revision,
    tally: { ...cell.tally },
    basis: 'own',
    beside: null,
    by: cell.by,
    why: cell.why,
  };
}

/** Tally of the last `minutes` up to `edge`: whole minute slices, and the first, cut one, from the facts. */
export function slidingTally(machine: Machine, minutes: number, edge: number): Tally {
  const start = edge - minutes * MINUTE_MS;
  const firstWhole = minuteOf(start + MINUTE_MS - 1);
  const tally = tallyOver(machine, start, firstWhole);
  for (let at = firstWhole; at < edge; at += MINUTE_MS) {
    addInto(tally, tallyOfFrame(machine, 'minute', { name: null, start: at, end: at + MINUTE_MS, businessDay: null }));
  }
  return tally;
}

/** The sliding windows at the live edge. */
export function tellSliding(machine: Machine): WindowResult[] {
  return machine.settings.slidingMinutes.map(minutes => ({
    type: 'result',
    unit: machine.rules.machine.id,
    level: 'machine',
    kind: `last${minutes}m`,
    name: null,
    start: machine.edge - minutes * MINUTE_MS,
    end: machine.edge,
    edge: machine.edge,
    businessDay: null,
    final: false,
    revision: 0,
    tally: slidingTally(machine, minutes, machine.edge),
    basis: 'own',
    beside: null,
    by: null,
    why: null,
  }));
}

/** An open interval is told again when it has grown by this much, or when the machine falls quiet. */
const GROWTH_TOLD_MS = MINUTE_MS;

/** Intervals that changed, and the open one when it is time. */
export function tellIntervals(machine: Machine, quiet: boolean): Interval[] {
  const out = machine.intervals;
  machine.intervals = [];
  const open = machine.openStretches.at(-1);
  if (open === undefined) return out;
  const told = out.some(interval => interval.from === open.from && interval.to === open.to);
  const grown = open.to - machine.openToldTo;
  if (!told && grown > 0 && (quiet || grown >= GROWTH_TOLD_MS))
    out.push(intervalOf(machine.rules.machine.id, open, machine.edge));
  else if (!told) return out;
  machine.openToldTo = open.to;
  return out;
}

/** The live state, when it differs from the one told last. */
export function tellState(machine: Machine): LiveState | null {
  if (machine.latest === null) return null;
  const key = stateKeyOf(machine);
  if (key === machine.stateTold) return null;
  machine.stateTold = key;
  return liveStateOf(machine);
}

/** What makes a live state another one. */
export function stateKeyOf(machine: Machine): string {
  const { since, category, state, reason, stopId, undecided, order, product } = liveStateOf(machine);
  return JSON.stringify([since, category, state, reason, stopId, undecided, order, product]);
}

/** Minutes that end by then are let go. */
export const minutesAtHandFrom = ({ edge, settings }: Machine): number =>
  edge - (Math.max(60, ...settings.slidingMinutes) + LATE_MINUTES) * MINUTE_MS;

const TUMBLING = /^(minute|hour|shift|day):/;

/** Lets finished windows go that nobody is likely to touch; `freshFrom` remembers that their past is in the facts alone. */
export function letGo(machine: Machine): void {
  for (const track of machine.tracks) {
    const before = track.kind === 'minute' ? minutesAtHandFrom(machine) : machine.edge - KEPT_WARM_MS;
    for (const [start, cell] of track.cells) {
      if (cell.frame.end > before || cell.told !== 'final' || machine.dirty.has(cell)) continue;
      track.cells.delete(start);
      track.freshFrom = Math.max(track.freshFrom, cell.frame.end);
      if (track.last === cell) track.last = null;
    }
  }
  forgetRevisions(machine, machine.edge - machine.settings.horizonMs - KEPT_WARM_MS);
}

/** Revisions of windows that nothing restates any more; a run of an order may have begun long before it ended. */
function forgetRevisions(machine: Machine, horizon: number): void {
  const held = new Set(machine.runs.filter(run => run.to === null || run.to >= horizon).map(run => run.from));
  for (const key of machine.revisions.keys()) {
    const start = Number(key.slice(key.indexOf(':') + 1));
    if (start >= horizon || (held.has(start) && !TUMBLING.test(key))) continue;
    machine.revisions.delete(key);
    machine.revisionsUnsaved = true;
  }
}
