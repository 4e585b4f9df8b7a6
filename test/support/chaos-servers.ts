// Chaos servers: the Redis of a run, one or a cluster, and the ways in which it is made to fail under load.
// In: which; chance. Out: its URL, the journal as an onlooker sees it, one fault after the other.
// Touches child redis-servers, loopback.

import { setTimeout as wait } from 'node:timers/promises';
import type { OpenJournal } from '../../src/journal/journal.ts';
import type { Chance } from './chance-of.ts';
import { CHAOS_PARTITIONS } from './chaos-plant.ts';
import { openedJournal } from './opened-journal.ts';
import { type RedisChild, startRedisChild } from './redis-child.ts';
import { startRedisCluster } from './redis-cluster.ts';

export interface ChaosServers {
  readonly url: string;
  /** settings of every process on it */
  readonly settings: Readonly<Record<string, string>>;
  /** of one who only looks */
  readonly journal: OpenJournal;
  /** kill -9 of a server, and what brings the journal back: the same data again, or a replica */
  strike(): Promise<void>;
  /** cluster: a partition's slot moves to another master, key by key */
  moveSlot(): Promise<void>;
  close(): Promise<void>;
}

/** A dead server stays away for up to this long. */
const AWAY_MAX_MS = 600;
const KEY_PAUSE_MS = 5;

/** One Redis that syncs before it answers. */
export async function oneRedis(chance: Chance): Promise<ChaosServers> {
  const redis: RedisChild = await startRedisChild('--appendfsync', 'always');
  const journal = await openedJournal(redis.url, { partitions: CHAOS_PARTITIONS });
  return {
    url: redis.url,
    settings: {},
    journal,
    strike: async () => {
      await redis.kill();
      await wait(chance.below(AWAY_MAX_MS));
      await redis.start();
    },
    moveSlot: () => Promise.reject(new Error('one Redis holds all slots')),
    close: async () => {
      await journal.close();
      await redis.close();
    },
  };
}

/** Three masters and their replicas; an event is acknowledged when a replica has it, too. */
export async function redisCluster(chance: Chance): Promise<ChaosServers> {
  const cluster = await startRedisCluster();
  const journal = await openedJournal(cluster.url, { partitions: CHAOS_PARTITIONS });
  const slotOf = (partition: number): Promise<number> => cluster.slotOf(`oee:{p00${partition}}`);
  const anyPartition = (): number => chance.below(CHAOS_PARTITIONS);
  return {
    url: cluster.url,
    settings: { REDIS_REPLICAS: '1' },
    journal,
    strike: async () => {
      const master = await cluster.masterOf(await slotOf(anyPartition()));
      await cluster.failOver(master);
      await cluster.bringBack(master);
    },
    moveSlot: async () => {
      const slot = await slotOf(0);
      const from = await cluster.masterOf(slot);
      for (let partition = 1; partition < CHAOS_PARTITIONS; partition += 1) {
        const to = await cluster.masterOf(await slotOf(partition));
        if (to === from) continue;
        return cluster.moveSlot(slot, to, () => wait(KEY_PAUSE_MS));
      }
      throw new Error('one master holds all partitions');
    },
    close: async () => {
      await journal.close();
      await cluster.close();
    },
  };
}
