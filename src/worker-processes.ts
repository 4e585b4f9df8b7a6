// Worker processes: compute processes beside this one, as its children: this one takes in and answers, they do the work.
// In: how many, the settings they share with us. Out: who runs and where; a way to stop them.
// Touches child processes.

import type { Environment } from './config.ts';
import type { Log } from './log.ts';
import { keepRunning } from './own-process.ts';

export interface WorkerProcess {
  readonly pid: number | null;
  /** where its own health and metrics are; null while it starts */
  readonly url: string | null;
}

export interface WorkerProcesses {
  all(): readonly WorkerProcess[];
  stop(): Promise<void>;
}

/** A worker that has its last commit in doubt needs patience; one that takes longer is killed, and loses nothing by it. */
const STOP_MAX_MS = 15_000;

/** What a worker says once it listens. */
export interface WorkerWord {
  readonly url: string;
}

/** @param environment ours, with the neighbours that were found or started */
export function startWorkerProcesses(count: number, environment: Environment, log: Log): WorkerProcesses {
  const workers = Array.from({ length: count }, (_, index) => {
    const worker: { url: string | null } = { url: null };
    const process = keepRunning({
      name: `worker ${index + 1}`,
      args: ['serve'],
      environment: { ...environment, OEE_ROLE: 'compute', OEE_WORKERS: '', PORT: '' },
      hear: message => {
        worker.url = (message as WorkerWord | null)?.url ?? null;
      },
      stopMaxMs: STOP_MAX_MS,
      log,
    });
    return { worker, process };
  });
  return {
    all: () => workers.map(({ worker, process }) => ({ pid: process.pid(), url: worker.url })),
    stop: async () => void (await Promise.all(workers.map(({ process }) => process.stop()))),
  };
}
