// Kiosk cycle: which page a wall screen shows just now: all of them in turn, for ever, without anybody.
// In: the pages, the time. Out: the page to show, and which turn of how many it is.
// Pure.

/** Long enough to read a line from afar, short enough that few lines are not away for minutes. */
export const TURN_MS = 20_000;

export interface Turn<T> {
  /** null: there is no page */
  readonly shown: T | null;
  /** from 1 */
  readonly turn: number;
  readonly turns: number;
}

/** Every screen that knows the time shows the same turn: two screens beside each other agree. */
export function turnAt<T>(pages: readonly T[], now: number): Turn<T> {
  const turns = Math.max(1, pages.length);
  const at = Math.floor(now / TURN_MS) % turns;
  return { shown: pages[at] ?? null, turn: at + 1, turns };
}
