// Harness: two ways to the same result, run in turns in one process, and the ratio of what they cost.
// In: sides to compare. Out: medians, CPU per event, and the proof that both did the same work.
// Touches: the clock, the CPU meter of this process, the garbage collector.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What a run did: how many events, and a text that is equal only if the results are. */
export interface Proof {
  readonly events: number;
  readonly checksum: string;
}

/** One way to do the work. Nothing of `prepare` and `prove` is measured. */
export interface Side<Ready, Done> {
  readonly name: string;
  prepare(): Ready | Promise<Ready>;
  run(ready: Ready): Done | Promise<Done>;
  prove(done: Done): Proof | Promise<Proof>;
}

export interface Run extends Proof {
  readonly wallMs: number;
  /** user and system time of this process, all threads */
  readonly cpuMs: number;
}

/** Median figures of one side. */
export interface SideFigures {
  readonly name: string;
  readonly eventsPerSecond: number;
  readonly cpuUsPerEvent: number;
}

export interface Comparison {
  readonly a: SideFigures;
  readonly b: SideFigures;
  /** speed of a as a part of b's speed, median over the pairs */
  readonly ratio: number;
  readonly lowest: number;
  readonly highest: number;
  readonly pairs: number;
  readonly events: number;
  readonly checksum: string;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** One measured run; the rubbish of the one before is not on its bill. */
export async function measure<Ready, Done>(side: Side<Ready, Done>): Promise<Run> {
  const ready = await side.prepare();
  collectGarbage();
  const cpuBefore = process.cpuUsage();
  const wallBefore = performance.now();
  const done = await side.run(ready);
  const wallMs = performance.now() - wallBefore;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { ...(await side.prove(done)), wallMs, cpuMs: (user + system) / 1000 };
}

export function figuresOf(name: string, runs: readonly Run[]): SideFigures {
  return {
    name,
    eventsPerSecond: median(runs.map(run => (run.events / run.wallMs) * 1000)),
    cpuUsPerEvent: median(runs.map(run => (run.cpuMs / run.events) * 1000)),
  };
}

/** The proof that all runs share. @throws Error when one run did other work than the first */
export function sameWork(runs: readonly (Run & { readonly side: string })[]): Proof {
  const [first] = runs;
  if (first === undefined) throw new Error('nothing was run');
  for (const run of runs) {
    if (run.checksum === first.checksum && run.events === first.events) continue;
    const [one, other] = [first, run].map(({ side, events, checksum }) => `${side}: ${events} events, ${checksum}`);
    throw new Error(`the work differs: ${one}; ${other}`);
  }
  return { events: first.events, checksum: first.checksum };
}

/**
 * A B B A, as often as there are pairs of pairs: whatever drifts (heat, neighbours, the compiler) falls on both sides alike.
 * The first turn of each side only warms up.
 * @param by what decides: CPU where all work is in this process, wall time where it waits for a server
 */
export async function compare<RA, DA, RB, DB>(
  a: Side<RA, DA>,
  b: Side<RB, DB>,
  rounds: number,
  by: 'cpuMs' | 'wallMs',
): Promise<Comparison> {
  await measure(a);
  await measure(b);
  const ofA: Run[] = [];
  const ofB: Run[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const a1 = await measure(a);
    const b1 = await measure(b);
    const b2 = await measure(b);
    const a2 = await measure(a);
    ofA.push(a1, a2);
    ofB.push(b1, b2);
    ratios.push(b1[by] / a1[by], b2[by] / a2[by]);
  }
  const proof = sameWork([
    ...ofA.map(run => ({ ...run, side: a.name })),
    ...ofB.map(run => ({ ...run, side: b.name })),
  ]);
  return {
    a: figuresOf(a.name, ofA),
    b: figuresOf(b.name, ofB),
    ratio: median(ratios),
    lowest: Math.min(...ratios),
    highest: Math.max(...ratios),
    pairs: ratios.length,
    ...proof,
  };
}
