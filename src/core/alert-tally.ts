// Alert tally: what a figure is taken over: the tally of the judged window as far as a minute's end, for any unit.
// In: machines with their windows, the minute sums of areas and sites. Out: tallies, null outside of any window.
// Pure. Maintenance is left out of every tally, as if that time had not been.

import type { JudgedWindow } from './alert-rule.ts';
import type { Line } from './line.ts';
import { lineTally } from './line.ts';
import { type Machine, reachOf, readEffective } from './machine.ts';
import { shareOfFrame, tallyOver } from './machine-results.ts';
import type { Rollup } from './rollup.ts';
import { addInto, emptyTally, rowToTally, sumOfTallies, type Tally, takeFrom } from './tally.ts';
import { MINUTE_MS, minuteOf, type Span } from './time.ts';
import { bookPieces, bookTime, type Cell, type Frame } from './window-track.ts';

/** The tally of the judged window at the end of a minute, epoch ms; null where no window is. */
export type TallyAt = (end: number) => Tally | null;

const minuteFrame = (start: number): Frame => ({ name: null, start, end: start + MINUTE_MS, businessDay: null });

const cellsOf = (machine: Machine, kind: string): ReadonlyMap<number, Cell> | undefined => {
  for (const track of machine.tracks) if (track.kind === kind) return track.cells;
  return undefined;
};

/** The tally of one minute where it is at hand. */
function bookedMinute(machine: Machine, start: number): Readonly<Tally> | null {
  const cell = cellsOf(machine, 'minute')?.get(start);
  return cell !== undefined && !cell.stale && cell.frame.end > machine.beginning ? cell.tally : null;
}

/** The tally of one minute. Not to be changed. */
export const minuteTally = (machine: Machine, start: number): Readonly<Tally> =>
  bookedMinute(machine, start) ?? shareOfFrame(machine, 'minute', minuteFrame(start));

/** The tally of the minute that starts then. Not to be changed. */
type MinuteAt = (start: number) => Readonly<Tally>;

/** Minutes that are not at hand are read from the facts so many at a time. */
const READ_AT_ONCE = 60;

/** The tallies of the minutes of [from, to), both at minutes: the facts are read once for all of them. */
function minutesOver(machine: Machine, from: number, to: number): Map<number, Tally> {
  const tallies = new Map<number, Tally>();
  for (let at = from; at < to; at += MINUTE_MS) tallies.set(at, emptyTally());
  const { stretches, pieces } = readEffective(machine, from, to);
  for (const stretch of stretches) {
    const booking = { ...stretch, inferred: stretch.source === 'inferred', sign: 1 } as const;
    const end = Math.min(to, stretch.to);
    for (let at = Math.max(from, stretch.from); at < end; ) {
      const minute = minuteOf(at);
      const until = Math.min(end, minute + MINUTE_MS);
      const tally = tallies.get(minute);
      if (tally !== undefined) bookTime(tally, booking, at, until);
      at = until;
    }
  }
  for (const piece of pieces) {
    const tally = tallies.get(minuteOf(piece.at));
    if (tally !== undefined) bookPieces(tally, piece, 1);
  }
  return tallies;
}

/** The minutes of a machine: as they are booked where they are at hand, read from the facts where they are not. */
function minutesOf(machine: Machine): MinuteAt {
  const read = new Map<number, Tally>();
  return start => {
    const booked = bookedMinute(machine, start);
    if (booked !== null) return booked;
    if (start < machine.beginning) return minuteTally(machine, start);
    const known = read.get(start);
    if (known !== undefined) return known;
    const from = start - (start % (READ_AT_ONCE * MINUTE_MS));
    const first = Math.max(from, minuteOf(machine.beginning + MINUTE_MS - 1));
    for (const [at, tally] of minutesOver(machine, first, from + READ_AT_ONCE * MINUTE_MS)) read.set(at, tally);
    return read.get(start) ?? NOTHING;
  };
}
const NOTHING: Readonly<Tally> = emptyTally();

/** Where the window begins that holds the minute before `end`. */
function windowStart(machine: Machine, window: JudgedWindow, end: number): number | null {
  if (window.startsWith('last')) return end - Number.parseInt(window.slice(4), 10) * MINUTE_MS;
  const place = machine.tracks.find(track => track.kind === window)?.locate(end - MINUTE_MS);
  return place?.frame?.start ?? null;
}

/** A window at hand reaches to the live edge: so many minutes are taken away from it rather than the facts read. */
const TAKEN_AWAY_MAX = 90;

/** The tally of [from, end) on one machine, from what is at hand as far as possible. */
function tallySince(machine: Machine, minuteAt: MinuteAt, window: JudgedWindow, from: number, end: number): Tally {
  if (end <= machine.beginning) return emptyTally();
  const cell = cellsOf(machine, window)?.get(from);
  const reach = minuteOf(reachOf(machine) + MINUTE_MS - 1);
  if (cell === undefined || cell.frame.end < end || reach - end > TAKEN_AWAY_MAX * MINUTE_MS)
    return sumBack(machine, minuteAt, Math.max(from, machine.beginning), end);
  const tally = { ...shareOfFrame(machine, cell.kind, cell.frame) };
  const last = Math.min(reach, cell.frame.end);
  for (let at = end; at < last; at += MINUTE_MS) takeFrom(tally, minuteAt(at));
  // nobody is told of a machine before its first fact, whatever is said later of that time
  if (from < machine.beginning) takeFrom(tally, tallyOver(machine, from, machine.beginning));
  return tally;
}

