// Alert proposal: which ideal cycle a machine's own production demonstrates.
// In: a machine, an instant. Out: a cycle in seconds, in words; null where there was no run long enough.
// Pure.

import { minuteTally } from './alert-tally.ts';
import { enginePhrase } from './engine-phrase.ts';
import type { Machine } from './machine.ts';
import { DAY_MS, MINUTE_MS, minuteOf, SECOND_MS } from './time.ts';

/** A rate that was held for less is luck. */
const RUN_MINUTES = 15;
/** How far back is looked: the horizon of a busy machine holds too many facts to read while others wait. */
const LOOK_BACK_MS = DAY_MS;

/**
 * The best rate over RUN_MINUTES consecutive minutes of nothing but production up to `at`, as seconds per piece. Minutes in which
 * another product may have run cannot be told by their tallies; a minute without a known cycle is left out.
 */
export function bestCycle(machine: Machine, at: number): string | null {
  const minutes: number[] = [];
  let best = 0;
  const last = minuteOf(at);
  const [product] =
    machine.store.head.run === null ? [machine.rules.machine.product] : [machine.store.head.run.product];
  const run = machine.runs.findLast(({ from }) => from <= at);
  const from = Math.max(last - LOOK_BACK_MS, machine.beginning, run?.from ?? 0);
  for (let minute = minuteOf(from) + MINUTE_MS; minute < last; minute += MINUTE_MS) {
    const tally = minuteTally(machine, minute);
    if (tally.producing + tally.microStop === MINUTE_MS && tally.uncycled === 0) minutes.push(tally.total);
    else minutes.length = 0;
    if (minutes.length < RUN_MINUTES) continue;
    best = Math.max(
      best,
      minutes.slice(-RUN_MINUTES).reduce((sum, pieces) => sum + pieces, 0),
    );
  }
  if (best === 0) return null;
  const seconds = Number(((RUN_MINUTES * MINUTE_MS) / best / SECOND_MS).toPrecision(4));
  const shown = { minutes: RUN_MINUTES, seconds };
  return product === null ? enginePhrase('cycleTooLong', shown) : enginePhrase('cycleOfTooLong', { ...shown, product });
}
