// Pending windows: which windows of a machine are still to be told, kept and brought back, so that a restart leaves no trace in them.
// In: a machine, what was kept. Out: a few rows of plain JSON; the machine with the same windows to tell.
// Pure; changes the machine in place.

import { type Machine, memoryOf } from './machine.ts';
import { emptyRun } from './machine-tracks.ts';
import { type Cell, cellAt } from './window-track.ts';

interface Beside {
  /** the name of an order's run that is no more: nothing else tells of it */
  readonly run?: string | null;
  /** it was told as it is */
  readonly stands?: true;
}
/** Kind, an instant inside, by, why. */
export type Pending = readonly [kind: string, start: number, by: string | null, why: string | null, beside?: Beside];

const isVoid = ({ frame }: Cell): boolean => frame.end <= frame.start;

/**
 * Windows that are final and to be told anew; that have an author, which they keep until they are final; that are no more;
 * and those of a machine that never gave a sign. All others that are open are told at the next tick in any case.
 */
export function pendingOf(machine: Machine): Pending[] {
  const { dirty, unfinished, edge } = machine;
  const pending: Pending[] = [];
  for (const cell of new Set([...dirty, ...unfinished])) {
    const stands = !dirty.has(cell);
    if (cell.told !== 'final' && cell.by === null && !isVoid(cell) && (edge > 0 || stands)) continue;
    const { kind, frame, by, why } = cell;
    const beside: Beside = { ...(isVoid(cell) ? { run: frame.name } : {}), ...(stands ? { stands } : {}) };
    const isPlain = Object.keys(beside).length === 0;
    pending.push(isPlain ? [kind, frame.start, by, why] : [kind, frame.start, by, why, beside]);
  }
  return pending;
}

/**
 * Brings back the windows that were not final: those of all time that is booked, and those of pieces beside it; and what was
 * kept of the others.
 * @param pieces instants of the machine's pieces
 */
export function revivePending(machine: Machine, pieces: readonly number[], pending: readonly Pending[]): void {
  const memory = memoryOf(machine);
  const { finalUpTo, keptFrom, beginning, edge, dirty, unfinished } = machine;
  // before its first sign of life no tick moves a machine: what was told of it stands, and what was not was kept
  const revived = edge === 0 ? unfinished : dirty;
  const openFrom = Math.max(finalUpTo, keptFrom);
  for (const track of machine.tracks) {
    const revive = (at: number): number => {
      const cell = cellAt(track, at, memory);
      if (typeof cell === 'number') return cell;
      revived.add(cell);
      return cell.frame.end;
    };
    for (let at = Math.max(openFrom, beginning); at < edge; ) at = revive(at);
    for (const at of pieces) if (at >= openFrom) revive(at);
    for (const [kind, start, by, why, { run, stands } = {}] of pending) {
      if (kind !== track.kind) continue;
      const cell = run === undefined ? cellAt(track, start, memory) : emptyRun(machine, start, run);
      if (typeof cell === 'number') continue;
      Object.assign(cell, { by, why });
      (stands === true ? unfinished : dirty).add(cell);
    }
  }
}
