// Seed lanes: many simulations, as many at once as there are cores, each lane a process of its own.
// In: seeds. Out: each run as it ends.
// Touches child processes; all are ended before it resolves.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { LaneWord } from './seed-lane.ts';
import type { SimulatedRun } from './simulated-run.ts';

const LANE = fileURLToPath(new URL('./seed-lane.ts', import.meta.url));
/** More would only wait for one another's memory. */
const LANES_MAX = 16;
/** A seed takes a second; one that takes this long never ends. */
const SEED_MAX_MS = 300_000;
/** A simulation makes much garbage that dies young. */
const YOUNG_MB = 32;

/**
 * @param onRun told of each run, in the order in which they end. @returns whether to go on
 * @throws Error when a simulation fails by itself, or never ends; it names the seed
 */
export async function runSeeds(seeds: Iterable<number>, onRun: (run: SimulatedRun) => boolean): Promise<void> {
  const left = seeds[Symbol.iterator]();
  let goesOn = true;
  const lane = async (): Promise<void> => {
    const child = fork(LANE, { execArgv: [...process.execArgv, `--max-semi-space-size=${YOUNG_MB}`] });
    const gone = once(child, 'exit');
    try {
      for (let next = left.next(); goesOn && next.done !== true; next = left.next()) {
        const run = await runIn(child, next.value);
        goesOn = onRun(run) && goesOn;
      }
    } finally {
      goesOn = false;
      child.kill('SIGKILL');
      await gone;
    }
  };
  const lanes = Array.from({ length: Math.min(LANES_MAX, availableParallelism()) }, lane);
  const ends = await Promise.allSettled(lanes);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

function runIn(child: ChildProcess, seed: number): Promise<SimulatedRun> {
  return new Promise((resolve, reject) => {
    const over = (): void => {
      clearTimeout(overdue);
      child.removeAllListeners('message').removeListener('exit', died);
    };
    const died = (): void => {
      over();
      reject(new Error(`seed ${seed}: its process ended`));
    };
    const overdue = setTimeout(() => {
      over();
      reject(new Error(`seed ${seed} does not end`));
    }, SEED_MAX_MS);
    child.on('exit', died);
    child.on('message', word => {
      over();
      const said = word as LaneWord;
      if ('run' in said) resolve(said.run);
      else reject(new Error(`seed ${said.seed}: ${said.fault}`));
    });
    child.send(seed);
  });
}

export function* seedsFrom(first: number, count: number): Generator<number> {
  for (let seed = first; seed < first + count; seed += 1) yield seed;
}
