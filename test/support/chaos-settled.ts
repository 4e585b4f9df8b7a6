// Chaos settled: waits until everything that was sent is worked in, every window is told, and every way out has it.
// In: the journal as an onlooker sees it. Out: a promise.
// Touches the journal, reading only.
//
// Settled: between two looks no partition committed an output, though each committed three times (so at least one tick came by and
// found nothing to tell), nothing waits in a log or an outbox, and what was accepted lies behind the offsets.

import type { OpenJournal } from '../../src/journal/journal.ts';
import { WORKED } from './chaos-plant.ts';

const SINKS = ['influx', 'rollup'];
const COMMITS_BETWEEN = 3;
const LOOK_MS = 100;
/** Ten minutes: a slow machine with much to catch up on. */
const LOOKS_MAX = 6_000;

interface Look {
  readonly outputs: number;
  readonly commits: readonly number[];
  readonly waiting: number;
}

/** @param forGood and no write that somebody slept or died over may come any more */
export async function settled(journal: OpenJournal, forGood = false): Promise<void> {
  let first: Look | null = null;
  let last = 'no look';
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const look = await lookAt(journal, forGood).catch(error => {
      last = String(error);
      return null;
    });
    if (look === null) first = null;
    else {
      last = JSON.stringify(look);
      if (first === null || look.outputs !== first.outputs || look.waiting > 0) first = look.waiting > 0 ? null : look;
      else if (look.commits.every((commits, p) => commits >= (first?.commits[p] ?? 0) + COMMITS_BETWEEN)) return;
    }
    await new Promise(resolve => setTimeout(resolve, LOOK_MS));
  }
  throw new Error(`it never settled: ${last}`);
}

/** Entries of the log count from the second: the first may be the tick that came just now. */
async function lookAt(journal: OpenJournal, forGood: boolean): Promise<Look> {
  const each = await Promise.all(
    WORKED.map(async partition => {
      const lags = await Promise.all(SINKS.map(sink => journal.outbox.lag(partition, sink)));
      const doubts = forGood ? await journal.outbox.inDoubt(partition, 'influx') : 0;
      const { entries } = await journal.lag(partition);
      const { outputs, commits } = await journal.counts(partition);
      const waiting = Math.max(0, entries - 1) + lags.reduce((sum, lag) => sum + lag, 0) + doubts;
      return { outputs, commits, waiting };
    }),
  );
  return {
    outputs: each.reduce((sum, { outputs }) => sum + outputs, 0),
    commits: each.map(({ commits }) => commits),
    waiting: each.reduce((sum, { waiting }) => sum + waiting, 0),
  };
}
