// Chaos run: all of the traffic through real processes, with faults at planned places, to the last figure.
// In: a form, servers, an InfluxDB, which faults. Out: what was answered, what was told, what befell it.
// Touches child processes, loopback, a temporary folder.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chanceOf } from './chance-of.ts';
import { startCrew } from './chaos-crew.ts';
import { ChaosFaults, type Fault } from './chaos-faults.ts';
import type { ChaosForm } from './chaos-form.ts';
import { CHAOS_PARTITIONS, CHAOS_PLANT } from './chaos-plant.ts';
import { type ChaosPrint, chaosPrint } from './chaos-print.ts';
import { type Receipts, sendAll } from './chaos-sender.ts';
import type { ChaosServers } from './chaos-servers.ts';
import { settled } from './chaos-settled.ts';
import { chaosPhases } from './chaos-traffic.ts';

export interface ChaosPlan {
  readonly form: ChaosForm;
  /** 0: one process does everything */
  readonly workers: number;
  readonly faults: Readonly<Partial<Record<Fault, number>>>;
  readonly servers: ChaosServers;
  readonly influx: string;
  /** a database of this run's own */
  readonly database: string;
}

export interface ChaosOutcome {
  readonly receipts: Receipts;
  readonly struck: Readonly<Record<Fault, number>>;
  /** workers killed with entries of theirs in hand */
  readonly busy: number;
  readonly print: ChaosPrint;
  /** values of a metric of the door, by label */
  readonly metrics: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

const METRICS = ['oee_ingest_events_total', 'oee_journal_accepted_total', 'oee_pipeline_events_total'];

export async function chaosRun(plan: ChaosPlan): Promise<ChaosOutcome> {
  const { form, servers, workers, influx, database } = plan;
  const folder = await mkdtemp(join(tmpdir(), 'oee-chaos-'));
  const chance = chanceOf(form.seed + 99);
  const plant = join(folder, 'plant.yaml');
  await writeFile(plant, CHAOS_PLANT);
  const settings = {
    ...{ REDIS_URL: servers.url, INFLUX_URL: influx, INFLUX_BUCKET: database, OEE_PLANT: plant, OEE_DATA_DIR: folder },
    ...{ OEE_PARTITIONS: String(CHAOS_PARTITIONS), OEE_TICK_MS: '250', OEE_LEASE_MS: String(form.leaseMs) },
    OEE_LOG_LEVEL: 'silent',
    // so that what somebody slept or died over is over soon
    INFLUX_TIMEOUT_MS: '2000',
    ...servers.settings,
  };
  const crew = await startCrew(settings, workers, servers.journal, chance);
  try {
    await crew.ready();
    const hands = { ...crew, strikeRedis: servers.strike, moveSlot: servers.moveSlot };
    const faults = new ChaosFaults(plan.faults, form.events / form.batch, hands, chance);
    const receipts: Receipts = { sent: 0, accepted: 0, duplicates: 0, rejected: 0, refusals: 0 };
    for (const { isLate, queues } of chaosPhases(form)) {
      if (isLate) await faults.steer();
      const gate = async (): Promise<void> => (isLate ? undefined : faults.gate());
      await Promise.all(queues.map(queue => sendAll(crew.door.url, queue, receipts, gate)));
      await faults.rest();
      await settled(servers.journal);
    }
    await faults.rest(true);
    await settled(servers.journal, true);
    const print = await chaosPrint(crew.door, influx, database, form);
    const metrics = new Map(
      await Promise.all(METRICS.map(async name => [name, await crew.door.metric(name)] as const)),
    );
    return { receipts, struck: faults.struck, busy: faults.busy, print, metrics };
  } finally {
    await crew.close();
    await rm(folder, { recursive: true, force: true });
  }
}
