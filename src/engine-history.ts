// Engine history: every ten seconds this process tells InfluxDB how it and the partitions that it works are doing.
// In: a running engine, its journal, the live hub. Out: points of `engine` and `engine_process`.
// Touches InfluxDB through the notes, a timer; asks the journal.

import type { Engine } from './engine/engine.ts';
import { ROLE_NAMES } from './engine/roles.ts';
import type { OpenJournal } from './journal/journal.ts';
import type { Log } from './log.ts';
import { engineToLines, type PartitionHealth, type ProcessHealth } from './sinks/influx/engine-to-lines.ts';
import type { InfluxNotes } from './sinks/influx/influx-notes.ts';
import type { LiveHub } from './sinks/live/live-hub.ts';

export interface EngineHistoryPorts {
  readonly engine: Engine;
  readonly journal: OpenJournal;
  readonly hub: LiveHub | null;
  /** null: there is no InfluxDB */
  readonly notes: InfluxNotes | null;
  readonly host: string;
  /** epoch ms */
  readonly now: () => number;
  readonly log: Log;
}

const EVERY_MS = 10_000;

/** @returns how to stop; resolves when nothing is under way any more */
export function startEngineHistory(ports: EngineHistoryPorts): () => Promise<void> {
  const { notes } = ports;
  if (notes === null) return async () => undefined;
  let before = totalsOf(ports);
  let under: Promise<void> = Promise.resolve();
  let busy = false;
  const tell = async (): Promise<void> => {
    const { engine, now } = ports;
    const owned = [...(engine.keeper?.workers.values() ?? [])].filter(worker => worker.mode === 'working');
    const partitions = await Promise.all(owned.map(({ index }) => partitionHealth(ports, index)));
    const totals = totalsOf(ports);
    await notes.write(engineToLines(now(), partitions, processHealth(ports, totals, before)));
    before = totals;
  };
  const look = (): void => {
    // what takes longer than its turn is told less often, not beside itself
    if (busy) return;
    busy = true;
    under = tell()
      .catch(error => ports.log('debug', 'engine history not told', { error: String(error) }))
      .finally(() => {
        busy = false;
      });
  };
  look();
  const timer = setInterval(look, EVERY_MS);
  return async () => {
    clearInterval(timer);
    await under;
  };
}

async function partitionHealth({ engine, journal }: EngineHistoryPorts, partition: number): Promise<PartitionHealth> {
  const [lag, counts, place, tally, ...sinkLags] = await Promise.all([
    journal.lag(partition),
    journal.counts(partition),
    journal.position(partition),
    journal.tally(partition),
    ...engine.sinkNames.map(sink => journal.outbox.lag(partition, sink)),
  ]);
  return {
    partition,
    worker: journal.owner,
    lagMs: lag.oldestMs,
    lagEntries: lag.entries,
    // the slowest of the neighbours decides what has to be kept
    sinkLag: Math.max(0, ...sinkLags),
    accepted: counts.accepted,
    duplicates: counts.duplicates,
    commits: counts.commits,
    deadLettered: counts.deadLettered,
    deadLettersKept: tally.counts.reduce((sum, { letters }) => sum + letters, 0),
    holes: counts.holes,
    owners: place.fence,
  };
}

interface Totals {
  readonly sent: number;
  readonly rejected: number;
  readonly refused: number;
  readonly coalesced: number;
}

function totalsOf({ engine, hub }: EngineHistoryPorts): Totals {
  const { sent, rejected } = engine.intake.counts();
  const live = hub?.stats() ?? { coalesced: 0, refused: 0 };
  const all = Object.values(rejected).reduce((sum, count) => sum + count, 0);
  return { sent, rejected: all, refused: live.refused, coalesced: live.coalesced };
}

function processHealth({ engine, journal, hub, host }: EngineHistoryPorts, now: Totals, then: Totals): ProcessHealth {
  return {
    host,
    roles: ROLE_NAMES.filter(role => engine.roles[role]).join('+'),
    process: journal.owner,
    sent: now.sent - then.sent,
    rejected: now.rejected - then.rejected,
    memory: process.memoryUsage.rss(),
    partitions: engine.keeper?.workers.size ?? 0,
    liveClients: hub?.stats().clients ?? 0,
    liveRefused: now.refused - then.refused,
    liveCoalesced: now.coalesced - then.coalesced,
  };
}
