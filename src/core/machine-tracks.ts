// Machine tracks: which windows a machine has, where they lie, and the runs of its orders.
// In: a machine. Out: its tracks; order windows that follow the order's run as facts move it.
// Pure.

import type { OrderRun } from './carry.ts';
import { noteMoved } from './confirmation-book.ts';
import type { Replaced } from './fact-blocks.ts';
import { type Machine, memoryOf, reachOf } from './machine.ts';
import { emptyTally } from './tally.ts';
import { MINUTE_MS, minuteOf } from './time.ts';
import { type Cell, cellAt, type Place, type Track, trackOf, wasFinal } from './window-track.ts';

/** Minute, hour, shift, business day, order: the windows that tumble. */
export function machineTracks(machine: Machine): Track[] {
  const calendar = () => machine.rules.calendar;
  const from = reachOf(machine);
  return [
    trackOf('minute', at => inFrame(null, minuteOf(at), minuteOf(at) + MINUTE_MS, null), from),
    trackOf('hour', at => inFrame(null, calendar().hourAt(at).start, calendar().hourAt(at).end, null), from),
    trackOf(
      'shift',
      at => {
        const shift = calendar().shiftAt(at);
        return shift === null
          ? { frame: null, to: calendar().spanAt(at).to }
          : inFrame(shift.name, shift.start, shift.end, shift.businessDay);
      },
      from,
    ),
    trackOf(
      'day',
      at => {
        const day = calendar().dayAt(at);
        return inFrame(null, day.start, day.end, day.businessDay);
      },
      from,
    ),
    trackOf('order', at => runPlace(machine.runs, at), from),
  ];
}

const inFrame = (name: string | null, start: number, end: number, businessDay: string | null): Place => ({
  frame: { name, start, end, businessDay },
});

function runPlace(runs: readonly OrderRun[], at: number): Place {
  let to = Number.POSITIVE_INFINITY;
  for (let index = runs.length - 1; index >= 0; index -= 1) {
    const run = runs[index] as OrderRun;
    if (run.from > at) {
      to = run.from;
      continue;
    }
    const end = run.to ?? Number.POSITIVE_INFINITY;
    if (at >= end) break;
    return inFrame(run.order, run.from, end, null);
  }
  return { frame: null, to };
}

/**
 * Takes over what facts say of order runs. A window whose run moved is read anew from the facts.
 * @param booked how far the machine reached before these facts
 * @param edgeBefore how far its time was booked: a run that began later was never told
 */
export function replaceRuns(
  machine: Machine,
  replaced: Replaced,
  open: readonly OrderRun[],
  booked: number,
  edgeBefore: number,
): void {
  const openRun = open[0] ?? null;
  const known = machine.runs.at(-1);
  const sameOpen = known?.to === null ? openRun !== null && sameRun(known, openRun) : openRun === null;
  if (sameOpen && replaced.removed.runs.length === 0 && replaced.added.runs.length === 0) return;
  const gone = new Set(replaced.removed.runs.map(run => run.from));
  const kept = machine.runs.filter(run => run.to !== null && !gone.has(run.from));
  const before = new Map(machine.runs.map(run => [run.from, run]));
  machine.runs = [...kept, ...replaced.added.runs, ...open].sort((a, b) => a.from - b.from);
  const track = machine.tracks.find(candidate => candidate.kind === 'order');
  if (track === undefined) return;
  track.last = null;
  const now = new Map(machine.runs.map(run => [run.from, run]));
  noteMovedRuns(machine, before, now, edgeBefore);
  for (const [start, run] of before) {
    const after = now.get(start);
    if (after === undefined) voidCell(machine, track, run, edgeBefore);
    else if (!sameRun(run, after)) moveCell(machine, track, run, after, booked);
  }
  for (const run of machine.runs) {
    if (before.has(run.from) || run.from >= booked) continue;
    // time that was booked already belongs to a run that nobody knew of: its window is read from the facts
    track.freshFrom = Math.max(track.freshFrom, run.from + 1);
    const cell = cellAt(track, run.from, memoryOf(machine));
    if (typeof cell !== 'number') machine.dirty.add(cell);
  }
}

/** Time that was booked and belongs to another order than was known, or to none: what was said of its shifts is looked at again. */
function noteMovedRuns(
  machine: Machine,
  before: ReadonlyMap<number, OrderRun>,
  now: ReadonlyMap<number, OrderRun>,
  edgeBefore: number,
): void {
  const note = ({ from, to }: OrderRun): void =>
    noteMoved(machine.book, { from, to: Math.min(to ?? edgeBefore, edgeBefore), by: null, why: null });
  for (const [start, run] of before) {
    const after = now.get(start);
    // a run that goes on or ends beyond what was booked says nothing new of it
    if (after !== undefined && after.order === run.order && after.product === run.product) {
      const [ended, ends] = [run.to ?? edgeBefore, after.to ?? edgeBefore];
      note({ ...run, from: Math.min(ended, ends), to: Math.max(ended, ends) });
    } else {
      note(run);
      if (after !== undefined) note(after);
    }
  }
  for (const [start, run] of now) if (!before.has(start)) note(run);
}

const sameRun = (a: OrderRun, b: OrderRun): boolean =>
  a.from === b.from && a.to === b.to && a.order === b.order && a.product === b.product;

function dropCell(machine: Machine, track: Track, start: number): void {
  const cell = track.cells.get(start);
  if (cell === undefined) return;
  track.cells.delete(start);
  machine.dirty.delete(cell);
  machine.unfinished.delete(cell);
}

/**
 * There was no such run: what was told of it is told once more, empty and without length, so that nobody keeps it.
 * Whether it was told is not asked: an earlier life of the program may have done so.
 */
function voidCell(machine: Machine, track: Track, { from: start, order }: OrderRun, edgeBefore: number): void {
  const told = start < Math.min(track.freshFrom, edgeBefore);
  const cell = track.cells.get(start) ?? (told ? emptyRun(machine, start, order) : null);
  dropCell(machine, track, start);
  if (cell === null) return;
  machine.dirty.add({ ...cell, frame: { ...cell.frame, end: start }, tally: emptyTally(), stale: false });
}

/** The empty window of a run that is no more, told in an earlier life or let go since. */
export function emptyRun(machine: Machine, start: number, name: string | null): Cell {
  const told = wasFinal('order', start, memoryOf(machine)) ? 'final' : 'never';
  const revision = machine.revisions.get(`order:${start}`) ?? 0;
  const frame = { name, start, end: start, businessDay: null };
  return { kind: 'order', frame, tally: emptyTally(), stale: false, dirty: false, told, revision, by: null, why: null };
}

/** The run keeps its start and gets another end. Ending at or after what was booked, its tally still holds. */
function moveCell(machine: Machine, track: Track, before: OrderRun, after: OrderRun, booked: number): void {
  const cell = track.cells.get(before.from);
  if (cell === undefined) {
    // told in an earlier life, or let go since: it is read from the facts and told by its new end
    const found = cellAt(track, after.from, memoryOf(machine));
    if (typeof found !== 'number') machine.dirty.add(found);
    return;
  }
  const frame = { ...cell.frame, name: after.order, end: after.to ?? Number.POSITIVE_INFINITY };
  const stale = cell.stale || before.to !== null || (after.to ?? booked) < booked;
  const moved: Cell = { ...cell, frame, stale };
  dropCell(machine, track, before.from);
  track.cells.set(after.from, moved);
  machine.dirty.add(moved);
  if (moved.told !== 'final') machine.unfinished.add(moved);
}
