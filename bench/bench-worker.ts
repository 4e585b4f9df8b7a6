// Bench worker: the engine's own worker on one partition of a real Redis, with a gate before its reads and an end that is awaited.
// In: a journal, the last entry to be committed. Out: the worker; when it had loaded, and when that commit was through.
// Touches the journal.

import type { Redis } from 'ioredis';
import type { LogEntry } from '../src/core/log-entry.ts';
import type { Partition } from '../src/core/partition.ts';
import { PartitionWorker } from '../src/engine/partition-worker.ts';
import { type Journal, openJournal } from '../src/journal/journal.ts';
import { partitionKeys } from '../src/journal/keys.ts';
import type { Ownership } from '../src/journal/lease.ts';

const PREFIX = 'bench';
const PARTITION = 0;
const WEEK_MS = 7 * 86_400_000;
const LEASE_MS = 30_000;

export interface BenchWorker {
  /** its state is loaded */
  readonly loaded: Promise<void>;
  /** Resolves when the entry is committed. */
  committed(entry: string): Promise<Partition>;
  /** From here on reads wait, until `open`. */
  shut(): void;
  open(): void;
  stop(): Promise<void>;
}

/** Writes the log into the partition's stream as an outsider would: packed entries, the internal kinds marked. */
export async function fillLog(redis: Redis, log: readonly LogEntry[], stream?: string): Promise<void> {
  const pipeline = redis.pipeline();
  const key = stream ?? partitionKeys(PREFIX, PARTITION).in;
  for (const { id, kind, body } of log) {
    if (kind === 'events') pipeline.xadd(key, id, 'b', body);
    else pipeline.xadd(key, id, 'k', kind, 'b', body);
  }
  await pipeline.exec();
}

export const openBenchJournal = (url: string, owner = 'bench'): Promise<Journal> =>
  openJournal({
    url,
    prefix: PREFIX,
    partitions: 1,
    horizonMs: WEEK_MS,
    owner,
    leaseMs: LEASE_MS,
    log: () => undefined,
  });

export function startBenchWorker(journal: Journal, onFault: (error: Error) => void): BenchWorker {
  let gate: Promise<void> = Promise.resolve();
  let open = (): void => undefined;
  let offset = '0-0';
  let awaited: { readonly entry: string; readonly done: (partition: Partition) => void } | null = null;
  let isLoaded = (): void => undefined;
  const loaded = new Promise<void>(resolve => {
    isLoaded = resolve;
  });
  const watched = (ownership: Ownership): Ownership => {
    const read: Ownership['read'] = async (after, countMax) => {
      await gate;
      return ownership.read(after, countMax);
    };
    const commit: Ownership['commit'] = async changes => {
      await ownership.commit(changes);
      offset = changes.offset;
      if (offset === awaited?.entry) awaited.done(worker.partition);
    };
    const ours: Partial<Ownership> = { read, commit };
    return new Proxy(ownership, {
      get: (target, name) => {
        const value: unknown = Reflect.get(ours, name) ?? Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  };
  const worker: PartitionWorker = new PartitionWorker(PARTITION, {
    own: async partition => {
      const ownership = await journal.own(partition);
      return ownership === null ? null : watched(ownership);
    },
    onAppend: journal.onAppend,
    onWorking: () => isLoaded(),
    share: () => true,
    log: (_level, message, fields) => onFault(new Error(`${message} ${JSON.stringify(fields)}`)),
  });
  return {
    loaded,
    committed: entry =>
      new Promise(done => {
        awaited = { entry, done };
        if (offset === entry) done(worker.partition);
      }),
    shut: () => {
      gate = new Promise(resolve => {
        open = resolve;
      });
    },
    open: () => open(),
    stop: () => {
      open();
      return worker.stop();
    },
  };
}
