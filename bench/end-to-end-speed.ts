// End to end speed: entries in a real Redis through journal, pipeline and commit, against the bare drain of the same stream.
// In: a redis-server of our own. Out: the ratio of their speeds.
// Touches: a child process, loopback sockets, a temporary folder.

import { Redis } from 'ioredis';
import type { FactEvent } from '../src/core/event.ts';
import { isCorrection, parseEvent } from '../src/core/event.ts';
import type { LogEntry } from '../src/core/log-entry.ts';
import type { Partition } from '../src/core/partition.ts';
import { isRejection } from '../src/core/rejection.ts';
import type { Journal } from '../src/journal/journal.ts';
import { startRedisChild } from '../test/support/redis-child.ts';
import type { Answer, Size } from './answer.ts';
import { benchLog, benchPlant, START } from './bench-plant.ts';
import { type BenchWorker, fillLog, openBenchJournal, startBenchWorker } from './bench-worker.ts';
import { compare, type Proof, type Side } from './harness.ts';

const MACHINES = 30;
const EVENTS: Readonly<Record<Size, number>> = { smoke: 40_000, full: 200_000 };
const ROUNDS: Readonly<Record<Size, number>> = { smoke: 1, full: 4 };
const SHAPE = { everyMs: 2_000, perEntry: 500, entriesPerTick: 20 };
/** Entries that the drain asks for at once: about a megabyte, as the worker does. */
const DRAIN_ENTRIES = 20;

/** Sums that both the drained events and the worker's state give. */
class Sums {
  private events = 0;
  private pieces = 0;
  private seconds = 0;

  add(event: FactEvent): void {
    this.events += 1;
    this.seconds += (event.at - START) / 1000;
    if (event.type === 'count') this.pieces += (event.good ?? 0) + (event.reject ?? 0);
  }

  proof(): Proof {
    return { events: this.events, checksum: `${this.pieces} pieces, ${Math.round(this.seconds)} s` };
  }
}

/** XREAD, JSON, the checks of every event, and nothing else; the next chunk is fetched while this one is read. */
function drainSide(redis: Redis, log: readonly LogEntry[]): Side<string, Sums> {
  const fetch = (stream: string, after: string) => redis.xread('COUNT', DRAIN_ENTRIES, 'STREAMS', stream, after);
  return {
    name: 'bare drain',
    prepare: async () => {
      await redis.flushall();
      await fillLog(redis, log, 'drained');
      return 'drained';
    },
    run: async stream => {
      const sums = new Sums();
      let next = fetch(stream, '0-0');
      for (;;) {
        const entries = (await next)?.[0]?.[1] ?? [];
        const last = entries.at(-1);
        if (last === undefined) return sums;
        next = fetch(stream, last[0]);
        for (const [id, [field, body = '']] of entries) {
          if (field !== 'b') continue;
          const arrival = Number(id.slice(0, id.indexOf('-')));
          for (const value of JSON.parse(`[${body.replaceAll('\n', ',')}]`) as unknown[]) {
            const event = parseEvent(value, arrival);
            if (!isRejection(event) && !isCorrection(event)) sums.add(event);
          }
        }
      }
    },
    prove: sums => sums.proof(),
  };
}

interface Engine {
  readonly journal: Journal;
  readonly worker: BenchWorker;
  readonly partition: Partition;
}

/** The engine's own worker on one partition, until the last entry is committed. */
function engineSide(redis: Redis, url: string, log: readonly LogEntry[]): Side<Journal, Engine> {
  const last = log.at(-1)?.id ?? '';
  return {
    name: 'engine',
    prepare: async () => {
      await redis.flushall();
      await fillLog(redis, log);
      return openBenchJournal(url);
    },
    run: journal =>
      new Promise((settled, failed) => {
        const worker = startBenchWorker(journal, failed);
        void worker.committed(last).then(partition => settled({ journal, worker, partition }));
      }),
    prove: async ({ journal, partition, worker }) => {
      await worker.stop();
      await journal.close();
      const sums = new Sums();
      for (const machine of partition.machines.values()) {
        for (const block of machine.store.blocks) for (const fact of block.facts) sums.add(fact);
      }
      return sums.proof();
    },
  };
}

export async function endToEndSpeed(size: Size): Promise<Answer> {
  const log = benchLog(benchPlant(MACHINES), { events: EVENTS[size], ...SHAPE });
  const child = await startRedisChild();
  const redis = new Redis(child.url);
  try {
    const engine = engineSide(redis, child.url, log);
    const { a, b, ratio, lowest, highest, pairs, checksum } = await compare(
      engine,
      drainSide(redis, log),
      ROUNDS[size],
      'wallMs',
    );
    return {
      question: 'how fast is the engine, from the stream to the commit, beside the bare drain of the same stream?',
      figures: [
        ...[a, b].flatMap(({ name, eventsPerSecond, cpuUsPerEvent }) => [
          { what: name, value: eventsPerSecond, unit: 'events/s' },
          { what: `${name}, CPU`, value: cpuUsPerEvent, unit: 'µs/event' },
        ]),
        { what: 'lowest of the pairs', value: lowest, unit: `of ${pairs}` },
        { what: 'highest of the pairs', value: highest, unit: `of ${pairs}` },
      ],
      verdict: { what: 'engine over drain', value: ratio, aim: { atLeast: 0.6 }, floor: 0.05 },
      checksum,
    };
  } finally {
    redis.disconnect();
    await child.close();
  }
}
