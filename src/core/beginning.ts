// Beginning: windows that hold the first fact of a machine, and with it time of which nobody told, and no booking speaks.
// In: a machine whose facts or rules changed, or whose time went on. Out: such windows read anew, and told where that is news.
// Pure; changes the machine in place.

import { beginningOf } from './fact-blocks.ts';
import { type Machine, memoryOf } from './machine.ts';
import { tallyOver } from './machine-results.ts';
import { talliesEqual } from './tally.ts';
import type { Span } from './time.ts';
import { cellAt } from './window-track.ts';

/** A story that begins earlier or later than was known makes all windows that hold its beginning be read anew. */
export function findBeginning(machine: Machine): void {
  const before = machine.beginning;
  const beginning = beginningOf(machine.store, machine.rules.corrections.revoked);
  if (beginning === before) return;
  machine.beginning = beginning;
  const [first, last] = [Math.min(before, beginning), Math.max(before, beginning)];
  for (const { cells } of machine.tracks) {
    for (const cell of cells.values()) {
      if (cell.frame.start >= last || cell.frame.end <= first) continue;
      cell.stale = true;
      machine.dirty.add(cell);
    }
  }
}

/**
 * Windows that hold the beginning and were let go, or told in an earlier life, are read as they stand before the rules
 * change: whether a new reading is news must not hang on what is at hand.
 */
export function recallBeginning(machine: Machine): void {
  const { beginning } = machine;
  if (!Number.isFinite(beginning)) return;
  for (const track of machine.tracks) {
    cellAt(track, beginning, memoryOf(machine));
    for (const cell of track.cells.values()) {
      const { start, end } = cell.frame;
      if (start >= beginning || end <= beginning || !cell.stale) continue;
      Object.assign(cell.tally, tallyOver(machine, start, end));
      cell.stale = false;
    }
  }
}

/**
 * Windows that hold the beginning hold time that nobody told, which no booking speaks of: new rules may read it otherwise.
 * @param span where the rules changed; null: anywhere
 */
export function readBeginningAnew(machine: Machine, span: Span | null): void {
  const { beginning } = machine;
  if (span !== null && span.from >= beginning) return;
  for (const track of machine.tracks) {
    if (Number.isFinite(beginning)) cellAt(track, beginning, memoryOf(machine));
    for (const cell of track.cells.values()) {
      const { start, end } = cell.frame;
      if (start >= beginning || (span !== null && (span.from >= end || span.to <= start))) continue;
      if (end <= beginning) {
        // told when another fact seemed to be the first, and nobody's since: read anew when asked for, but no news
        cell.stale = true;
        continue;
      }
      const tally = tallyOver(machine, start, end);
      if (!cell.stale && talliesEqual(tally, cell.tally)) continue;
      Object.assign(cell.tally, tally);
      cell.stale = false;
      machine.dirty.add(cell);
    }
  }
}

/** All that a machine ever said was revoked: its time goes on as unknown, which no booking speaks of. */
export function untoldSince(machine: Machine, edgeBefore: number): void {
  for (const { cells } of machine.tracks) {
    for (const cell of cells.values()) if (cell.frame.end > edgeBefore) cell.stale = true;
  }
}
