// Breath: long work in steps, between which everything else of this process has its turn: leases are renewed, questions answered.
// In: work that yields now and then. Out: what it returns.
// Touches the event loop's queue.

import { setImmediate as nextTurn } from 'node:timers/promises';

/** Lets everything that waits have its turn: timers that are due, answers that came in. */
export const breath = (): Promise<void> => nextTurn();

/** @param steps each some 10 ms of work */
export async function withBreath<T>(steps: Generator<unknown, T>): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    await breath();
  }
}
