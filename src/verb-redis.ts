// Verb redis: the Redis that a verb works on: the configured one, or the one of our own that runs, or is started for the verb.
// In: config. Out: its address, how to leave it.
// Touches child processes through demo/; the note of the last run.

import { join } from 'node:path';
import type { Config } from './config.ts';
import { redisAnswers, startRedis } from './demo/embedded-redis.ts';
import { lastRun } from './demo/orphan.ts';
import type { Log } from './log.ts';

export interface VerbRedis {
  readonly url: string;
  stop(): Promise<void>;
}

/** The one of ours that runs now, without starting any; null when none does. */
export async function runningRedis({ dataDir }: Config): Promise<string | null> {
  const run = lastRun(join(dataDir, 'redis'));
  if (run === null || run.pid === 0) return null;
  const answers = await redisAnswers(run.port).then(
    () => true,
    () => false,
  );
  return answers ? `redis://127.0.0.1:${run.port}` : null;
}

/** With an engine that is stopped, its Redis is stopped too: then the verb runs it for as long as it needs it. */
export async function redisForVerb(config: Config, log: Log): Promise<VerbRedis> {
  const url = config.redisUrl ?? (await runningRedis(config));
  if (url !== null) return { url, stop: async () => {} };
  return startRedis({ dataDir: config.dataDir, log });
}
