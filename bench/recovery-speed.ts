// Recovery speed: the backlog behind a dead worker, worked by its heir, against the same entries worked by one that never died.
// In: a redis-server of our own. Out: the ratio of their speeds, and how long the heir loads.
// Touches: a child process, loopback sockets, a temporary folder.

import { Redis } from 'ioredis';
import type { LogEntry } from '../src/core/log-entry.ts';
import type { Partition } from '../src/core/partition.ts';
import type { Journal } from '../src/journal/journal.ts';
import { startRedisChild } from '../test/support/redis-child.ts';
import type { Answer, Size } from './answer.ts';
import { benchLog, benchPlant } from './bench-plant.ts';
import { type BenchWorker, fillLog, openBenchJournal, startBenchWorker } from './bench-worker.ts';
import { compare, median, type Side } from './harness.ts';

const MACHINES = 30;
const EVENTS: Readonly<Record<Size, number>> = { smoke: 40_000, full: 200_000 };
const ROUNDS: Readonly<Record<Size, number>> = { smoke: 1, full: 4 };
const SHAPE = { everyMs: 2_000, perEntry: 500, entriesPerTick: 20 };

interface Ready {
  readonly worker: BenchWorker;
  readonly journals: readonly Journal[];
}
interface Done extends Ready {
  readonly partition: Partition;
}

interface Backlog {
  readonly redis: Redis;
  readonly url: string;
  readonly worked: readonly LogEntry[];
  readonly waiting: readonly LogEntry[];
}

const lastOf = (log: readonly LogEntry[]): string => log.at(-1)?.id ?? '';
const rethrow = (error: Error): void => {
  throw error;
};

/**
 * Half of the log is worked in, the other half waits.
 * @param succeeded who works the other half
 */
function backlogSide(name: string, backlog: Backlog, succeeded: (first: Ready) => Promise<Ready>): Side<Ready, Done> {
  const { redis, url, worked, waiting } = backlog;
  return {
    name,
    prepare: async () => {
      await redis.flushall();
      await fillLog(redis, worked);
      const journal = await openBenchJournal(url);
      const worker = startBenchWorker(journal, rethrow);
      await worker.committed(lastOf(worked));
      worker.shut();
      const next = await succeeded({ worker, journals: [journal] });
      await fillLog(redis, waiting);
      return next;
    },
    run: async ready => {
      ready.worker.open();
      return { ...ready, partition: await ready.worker.committed(lastOf(waiting)) };
    },
    prove: async ({ worker, journals, partition }) => {
      await worker.stop();
      for (const journal of journals) await journal.close();
      const { inState, repeats, deadLettered } = partition.accounting;
      const events = waiting.reduce(
        (sum, { kind, body }) => sum + (kind === 'events' ? body.split('\n').length : 0),
        0,
      );
      return { events, checksum: `${inState} in state, ${repeats} repeats, ${deadLettered} dead letters` };
    },
  };
}

export async function recoverySpeed(size: Size): Promise<Answer> {
  const log = benchLog(benchPlant(MACHINES), { events: EVENTS[size], ...SHAPE });
  const child = await startRedisChild();
  const redis = new Redis(child.url);
  const half = Math.ceil(log.length / 2);
  const backlog = { redis, url: child.url, worked: log.slice(0, half), waiting: log.slice(half) };
  const loadedMs: number[] = [];
  const heirOf = async ({ worker, journals }: Ready): Promise<Ready> => {
    await worker.stop();
    const journal = await openBenchJournal(child.url, 'heir');
    const before = performance.now();
    const heir = startBenchWorker(journal, rethrow);
    heir.shut();
    await heir.loaded;
    loadedMs.push(performance.now() - before);
    return { worker: heir, journals: [...journals, journal] };
  };
  try {
    const heir = backlogSide('heir', backlog, heirOf);
    const steady = backlogSide('never died', backlog, async first => first);
    const { a, b, ratio, lowest, highest, pairs, events, checksum } = await compare(
      heir,
      steady,
      ROUNDS[size],
      'wallMs',
    );
    return {
      question: 'how fast does an heir catch up with what waits behind a dead worker, beside one that never died?',
      figures: [
        { what: 'heir', value: a.eventsPerSecond, unit: 'events/s' },
        { what: 'never died', value: b.eventsPerSecond, unit: 'events/s' },
        { what: `loading ${events.toLocaleString('en-US')} facts`, value: median(loadedMs), unit: 'ms' },
        { what: 'lowest of the pairs', value: lowest, unit: `of ${pairs}` },
        { what: 'highest of the pairs', value: highest, unit: `of ${pairs}` },
      ],
      verdict: { what: 'heir over never died', value: ratio, aim: { atLeast: 0.9 }, floor: 0.3 },
      checksum,
    };
  } finally {
    redis.disconnect();
    await child.close();
  }
}
