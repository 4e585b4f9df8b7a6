// Metrics: what has happened and how things stand, in Prometheus' words.
// In: a running engine, its journal, the live hub. Out: text for /metrics.
// Touches nothing itself: asks when it is asked.

import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { AccessDesk } from './access/access-desk.ts';
import type { Engine } from './engine/engine.ts';
import type { OpenJournal } from './journal/journal.ts';
import type { Counts, Position } from './journal/journal-health.ts';
import { operationMetrics } from './operation-metrics.ts';
import type { LiveHub } from './sinks/live/live-hub.ts';
import { webhookMetrics } from './webhook-metrics.ts';

interface Figure {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}
type Read = () => Promise<readonly Figure[]> | readonly Figure[];
/** A figure by name, meaning and labels, asked for when somebody looks. */
type Tell = (name: string, help: string, labelNames: string[], read: Read) => void;

export interface Metrics {
  text(): Promise<string>;
  readonly type: string;
}

export interface MetricsPorts {
  readonly engine: Engine;
  readonly journal: OpenJournal;
  readonly hub: LiveHub | null;
  readonly desk: AccessDesk;
}

/** Totals rise for ever within one journal; they are read from where they are kept, so a restart forgets none. */
export function openMetrics({ engine, journal, hub, desk }: MetricsPorts, now: () => number): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  // gauges with a counter's name, which Prometheus' own checks refuse; the same figures stand beside them, by type
  for (const kind of ['handles', 'requests', 'resources']) registry.removeSingleMetric(`nodejs_active_${kind}_total`);
  const tell: Tell = (name, help, labelNames, read) => {
    const shape = { name, help, labelNames, registers: [registry] };
    if (name.endsWith('_total')) {
      const counter: Counter = new Counter({
        ...shape,
        async collect() {
          const figures = await read();
          counter.reset();
          for (const { labels, value } of figures) counter.inc(labels, value);
        },
      });
    } else {
      const gauge: Gauge = new Gauge({
        ...shape,
        async collect() {
          const figures = await read();
          gauge.reset();
          for (const { labels, value } of figures) gauge.set(labels, value);
        },
      });
    }
  };
  tellIngest(tell, engine);
  tellJournal(tell, engine, journal);
  tellPipeline(tell, engine);
  tellEngine(tell, engine, journal);
  tellSinks(tell, engine, journal);
  operationMetrics(tell, engine, journal);
  webhookMetrics(tell, engine, journal, now);
  tell('oee_access_refusals_total', 'Requests that this process refused at the gate, by code', ['code'], () =>
    [...desk.refusals].map(([code, value]) => ({ labels: { code }, value })),
  );
  if (hub !== null) tellLive(tell, hub);
  return { text: () => registry.metrics(), type: registry.contentType };
}

const one = (value: number): Figure[] => [{ labels: {}, value }];
const outcomes = (pairs: Readonly<Record<string, number>>): Figure[] =>
  Object.entries(pairs).map(([outcome, value]) => ({ labels: { outcome }, value }));
const ofPartition = (partition: number, value: number): Figure => ({ labels: { partition: String(partition) }, value });

function tellIngest(tell: Tell, { intake }: Engine): void {
  tell(
    'oee_ingest_events_total',
    'Events at the doors of this process: sent = accepted + duplicate + rejected',
    ['outcome'],
    () => {
      const { sent, accepted, duplicate, rejected } = intake.counts();
      return outcomes({ sent, accepted, duplicate, rejected: Object.values(rejected).reduce((a, b) => a + b, 0) });
    },
  );
  tell('oee_ingest_rejections_total', 'Rejected events by code', ['code'], () =>
    Object.entries(intake.counts().rejected).map(([code, value]) => ({ labels: { code }, value })),
  );
}

