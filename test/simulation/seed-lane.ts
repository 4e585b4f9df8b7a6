// Seed lane: one process that runs simulations, one seed after the other, as it is told.
// In: seeds as messages. Out: each run as a message.
// Touches its own process: the channel to whoever started it, and what a simulation touches.

import { type SimulatedRun, simulatedRun } from './simulated-run.ts';

/** What a lane answers: a run, or why there is none. */
export type LaneWord = { readonly run: SimulatedRun } | { readonly seed: number; readonly fault: string };

process.on('message', (seed: number) => {
  simulatedRun(seed).then(
    run => process.send?.({ run } satisfies LaneWord),
    error => process.send?.({ seed, fault: String((error as Error).stack) } satisfies LaneWord),
  );
});
process.on('disconnect', () => process.exit(0));
