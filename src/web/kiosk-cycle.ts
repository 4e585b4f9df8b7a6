// Kiosk cycle: which lines a wall screen shows just now, and for how long: all of them in turn, for ever, without anybody.
// In: the lines of the plant, the time, how many fit. Out: the lines to show, and which turn of how many it is.
// Pure.

/** Long enough to read a line from afar, short enough that no line is away for minutes. */
export const TURN_MS = 20_000;

export interface Turn<T> {
  readonly shown: readonly T[];
  /** from 1 */
  readonly turn: number;
  readonly turns: number;
}

/** Every screen that knows the time shows the same turn: two screens beside each other agree. */
export function turnAt<T>(lines: readonly T[], now: number, fit: number): Turn<T> {
  const turns = Math.max(1, Math.ceil(lines.length / fit));
  const at = Math.floor(now / TURN_MS) % turns;
  return { shown: lines.slice(at * fit, (at + 1) * fit), turn: at + 1, turns };
}
