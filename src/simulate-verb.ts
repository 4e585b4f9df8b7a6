// Simulate verb: the demo plant's machines, fed to an engine through its door.
// In: address, seed, hours of history. Out: events over HTTP until stopped.
// Touches the network, the clock, signals.

import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Plant } from './core/plant-model.ts';
import { feed } from './demo/feed.ts';
import { simulate } from './demo/simulate.ts';
import type { Log } from './log.ts';
import { parsePlant } from './plant/parse-plant.ts';
import { isPlantFaults } from './plant/plant-fault.ts';

export const DEMO_PLANT_FILE = new URL('./demo/plant.yaml', import.meta.url);
const HOUR_MS = 3_600_000;

export interface SimulateOptions {
  readonly url: string;
  readonly seed: string;
  readonly hours: number;
  readonly post: typeof fetch;
}

/** Sends the demo plant's past hours as fast as the engine takes them, then its present, until the signal. */
function feedDemo(plant: Plant, options: SimulateOptions, log: Log, signal: AbortSignal): Promise<unknown> {
  const from = Date.now() - options.hours * HOUR_MS;
  return feed({
    url: options.url,
    post: options.post,
    emissions: simulate({ plant, seed: options.seed, from, to: Number.POSITIVE_INFINITY, withLatest: true }),
    speed: Number.POSITIVE_INFINITY,
    now: Date.now,
    sleep: async (ms, stop) => {
      await wait(ms, undefined, stop === undefined ? {} : { signal: stop }).catch(() => {});
    },
    log: {
      info: (fields, message) => log('info', message, fields),
      warn: (fields, message) => log('warn', message, fields),
    },
    signal,
  });
}

export async function simulateVerb(options: SimulateOptions, log: Log): Promise<number> {
  const plant = parsePlant(readFileSync(DEMO_PLANT_FILE, 'utf8'), 'demo/plant.yaml');
  if (isPlantFaults(plant)) throw new Error('the demo plant is broken');
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.once(name, () => stop.abort());
  log('info', 'simulating the demo plant; Ctrl-C ends it', { url: options.url, seed: options.seed });
  const summary = await feedDemo(plant, options, log, stop.signal);
  process.stdout.write(`${JSON.stringify(summary)}\n`);
  if (process.connected) process.disconnect();
  return 0;
}
