// Pending windows: which windows of a machine are open or still to be told, kept and brought back, so that a restart leaves no trace in them.
// In: a machine, what was kept. Out: a few rows of plain JSON; the machine with the same windows to tell.
// Pure; changes the machine in place.

import { type Machine, memoryOf } from './machine.ts';
import { emptyRun } from './machine-tracks.ts';
import type { WindowKind } from './result.ts';
import { type Cell, cellAt, wasFinal } from './window-track.ts';

interface Beside {
  /** the name of an order's run that is no more: nothing else tells of it */
  readonly run?: string | null;
  /** where it is not the one that the machine's revisions say */
  readonly revision?: number;
}
/** Kind, an instant inside, by, why, marks. */
export type Pending = readonly [
  kind: string,
  start: number,
  by: string | null,
  why: string | null,
  marks: number,
  beside?: Beside,
];

/** What of a machine's windows is not derived from its facts. */
export interface Waiting {
  /** windows of which there is no more to say than their marks: pairs of numbers, see `plainRow`; null: all of booked time */
  readonly open: readonly number[] | null;
  readonly pending: readonly Pending[];
}

/** Changed since it was told; not final yet; told as final where the machine's numbers say it was not, or the other way round. */
const DIRTY = 1;
const UNFINISHED = 2;
const OTHERWISE = 4;

/** A window's place in this list stands for its kind: never to be put in another order. */
const KINDS: readonly WindowKind[] = ['minute', 'hour', 'shift', 'day', 'order'];
/** More than all marks together. */
const KIND_UNIT = 8;

const isVoid = ({ frame }: Cell): boolean => frame.end <= frame.start;

/** What a window without further word would be taken for. */
const finalByMemory = (machine: Machine, cell: Cell): boolean =>
  wasFinal(cell.kind, cell.frame.start, memoryOf(machine)) || (!isVoid(cell) && cell.frame.end <= machine.finalUpTo);

const revisionByMemory = (machine: Machine, { kind, frame }: Cell): number =>
  machine.revisions.get(`${kind}:${frame.start}`) ?? 0;

/** Every window that is not final or is to be told anew, in the order in which they are told. */
export function waitingOf(machine: Machine): Waiting {
  const { dirty, unfinished, edge } = machine;
  const open: number[] = [];
  const pending: Pending[] = [];
  const keep = (cell: Cell): void => {
    const { kind, frame, by, why, told, revision } = cell;
    const otherwise = (told === 'final') !== finalByMemory(machine, cell);
    const marks = (dirty.has(cell) ? DIRTY : 0) + (unfinished.has(cell) ? UNFINISHED : 0) + (otherwise ? OTHERWISE : 0);
    const known = revision === revisionByMemory(machine, cell);
    if (known && by === null && !isVoid(cell)) {
      open.push(KINDS.indexOf(kind) * KIND_UNIT + marks, edge - frame.start);
      return;
    }
    const beside: Beside = { ...(isVoid(cell) ? { run: frame.name } : {}), ...(known ? {} : { revision }) };
    pending.push([kind, frame.start, by, why, marks, beside]);
  };
  for (const cell of dirty) keep(cell);
  for (const cell of unfinished) if (!dirty.has(cell)) keep(cell);
  return { open, pending };
}

/**
 * Brings the windows back that were open or to be told. Runs of orders that are no more come first: whatever took their place
 * has the later word.
 * @param pieces instants of the machine's pieces
 */
export function reviveWaiting(machine: Machine, pieces: readonly number[], { open, pending }: Waiting): void {
  if (open === null) reviveAllOpen(machine, pieces);
  for (const row of pending) revive(machine, row);
  for (let next = 0; open !== null && next < open.length; next += 2) {
    const [mark = 0, age = 0] = [open[next], open[next + 1]];
    const kind = KINDS[Math.floor(mark / KIND_UNIT)] ?? 'minute';
    revive(machine, [kind, machine.edge - age, null, null, mark % KIND_UNIT]);
  }
}

function revive(machine: Machine, [kind, start, by, why, marks, { run, revision } = {}]: Pending): void {
  const track = machine.tracks.find(candidate => candidate.kind === kind);
  if (track === undefined) return;
  const cell = run === undefined ? cellAt(track, start, memoryOf(machine)) : emptyRun(machine, start, run);
  if (typeof cell === 'number') return;
  Object.assign(cell, { by, why });
  if (revision !== undefined) cell.revision = revision;
  if ((marks & OTHERWISE) > 0) cell.told = finalByMemory(machine, cell) ? 'never' : 'final';
  if ((marks & DIRTY) > 0) machine.dirty.add(cell);
  if ((marks & UNFINISHED) > 0) machine.unfinished.add(cell);
}

/**
 * A state of before revision 3 does not say which open windows changed: those of all time that is booked, and those of pieces beside
 * it, are told once more.
 */
function reviveAllOpen(machine: Machine, pieces: readonly number[]): void {
  const memory = memoryOf(machine);
  const { finalUpTo, keptFrom, beginning, edge, dirty, unfinished } = machine;
  // before its first sign of life no tick moves a machine: what was told of it stands, and what was not was kept
  const revived = edge === 0 ? unfinished : dirty;
  const openFrom = Math.max(finalUpTo, keptFrom);
  for (const track of machine.tracks) {
    const reviveAt = (at: number): number => {
      const cell = cellAt(track, at, memory);
      if (typeof cell === 'number') return cell;
      revived.add(cell);
      return cell.frame.end;
    };
    for (let at = Math.max(openFrom, beginning); at < edge; ) at = reviveAt(at);
    for (const at of pieces) if (at >= openFrom) reviveAt(at);
  }
}
