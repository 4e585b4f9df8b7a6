// Run seeds: any number of simulations by command, on all cores; or one of them, told line by line.
// In: how many, the first of them, --first to end where one breaks a law; or --seed and which one. Out: progress, each seed that broke a law and how to see it again; exit code 1 when one did.
// Touches child processes and the terminal.

import { runSeeds, seedsFrom } from './seed-lanes.ts';
import { simulatedRun } from './simulated-run.ts';

const TELL_EVERY_MS = 10_000;
/** Where so many differ, more say nothing new. */
const BROKEN_MAX = 10;
const LAWS_SHOWN = 4;
const LAW_CHARACTERS_MAX = 500;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function tellOne(seed: number): Promise<number> {
  const run = await simulatedRun(seed, say);
  say(JSON.stringify(run, null, 2));
  return run.broken.length === 0 ? 0 : 1;
}

async function runMany(first: number, count: number, brokenMax: number): Promise<number> {
  const begun = Date.now();
  const sum = { seeds: 0, broken: 0, deaths: 0, stops: 0, leavings: 0, failOvers: 0, staleRefused: 0, commits: 0 };
  const seconds = (): string => ((Date.now() - begun) / 1000).toFixed(0);
  const told = (): string =>
    Object.entries(sum)
      .map(([name, value]) => `${value} ${name}`)
      .join(', ');
  const progress = setInterval(() => say(`${seconds()} s: ${sum.seeds} of ${count}`), TELL_EVERY_MS);
  try {
    await runSeeds(seedsFrom(first, count), run => {
      sum.seeds += 1;
      for (const name of ['deaths', 'stops', 'leavings', 'failOvers', 'staleRefused', 'commits'] as const)
        sum[name] += run[name];
      if (run.broken.length === 0) return true;
      sum.broken += 1;
      say(`seed ${run.seed} (again: npm run seeds -- --seed ${run.seed})`);
      for (const law of run.broken.slice(0, LAWS_SHOWN)) say(`  ${law.slice(0, LAW_CHARACTERS_MAX)}`);
      return sum.broken < brokenMax;
    });
  } finally {
    clearInterval(progress);
  }
  say(`${told()}, in ${seconds()} s`);
  return sum.broken === 0 ? 0 : 1;
}

const [word = '10000', value = '1', until] = process.argv.slice(2);
process.exitCode =
  word === '--seed'
    ? await tellOne(Number(value))
    : await runMany(Number(value), Number(word), until === '--first' ? 1 : BROKEN_MAX);