/** Whole minutes that are at hand, from the end backwards, and the rest from the facts. */
function sumBack(machine: Machine, minuteAt: MinuteAt, from: number, end: number): Tally {
  const minutes = cellsOf(machine, 'minute');
  const sum = emptyTally();
  let at = end;
  while (at - MINUTE_MS >= from && minutes?.has(at - MINUTE_MS)) {
    at -= MINUTE_MS;
    addInto(sum, minuteAt(at));
  }
  return at > from ? addInto(sum, tallyOver(machine, from, at)) : sum;
}

function withoutSpared(machine: Machine, tally: Tally, spared: readonly Span[], from: number, end: number): Tally {
  for (const span of spared) {
    const [start, to] = [Math.max(span.from, from), Math.min(span.to, end)];
    if (start < to && to > machine.beginning) takeFrom(tally, tallyOver(machine, start, to));
  }
  return tally;
}

/**
 * The tally of a machine from a window's start on, at the ends of minutes. Asked minute by minute, forwards or back, it goes on from
 * the last answer: one minute comes in, and where the window slides one goes out.
 */
function walkedTallyAt(
  machine: Machine,
  window: JudgedWindow,
  startOf: (end: number) => number | null,
  spared: readonly Span[],
): TallyAt {
  const minuteAt = minutesOf(machine);
  let last: { readonly from: number; readonly end: number; readonly tally: Tally } | null = null;
  const stepped = (from: number, end: number): Tally | null => {
    if (last === null || Math.abs(end - last.end) !== MINUTE_MS) return null;
    const [low, high] = [Math.min(from, last.from), Math.max(end, last.end)];
    if (low < machine.beginning || spared.some(span => span.from < high && span.to > low)) return null;
    const slid = (from - last.from) / (end - last.end);
    if (slid !== 0 && slid !== 1) return null;
    const tally = { ...last.tally };
    if (end > last.end) {
      addInto(tally, minuteAt(last.end));
      return slid === 1 ? takeFrom(tally, minuteAt(last.from)) : tally;
    }
    takeFrom(tally, minuteAt(end));
    return slid === 1 ? addInto(tally, minuteAt(from)) : tally;
  };
  return end => {
    const from = startOf(end);
    if (from === null) {
      last = null;
      return null;
    }
    const tally =
      stepped(from, end) ?? withoutSpared(machine, tallySince(machine, minuteAt, window, from, end), spared, from, end);
    last = { from, end, tally };
    return tally;
  };
}

/** The tally of one machine's judged window at the ends of minutes. */
export const ownTallyAt = (machine: Machine, window: JudgedWindow, spared: readonly Span[]): TallyAt =>
  walkedTallyAt(machine, window, end => windowStart(machine, window, end), spared);

/** A line's window is that of its constraint, or of its first machine. */
export function lineTallyAt(line: Line, window: JudgedWindow, spared: readonly Span[]): TallyAt {
  const byId = new Map(line.machines.map(machine => [machine.rules.machine.id, machine]));
  const lead = byId.get(line.model.constraint ?? '') ?? line.machines[0];
  const startOf = (end: number): number | null => (lead === undefined ? null : windowStart(lead, window, end));
  const each = new Map([...byId].map(([id, machine]) => [id, walkedTallyAt(machine, window, startOf, spared)]));
  return end => {
    if (startOf(end) === null) return null;
    return lineTally(line.model, id => each.get(id)?.(end) ?? emptyTally()).tally;
  };
}

/** What the lines below said of one minute. */
function minuteSum(rollup: Rollup, start: number): Tally {
  const sum = rollup.sums.get(`minute:${start}:${start + MINUTE_MS}`);
  return sumOfTallies([...(sum?.parts.values() ?? [])].map(part => rowToTally(part.tally)));
}

/** Sums over the lines' minutes. Where the window begins is a question to the unit's calendar. */
export function rollupTallyAt(
  rollup: Rollup,
  startOf: (window: JudgedWindow, end: number) => number | null,
  window: JudgedWindow,
  spared: readonly Span[],
): TallyAt {
  let last: { readonly from: number; readonly end: number; readonly tally: Tally } | null = null;
  return end => {
    const from = startOf(window, end);
    if (from === null) return null;
    const goesOn = last !== null && last.from === from && last.end === end - MINUTE_MS;
    const tally = goesOn && last !== null ? { ...last.tally } : emptyTally();
    for (let at = goesOn ? end - MINUTE_MS : from; at < end; at += MINUTE_MS) {
      if (!spared.some(span => at < span.to && at + MINUTE_MS > span.from)) addInto(tally, minuteSum(rollup, at));
    }
    last = { from, end, tally };
    return tally;
  };
}