/** The journal's own books: the same from every process. */
function tellJournal(tell: Tell, { partitions }: Engine, journal: OpenJournal): void {
  const each = (read: (partition: number) => Promise<number>): Read => {
    return () => Promise.all(partitions.map(async partition => ofPartition(partition, await read(partition))));
  };
  const count = (name: keyof Counts): Read => each(async partition => (await journal.counts(partition))[name]);
  const place = (name: keyof Position): Read =>
    each(async partition => Number((await journal.position(partition))[name]));
  const label = ['partition'];
  tell('oee_journal_accepted_total', 'Events that the journal holds or held', ['partition'], count('accepted'));
  tell('oee_journal_duplicates_total', 'Events that came again', label, count('duplicates'));
  tell('oee_journal_gaps_total', 'Jumps in the numbers of producers', label, count('gaps'));
  tell('oee_journal_dead_letters_total', 'Events given to the dead letters', label, count('deadLettered'));
  tell('oee_journal_commits_total', 'Commits', label, count('commits'));
  tell('oee_journal_fence_number', 'Rises with every new owner', label, place('fence'));
  tell('oee_journal_log_entries', 'Entries kept in the log', label, place('inLength'));
  tell('oee_journal_outbox_entries', 'Entries kept in the outbox', label, place('outLength'));
}

/** A partition's books are part of its state, so its owner and everybody who follows it tell the same. */
function tellPipeline(tell: Tell, { partitions, stateOf }: Engine): void {
  tell(
    'oee_pipeline_events_total',
    'Events read from the log: read = inState + repeats + deadLettered',
    ['partition', 'outcome'],
    () =>
      partitions.flatMap(partition =>
        Object.entries(stateOf(partition)?.accounting ?? {}).map(([outcome, value]) => ({
          labels: { partition: String(partition), outcome },
          value: Number(value),
        })),
      ),
  );
}

function tellEngine(tell: Tell, engine: Engine, { roster }: OpenJournal): void {
  const { keeper, replicas } = engine;
  tell('oee_engine_ready_state', '1 when this process can do what its roles are', [], () =>
    one(engine.isReady() ? 1 : 0),
  );
  tell('oee_engine_workers_living', 'Processes that compute', [], async () => one((await roster.living()).length));
  if (keeper !== null) {
    tell('oee_engine_owned_partitions', 'Partitions that this process works', [], () => one(keeper.workers.size));
    tell('oee_engine_share_partitions', 'Partitions that would be its fair share', [], () => one(keeper.share));
    tell(
      'oee_engine_hand_overs_total',
      'Partitions claimed, and how they left: released, lost (the fence moved), refused, failed',
      ['outcome'],
      () => outcomes(keeper.handOvers()),
    );
    tell('oee_engine_commits_total', 'Commits of this process', ['partition'], () =>
      [...keeper.commits()].map(([partition, value]) => ofPartition(partition, value)),
    );
  }
  if (!engine.roles.web) return;
  tell('oee_engine_replica_lag_seconds', 'How far a followed partition is behind its log', ['partition'], () =>
    Promise.all(replicas.all().map(async replica => ofPartition(replica.index, (await replica.lagMs()) / 1000))),
  );
  tell('oee_engine_replica_loads_total', 'Times that states of followed partitions were loaded', [], () =>
    one(replicas.loads()),
  );
}

function tellSinks(tell: Tell, { deliveries, sinkNames, partitions }: Engine, journal: OpenJournal): void {
  tell('oee_sinks_lag_outputs', 'Outputs that a sink has not acknowledged', ['sink', 'partition'], async () => {
    const pairs = sinkNames.flatMap(sink => partitions.map(partition => ({ sink, partition })));
    return Promise.all(
      pairs.map(async ({ sink, partition }) => ({
        labels: { sink, partition: String(partition) },
        value: await journal.outbox.lag(partition, sink),
      })),
    );
  });
  tell(
    'oee_sinks_delivered_outputs_total',
    'Outputs acknowledged by a neighbour since this process started',
    ['sink'],
    () => deliveries.map(delivery => ({ labels: { sink: delivery.name }, value: delivery.status().delivered })),
  );
}

function tellLive(tell: Tell, hub: LiveHub): void {
  tell('oee_live_clients', 'WebSocket clients', [], () => one(hub.stats().clients));
  tell('oee_live_frames_total', 'Frames sent or coalesced for slow clients', ['outcome'], () => {
    const { sent, coalesced, gaps, cutSlow, refused } = hub.stats();
    return outcomes({ sent, coalesced, gaps, cutSlow, refused });
  });
}
