// Engine: where the rooms meet: the door, the work, and the answers, as far as this process has them by its roles.
// In: an open journal, a plant, sinks, roles. Out: a running engine that can be asked and stopped.
// Touches everything, through the parts it is given; real time enters here.

import { admissible, type PlantIndex, plantIndexOf } from '../core/admission.ts';
import type { Partition } from '../core/partition.ts';
import type { Plant } from '../core/plant-model.ts';
import type { Output } from '../core/result.ts';
import { type CountingIntake, intakeOf } from '../ingest/intake.ts';
import type { Journal, JournalCrew, JournalHooks } from '../journal/journal.ts';
import type { Log } from '../log.ts';
import { ReadModel, type StateView } from '../query/read-model.ts';
import type { Sink } from '../sinks/sink.ts';
import { resolveHost } from '../sinks/webhook/post-pinned.ts';
import { WEBHOOK_SINK } from '../sinks/webhook/webhook-sink.ts';
import { type NamedDelivery, startCompute } from './compute.ts';
import { followOutbox } from './follow-outbox.ts';
import type { PartitionKeeper } from './partition-keeper.ts';
import type { PartitionWorker } from './partition-worker.ts';
import { ReplicaSet } from './replica-set.ts';
import { ALL_ROLES, type Roles } from './roles.ts';

export interface EngineOptions {
  readonly journal: Journal & JournalCrew & JournalHooks;
  readonly plant: Plant;
  /** left out: all */
  readonly roles?: Roles;
  /** durable ways out, each with its cursor */
  readonly sinks: readonly Sink[];
  /** sinks that are to come: what they have not seen is kept in the outbox */
  readonly awaitedSinks: readonly string[];
  /** per receiver; one without any is not delivered to from here */
  readonly webhookSecrets?: ReadonlyMap<string, readonly string[]>;
  /** what shows the present */
  readonly onOutputs: (outputs: readonly Output[]) => void;
  readonly tickMs: number;
  /** epoch ms at the start, then by a clock that never jumps; ticks carry it */
  readonly steadyTime?: () => number;
  readonly log: Log;
}

export interface Engine {
  readonly roles: Roles;
  readonly intake: CountingIntake;
  readonly view: StateView;
  readonly model: ReadModel;
  /** null in a process that computes nothing */
  readonly keeper: PartitionKeeper | null;
  /** of partitions that others own; none in a process that answers no questions */
  readonly replicas: ReplicaSet;
  readonly deliveries: readonly NamedDelivery[];
  /** whoever delivers to them */
  readonly sinkNames: readonly string[];
  /** partitions that carry a unit of the plant */
  readonly partitions: readonly number[];
  /** who is told by webhook, and where what they are to be told waits */
  readonly receivers: { readonly receivers: Plant['receivers']; readonly partitions: readonly number[] };
  /** of a partition, owned or followed; null while this process has none to show */
  stateOf(partition: number): Partition | null;
  /** Resolves when this process can do what its roles are. */
  ready(): Promise<void>;
  isReady(): boolean;
  stop(): Promise<void>;
}

const LOOK_MS = 20;

export function startEngine(options: EngineOptions): Engine {
  const { journal, plant, roles = ALL_ROLES, log } = options;
  const partitions = partitionsOf(journal, plant);
  const replicas = new ReplicaSet(index => ({
    view: journal.view,
    onAppend: journal.onAppend,
    share: unit => journal.partitionOf(unit) === index,
    log,
  }));
  const compute = roles.compute
    ? startCompute({
        ...{ ...options, partitions, random: Math.random, ...replacing(replicas, roles) },
        webhooks: { secrets: options.webhookSecrets ?? new Map(), now: Date.now, resolve: resolveHost },
      })
    : null;
  const keeper = compute?.keeper ?? null;
  // with a keeper only for what is not ours after its first round: to load a state twice would double the time of a start
  if (roles.web) void (keeper?.started ?? Promise.resolve()).then(() => followOthers(partitions, keeper, replicas));
  const stateOf = (partition: number): Partition | null =>
    ownedState(keeper?.workers.get(partition)) ?? replicas.stateOf(partition);
  const view: StateView = {
    plant: () => plant,
    partitionOf: unit => stateOf(journal.partitionOf(unit)),
  };
  const knowsPlant = (partition: number): boolean => stateOf(partition)?.plant?.revision === plant.revision;
  const followers = (roles.web ? partitions : []).map(partition =>
    followOutbox({
      read: (after, countMax) => journal.outbox.read(partition, after, countMax),
      take: options.onOutputs,
      log,
    }),
  );
  const isReady = (): boolean =>
    (keeper === null || (keeper.isReady() && [...keeper.workers.keys()].every(knowsPlant))) &&
    (!roles.web || partitions.every(knowsPlant));
  let stopped = false;
  return {
    roles,
    intake: openIntake(journal, plant, partitions),
    view,
    model: new ReadModel(view),
    keeper,
    replicas,
    deliveries: compute?.deliveries ?? [],
    sinkNames: [...options.sinks.map(sink => sink.name), ...options.awaitedSinks, 'rollup', WEBHOOK_SINK],
    partitions,
    receivers: { receivers: plant.receivers, partitions },
    stateOf,
    ready: async () => {
      while (!stopped && !isReady()) await new Promise(resolve => setTimeout(resolve, LOOK_MS));
    },
    isReady,
    stop: async () => {
      stopped = true;
      const closed = replicas.close();
      await compute?.stop();
      await Promise.all([closed, ...followers.map(stop => stop())]);
    },
  };
}

function partitionsOf(journal: Journal, plant: Plant): number[] {
  const units = [...plant.lines, ...plant.areas, ...plant.sites];
  return [...new Set(units.map(unit => journal.partitionOf(unit.id)))].sort((a, b) => a - b);
}

const ownedState = (worker: PartitionWorker | undefined): Partition | null =>
  worker !== undefined && (worker.mode === 'working' || worker.mode === 'leaving') ? worker.partition : null;

/** A state of our own takes the place of a replica; one that was given back goes on as one, without being loaded again. */
function replacing(
  replicas: ReplicaSet,
  { web }: Roles,
): Pick<Parameters<typeof startCompute>[0], 'onWorking' | 'onEnded'> {
  return {
    onWorking: ({ index }) => replicas.leave(index),
    onEnded: ({ index, partition, offset }, end) => {
      if (web) replicas.follow(index, end === 'released' ? { partition, offset } : null);
    },
  };
}

function followOthers(partitions: readonly number[], keeper: PartitionKeeper | null, replicas: ReplicaSet): void {
  for (const partition of partitions) if (keeper?.workers.has(partition) !== true) replicas.follow(partition);
}

function openIntake(journal: Journal, plant: Plant, partitions: readonly number[]): CountingIntake {
  const names: PlantIndex = plantIndexOf(plant);
  const lines = plant.lines.map(line => journal.partitionOf(line.id));
  const homes = new Map(plant.machines.map(machine => [machine.id, journal.partitionOf(machine.line)]));
  return intakeOf({
    append: (partition, batch) => journal.append(partition, batch),
    partitionOfMachine: machine => homes.get(machine) ?? null,
    partitionsAll: () => partitions.filter(partition => lines.includes(partition)),
    now: Date.now,
    admit: (event, hint) => admissible(event, names, hint),
  });
}
