// Alert tally: what a figure is taken over: the tally of the judged window as far as a minute's end, for any unit.
// In: machines with their windows, the minute sums of areas and sites. Out: tallies, null outside of any window.
// Pure. Maintenance is left out of every tally, as if that time had not been.

import type { JudgedWindow } from './alert-rule.ts';
import type { Line } from './line.ts';
import { lineTally } from './line.ts';
import { type Machine, reachOf } from './machine.ts';
import { shareOfFrame, tallyOver } from './machine-results.ts';
import type { Rollup } from './rollup.ts';
import { addInto, emptyTally, rowToTally, sumOfTallies, type Tally, takeFrom } from './tally.ts';
import { MINUTE_MS, minuteOf, type Span } from './time.ts';
import type { Cell, Frame } from './window-track.ts';

/** The tally of the judged window at the end of a minute, epoch ms; null where no window is. */
export type TallyAt = (end: number) => Tally | null;

const minuteFrame = (start: number): Frame => ({ name: null, start, end: start + MINUTE_MS, businessDay: null });

const cellsOf = (machine: Machine, kind: string): ReadonlyMap<number, Cell> | undefined => {
  for (const track of machine.tracks) if (track.kind === kind) return track.cells;
  return undefined;
};

/** The tally of one minute, as it is booked. Not to be changed. */
export function minuteTally(machine: Machine, start: number): Readonly<Tally> {
  const cell = cellsOf(machine, 'minute')?.get(start);
  if (cell !== undefined && !cell.stale && cell.frame.end > machine.beginning) return cell.tally;
  return shareOfFrame(machine, 'minute', minuteFrame(start));
}

/** Where the window begins that holds the minute before `end`. */
function windowStart(machine: Machine, window: JudgedWindow, end: number): number | null {
  if (window.startsWith('last')) return end - Number.parseInt(window.slice(4), 10) * MINUTE_MS;
  const place = machine.tracks.find(track => track.kind === window)?.locate(end - MINUTE_MS);
  return place?.frame?.start ?? null;
}

/** A window at hand reaches to the live edge: so many minutes are taken away from it rather than the facts read. */
const TAKEN_AWAY_MAX = 90;

/** The tally of [from, end) on one machine, from what is at hand as far as possible. */
function tallySince(machine: Machine, window: JudgedWindow, from: number, end: number): Tally {
  if (end <= machine.beginning) return emptyTally();
  const cell = cellsOf(machine, window)?.get(from);
  const reach = minuteOf(reachOf(machine) + MINUTE_MS - 1);
  if (cell === undefined || cell.frame.end < end || reach - end > TAKEN_AWAY_MAX * MINUTE_MS)
    return sumBack(machine, Math.max(from, minuteOf(machine.beginning)), end);
  const tally = { ...shareOfFrame(machine, cell.kind, cell.frame) };
  const last = Math.min(reach, cell.frame.end);
  for (let at = end; at < last; at += MINUTE_MS) takeFrom(tally, minuteTally(machine, at));
  return tally;
}

/** Whole minutes that are at hand, from the end backwards, and the rest from the facts. */
function sumBack(machine: Machine, from: number, end: number): Tally {
  const minutes = cellsOf(machine, 'minute');
  const sum = emptyTally();
  let at = end;
  while (at - MINUTE_MS >= from && minutes?.has(at - MINUTE_MS)) {
    at -= MINUTE_MS;
    addInto(sum, minuteTally(machine, at));
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

const machineTallyAt =
  (machine: Machine, window: JudgedWindow, spared: readonly Span[]): TallyAt =>
  end => {
    const from = windowStart(machine, window, end);
    return from === null ? null : withoutSpared(machine, tallySince(machine, window, from, end), spared, from, end);
  };

/** The same for a window that slides, asked minute by minute, forwards or back: one comes in, one goes out. */
function slidingTallyAt(machine: Machine, window: JudgedWindow, spared: readonly Span[]): TallyAt {
  const anew = machineTallyAt(machine, window, spared);
  const lengthMs = Number.parseInt(window.slice(4), 10) * MINUTE_MS;
  let last: { readonly end: number; readonly tally: Tally } | null = null;
  const moved = (end: number): Tally | null => {
    if (last === null || Math.abs(end - last.end) !== MINUTE_MS) return null;
    const first = Math.min(end, last.end);
    if (first - lengthMs < machine.beginning) return null;
    if (spared.some(span => span.from < first + MINUTE_MS && span.to > first - lengthMs)) return null;
    const [came, gone] = end > last.end ? [first, first - lengthMs] : [first - lengthMs, first];
    return takeFrom(addInto({ ...last.tally }, minuteTally(machine, came)), minuteTally(machine, gone));
  };
  return end => {
    const tally = moved(end) ?? anew(end);
    last = tally === null ? null : { end, tally };
    return tally;
  };
}

const tallyAtOf = (window: JudgedWindow) => (window.startsWith('last') ? slidingTallyAt : machineTallyAt);

/** The tally of one machine's judged window at the ends of minutes. */
export const ownTallyAt = (machine: Machine, window: JudgedWindow, spared: readonly Span[]): TallyAt =>
  tallyAtOf(window)(machine, window, spared);

/** A line's window is that of its constraint, or of its first machine. */
export function lineTallyAt(line: Line, window: JudgedWindow, spared: readonly Span[]): TallyAt {
  const byId = new Map(line.machines.map(machine => [machine.rules.machine.id, machine]));
  const lead = byId.get(line.model.constraint ?? '') ?? line.machines[0];
  if (window.startsWith('last')) {
    const each = new Map([...byId].map(([id, machine]) => [id, slidingTallyAt(machine, window, spared)]));
    return end => lineTally(line.model, id => each.get(id)?.(end) ?? emptyTally()).tally;
  }
  return end => {
    const from = lead === undefined ? null : windowStart(lead, window, end);
    if (from === null) return null;
    const tallyOf = (id: string): Tally => {
      const machine = byId.get(id);
      if (machine === undefined) return emptyTally();
      return withoutSpared(machine, tallySince(machine, window, from, end), spared, from, end);
    };
    return lineTally(line.model, tallyOf).tally;
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
