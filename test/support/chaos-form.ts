// Chaos form: how much of everything a run under faults has: short in every test run, full by one word of the shell.
// In: that word. Out: numbers.
// Pure.

import { BEGIN, PAUSE_MS, SHIFT_MS } from './chaos-plant.ts';

export interface ChaosForm {
  readonly name: 'short' | 'full';
  readonly seed: number;
  /** sent at least, repeats included */
  readonly events: number;
  readonly batch: number;
  /** longer than the longest step of a worker: what restates a day of a million events is read again for seconds */
  readonly leaseMs: number;
  /** a round is two shifts of traffic, then late news and corrections of them */
  readonly rounds: number;
  readonly workerKills: number;
  /** put to sleep for longer than their lease, and woken: in each of the two runs */
  readonly sleeps: number;
  readonly redisKills: number;
  /** on the cluster, beside one slot that moves */
  readonly failOvers: number;
  readonly clusterWorkerKills: number;
}

const SHORT: ChaosForm = {
  ...{ name: 'short', seed: 1, events: 12_000, batch: 100, leaseMs: 1_500, rounds: 1 },
  ...{ workerKills: 6, sleeps: 1, redisKills: 2, failOvers: 1, clusterWorkerKills: 2 },
};
const FULL: ChaosForm = {
  ...{ name: 'full', seed: 1, events: 1_000_000, batch: 400, leaseMs: 5_000, rounds: 3 },
  ...{ workerKills: 100, sleeps: 10, redisKills: 10, failOvers: 3, clusterWorkerKills: 10 },
};

/** @param word of the environment: `full` or nothing */
export function chaosForm(word: string | undefined, seed: string | undefined): ChaosForm {
  const form = word === 'full' ? FULL : SHORT;
  return seed === undefined ? form : { ...form, seed: Number(seed) };
}

/** The shifts of a round, and the instant of its last word. */
export function roundOf(round: number): { readonly from: number; readonly to: number; readonly end: number } {
  const from = BEGIN + round * 2 * SHIFT_MS;
  return { from, to: from + 2 * SHIFT_MS, end: from + 2 * SHIFT_MS + PAUSE_MS };
}
