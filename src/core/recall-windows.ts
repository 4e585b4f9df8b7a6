// Recall windows: a machine that was loaded reads its live windows once, all together, so that whoever asks finds them at hand.
// In: a machine as loaded, with the windows that wait. Out: the same with its recent minutes and open windows filled from the facts.
// Pure; changes the machine in place. What is not recalled is read when something touches it: the numbers are the same.

import { type Machine, memoryOf, reachOf, readEffective } from './machine.ts';
import { addReading, minutesAtHandFrom } from './machine-results.ts';
import { emptyTally } from './tally.ts';
import { HOUR_MS, MINUTE_MS, minuteOf } from './time.ts';
import { type Cell, cellAt } from './window-track.ts';

/** One step reads so much time, or more: there are never more steps than so many. */
const STEP_MS = HOUR_MS;
const STEPS_MAX = 100;

/**
 * Fills stale windows, step by step. Without it each of them is read for itself when it is told, and every minute of before the
 * load at every tick until no sliding window looks at it any more: an heir would be slow for an hour.
 * @returns of each step about how many facts it read
 */
export function* recallWindows(machine: Machine): Generator<number> {
  if (machine.edge === 0 || !Number.isFinite(machine.beginning)) return;
  const cells = staleCells(machine);
  const reach = reachOf(machine);
  const from = Math.min(reach, ...cells.map(({ frame }) => frame.start));
  const step = Math.max(STEP_MS, Math.ceil((reach - from) / STEPS_MAX));
  for (const cell of cells) Object.assign(cell.tally, emptyTally());
  for (let at = from; at < reach; at += step) {
    const to = Math.min(reach, at + step);
    const reading = readEffective(machine, at, to);
    for (const { frame, tally } of cells)
      addReading(tally, reading, Math.max(at, frame.start), Math.min(to, frame.end));
    yield reading.stretches.length + reading.pieces.length;
  }
  for (const cell of cells) cell.stale = false;
}

/** Minutes at which sliding windows look, and windows of recent time that wait to be told. */
function staleCells(machine: Machine): readonly Cell[] {
  const memory = memoryOf(machine);
  const recentFrom = Math.max(minutesAtHandFrom(machine), machine.beginning, machine.keptFrom);
  return machine.tracks.flatMap(track => {
    if (track.kind === 'minute') {
      for (let at = minuteOf(recentFrom); at < machine.edge; at += MINUTE_MS) cellAt(track, at, memory);
    }
    return [...track.cells.values()].filter(({ stale, frame }) => stale && frame.end > recentFrom);
  });
}
