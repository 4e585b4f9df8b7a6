// Into windows: what there is to tell of each machine: windows that became final, and on a tick the open and restated ones.
// In: touched machines. Out: window results, intervals, live states.
// Pure.

import { type MonoTypeOperatorFunction, map } from 'rxjs';
import type { Machine } from '../core/machine.ts';
import { hasFinals, tellIntervals, tellSliding, tellState, tellWindows } from '../core/machine-results.ts';
import type { Work } from './work.ts';

export const intoWindows = (): MonoTypeOperatorFunction<Work> => map(withWindows);

export function withWindows(work: Work): Work {
  const onTick = work.entry.kind === 'tick';
  for (const machine of work.touched) tellMachine(work, machine, onTick);
  return work;
}

function tellMachine(work: Work, machine: Machine, onTick: boolean): void {
  work.watermarkBefore.set(machine, machine.finalUpTo);
  if (onTick || hasFinals(machine)) work.outputs.push(...tellWindows(machine, onTick));
  // a machine whose clock is out of step (a replayed recording) does not grow with wall time: its last interval is told now
  const quiet = onTick && machine.edge < work.entry.at;
  work.outputs.push(...tellIntervals(machine, quiet));
  const state = tellState(machine);
  if (state !== null) work.outputs.push(state);
  if (onTick) {
    work.outputs.push(...tellSliding(machine));
    machine.restless = false;
    machine.toldAt = work.entry.at;
  }
}
