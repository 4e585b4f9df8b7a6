// Demo feed: the simulated machines in a process of their own, so that a plant's arithmetic never holds up the engine.
// In: the engine's address, settings with a token where it asks for one. Out: a child that sends until it is stopped, started again if it dies.
// Touches a child process.

import type { Environment } from './config.ts';
import type { Log } from './log.ts';
import { keepRunning } from './own-process.ts';

const STOP_MAX_MS = 3_000;

/** @returns how to stop it */
export function startDemoFeed(url: string, environment: Environment, log: Log): () => Promise<void> {
  const feed = keepRunning({
    name: 'the demo plant',
    args: ['simulate', '--url', url],
    environment,
    stopMaxMs: STOP_MAX_MS,
    log,
  });
  return () => feed.stop();
}
