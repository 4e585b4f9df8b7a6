// Own process: this program once more, as a child: it runs while we run, and comes back when it dies.
// In: a verb with its options, settings. Out: its process id, what it says, a way to stop it.
// Touches a child process; it ends by itself when ours is gone, whichever way (the channel between us closes).

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Environment } from './config.ts';
import type { Log } from './log.ts';

export interface OwnProcessPlan {
  /** in the log */
  readonly name: string;
  readonly args: readonly string[];
  /** left out: ours */
  readonly environment?: Environment;
  /** it said something on the channel between us; null: it is gone */
  hear?(message: unknown): void;
  /** one that has not ended by then is killed */
  readonly stopMaxMs: number;
  readonly log: Log;
}

export interface OwnProcess {
  /** null while it is down */
  pid(): number | null;
  stop(): Promise<void>;
}

const MAIN_FILE = fileURLToPath(new URL('./main.ts', import.meta.url));
/** One that keeps dying comes back ever more slowly, at worst this slowly, for ever. */
const AGAIN_MIN_MS = 500;
const AGAIN_MAX_MS = 10_000;
/** One that lived this long comes back at once when it dies. */
const HEALTHY_MS = 30_000;

export function keepRunning(plan: OwnProcessPlan): OwnProcess {
  const { name, log, environment, hear } = plan;
  let stopped = false;
  let child: ChildProcess | null = null;
  let againMs = AGAIN_MIN_MS;
  let again: NodeJS.Timeout | undefined;
  const start = (): void => {
    const born = spawn(process.execPath, [...process.execArgv, MAIN_FILE, ...plan.args], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      ...(environment === undefined ? {} : { env: { ...environment } }),
    });
    child = born;
    const healthy = setTimeout(() => {
      againMs = AGAIN_MIN_MS;
    }, HEALTHY_MS);
    healthy.unref();
    if (hear !== undefined) born.on('message', hear);
    const gone = (code: unknown, signal?: unknown): void => {
      if (child !== born) return;
      child = null;
      clearTimeout(healthy);
      hear?.(null);
      if (stopped) return;
      log('warn', `${name} ended and starts again`, { code, signal, inMs: againMs });
      again = setTimeout(start, againMs);
      againMs = Math.min(againMs * 2, AGAIN_MAX_MS);
    };
    born.once('exit', gone);
    // could not be started at all; its message says why
    born.once('error', error => gone(error.message));
  };
  start();
  return {
    pid: () => child?.pid ?? null,
    stop: async () => {
      stopped = true;
      clearTimeout(again);
      const last = child;
      if (last === null || last.pid === undefined) return;
      const ended = once(last, 'exit');
      last.kill('SIGTERM');
      const kill = setTimeout(() => last.kill('SIGKILL'), plan.stopMaxMs);
      await ended;
      clearTimeout(kill);
    },
  };
}
