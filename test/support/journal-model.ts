// Journal model: the real journal's client over the modelled server, in calm: what Redis must give in any weather.
// In: a clock, how many partitions. Out: journals of several programs on the same memory.
// Touches nothing but its own memory, and the timers of leases.

import type { Connection } from '../../src/journal/connection.ts';
import { assembleJournal, type OpenJournal } from '../../src/journal/journal.ts';
import { toJournalError } from '../../src/journal/journal-error.ts';
import { partitionKeys } from '../../src/journal/keys.ts';
import { ModelRedis, tagOf } from './model-redis.ts';

export interface ModelOptions {
  readonly partitions: number;
  readonly horizonMs: number;
  readonly now: () => number;
}

export interface JournalModel {
  /** One program's view; many may be open at once. */
  open(owner: string, leaseMs: number): OpenJournal;
  /** An outsider lets a lease run out. */
  expireLease(partition: number): void;
}

export function journalModel({ partitions, horizonMs, now }: ModelOptions): JournalModel {
  const redis = new ModelRedis({ now });
  return {
    open: (owner, leaseMs) => {
      const options = { url: 'redis://modelled', prefix: 'oee', partitions, horizonMs, owner, leaseMs, log: () => {} };
      return assembleJournal(options, calmConnection(redis), calmConnection(redis));
    },
    expireLease: partition => {
      const { meta } = partitionKeys('oee', partition);
      redis.slot(tagOf(meta)).hash(meta).set('lease', '0');
    },
  };
}

/** Every call arrives, once, and is answered. */
function calmConnection(redis: ModelRedis): Connection {
  const answered = async (name: string, run: () => unknown): Promise<unknown> => {
    try {
      return run();
    } catch (error) {
      throw toJournalError(name, error);
    }
  };
  return {
    act: (name, keys, args) => answered(name, () => redis.act(name, keys, args)),
    read: (name, args) => answered(name, () => redis.read(name, args)),
    infoOfNodes: async () => [],
    close: () => {},
  };
}
