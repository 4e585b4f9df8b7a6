// Compute: the work on the partitions that are ours, and all that only an owner does: tick, trim, tell the plant, deliver.
// In: the journal, a plant, sinks. Out: a keeper with its workers; deliveries.
// Touches the journal and the sinks, through the parts it is given.

import type { Plant } from '../core/plant-model.ts';
import type { Journal, JournalCrew, JournalHooks } from '../journal/journal.ts';
import type { Log } from '../log.ts';
import { type Delivery, deliver } from '../sinks/deliver.ts';
import { rollupSink } from '../sinks/rollup/rollup-sink.ts';
import type { Sink } from '../sinks/sink.ts';
import type { WebhookDispatcher } from '../sinks/webhook/webhook-dispatcher.ts';
import { webhookSink } from '../sinks/webhook/webhook-sink.ts';
import { PartitionKeeper } from './partition-keeper.ts';
import type { PartitionWorker, WorkerEnd } from './partition-worker.ts';
import { plantTeller } from './plant-teller.ts';
import { startTicker } from './ticker.ts';
import { startWebhooks, type WebhookOptions } from './webhooks.ts';

export interface ComputeOptions {
  readonly journal: Journal & JournalCrew & JournalHooks;
  readonly plant: Plant;
  readonly partitions: readonly number[];
  /** durable ways out, each with its cursor */
  readonly sinks: readonly Sink[];
  /** sinks that are to come: what they have not seen is kept in the outbox */
  readonly awaitedSinks: readonly string[];
  readonly tickMs: number;
  readonly steadyTime?: (() => number) | undefined;
  readonly random: () => number;
  readonly webhooks: WebhookOptions;
  /** a partition is worked here from now on */
  onWorking(worker: PartitionWorker): void;
  /** it is not any more */
  onEnded(worker: PartitionWorker, end: WorkerEnd): void;
  readonly log: Log;
}

/** A delivery with the name of its sink. */
export interface NamedDelivery extends Delivery {
  readonly name: string;
}

export interface Compute {
  readonly keeper: PartitionKeeper;
  readonly webhooks: WebhookDispatcher;
  readonly deliveries: readonly NamedDelivery[];
  /** Everything worked so far is committed and given back. */
  stop(): Promise<void>;
}

/** How often what everybody has behind them is let go, and how long the log is kept for a replay in any case. */
const TRIM_EVERY_MS = 10_000;
const LOG_KEPT_MS = 3_600_000;

export function startCompute(options: ComputeOptions): Compute {
  const { journal, plant, log } = options;
  const holds = (partition: number): boolean => keeper.holds(partition);
  const webhooks = startWebhooks(options, holds);
  const { wake } = webhooks;
  const hooks = webhookSink({ plant, queues: journal.webhooks, now: options.webhooks.now, wake });
  const sinks = [...options.sinks, rollupSink(rollupPorts(journal, plant)), hooks];
  const deliveries = sinks.map(sink => ({
    name: sink.name,
    ...deliver({
      sink,
      partitions: [],
      holds,
      outbox: journal.outbox,
      owner: journal.owner,
      log,
      random: options.random,
    }),
  }));
  // woken by their sink, when there is something
  const lanes = { ...webhooks, wake: () => {} };
  const keeper: PartitionKeeper = openKeeper(options, [...deliveries, lanes]);
  const worked = (): PartitionWorker[] => [...keeper.workers.values()].filter(worker => worker.mode === 'working');
  const stopTicker = startTicker({
    tickMs: options.tickMs,
    ready: () =>
      worked()
        .filter(worker => worker.partition.plant?.revision === plant.revision)
        .map(worker => worker.index),
    append: (partition, body) => journal.appendInternal(partition, 'tick', body),
    steadyTime: options.steadyTime,
    owner: journal.owner,
    log,
  });
  const names = [...sinks.map(sink => sink.name), ...options.awaitedSinks];
  const trimming = setInterval(() => {
    for (const { index } of worked()) {
      journal
        .trim(index, { keepMs: LOG_KEPT_MS, sinks: names })
        .catch(error => log('debug', 'not trimmed', { partition: index, error: String(error) }));
    }
  }, TRIM_EVERY_MS);
  return {
    keeper,
    webhooks,
    deliveries,
    stop: async () => {
      await stopTicker();
      clearInterval(trimming);
      await keeper.stop();
      await Promise.all([webhooks, ...deliveries].map(delivery => delivery.stop()));
    },
  };
}

type Follows = Pick<Delivery, 'follow' | 'leave' | 'wake'>;

/** Deliveries come and go with the ownership; a cursor that a former owner moved is harmless, for a repeat changes nothing. */
function openKeeper(options: ComputeOptions, deliveries: readonly Follows[]): PartitionKeeper {
  const { journal, plant, partitions, log } = options;
  const tellPlant = plantTeller({
    plant,
    append: (partition, body) => journal.appendInternal(partition, 'plant', body),
    log,
  });
  const leave = async (partition: number): Promise<void> => {
    await Promise.all(deliveries.map(delivery => delivery.leave(partition)));
  };
  return new PartitionKeeper({
    ...journal,
    partitions,
    worker: {
      onAppend: journal.onAppend,
      share: index => unit => journal.partitionOf(unit) === index,
      onWorking: worker => {
        for (const delivery of deliveries) delivery.follow(worker.index);
        tellPlant(worker);
        options.onWorking(worker);
      },
      onCommit: partition => {
        for (const delivery of deliveries) delivery.wake(partition);
      },
      onLeaving: leave,
      steadyNow: options.steadyTime,
      log,
    },
    onEnded: (worker, end) => {
      void leave(worker.index);
      options.onEnded(worker, end);
    },
    log,
  });
}

function rollupPorts(journal: Journal, plant: Plant) {
  const above = new Map(
    plant.lines.map(line => [line.id, [...new Set([journal.partitionOf(line.area), journal.partitionOf(line.site)])]]),
  );
  return {
    partitionsAbove: (line: string) => above.get(line) ?? [],
    append: (partition: number, body: string) => journal.appendInternal(partition, 'rollup', body),
  };
}
