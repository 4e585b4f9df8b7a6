// Doctor verb: looks at everything that the engine leans on, and says of each how it is and what to do about it.
// In: config, the clock. Out: one line per finding, or all of it as JSON; exit code 0, 1 or 2.
// Touches the network and the file system, reading only.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VerbOutput } from './backup-verb.ts';
import type { Config, InfluxConfig } from './config.ts';
import type { Plant } from './core/plant-model.ts';
import { lastRun } from './demo/orphan.ts';
import { type JournalLook, openJournalLook, type PartitionLook } from './journal/journal-look.ts';
import { partitionOfLine } from './journal/keys.ts';
import { bad, exitCodeOf, type Finding, findingsText, ok, warn } from './operate/finding.ts';
import { judgeInflux } from './operate/judge-influx.ts';
import { judgePartitions, type PlantNeeds } from './operate/judge-partitions.ts';
import { judgeRedis } from './operate/judge-redis.ts';
import { judgeMachine } from './operate/machine-look.ts';
import { parsePlant } from './plant/parse-plant.ts';
import { isPlantFaults } from './plant/plant-fault.ts';
import { DEMO_PLANT_FILE } from './simulate-verb.ts';
import { lookAtInflux } from './sinks/influx/influx-look.ts';
import { runningRedis } from './verb-redis.ts';

export interface DoctorIo {
  readonly now: () => number;
  readonly ask: typeof fetch;
  readonly out: VerbOutput;
}

interface Seen {
  readonly findings: Finding[];
  readonly partitions: readonly PartitionLook[];
}

/** An engine that has not answered by then is busy or gone. */
const ENGINE_MAX_MS = 5_000;
/** Partitions looked at at once. */
const AT_ONCE = 16;

export async function doctorVerb(config: Config, asJson: boolean, io: DoctorIo): Promise<0 | 1 | 2> {
  const plant = plantOf(config);
  const zones = plant.plant?.calendars.map(({ zone }) => zone) ?? [];
  const { node: nodeVersion, tz: zoneTable = null } = process.versions;
  const machine = judgeMachine({ nodeVersion, zoneTable, dataDir: config.dataDir, zones, now: io.now() });
  const [ofMachine, ofRedis, ofInflux, ofEngine] = await Promise.all([
    machine,
    seeRedis(config, plant.plant, io),
    seeInflux(config, io),
    seeEngine(config, io),
  ]);
  const findings = [...ofMachine, plant.finding, ...ofRedis.findings, ...ofInflux, ...ofEngine];
  const exitCode = exitCodeOf(findings);
  if (asJson) {
    const { partitions } = ofRedis;
    io.out.write(
      `${JSON.stringify({ at: new Date(io.now()).toISOString(), exitCode, findings, partitions }, null, 2)}\n`,
    );
  } else io.out.write(findingsText(findings));
  return exitCode;
}

function plantOf({ plantFile }: Config): { plant: Plant | null; finding: Finding } {
  const name = plantFile ?? 'the demo plant';
  let text: string;
  try {
    text = readFileSync(plantFile ?? DEMO_PLANT_FILE, 'utf8');
  } catch (error) {
    return {
      plant: null,
      finding: bad('plant', `${name} cannot be read (${wordOf(error)})`, 'Set OEE_PLANT to a plant file.'),
    };
  }
  const plant = parsePlant(text, name);
  if (!isPlantFaults(plant)) {
    const { lines, machines, revision } = plant;
    return {
      plant,
      finding: ok('plant', `${name}: ${lines.length} lines, ${machines.length} machines, revision ${revision}`),
    };
  }
  const [first] = plant.faults;
  const what = `${name} has ${plant.faults.length} faults, the first in line ${first?.line ?? 0}: ${first?.message ?? ''}`;
  return { plant: null, finding: bad('plant', what, `npm run oee -- check ${name}`) };
}

const wordOf = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
};

const nothingOf = (...findings: Finding[]): Seen => ({ findings, partitions: [] });

async function seeRedis(config: Config, plant: Plant | null, io: DoctorIo): Promise<Seen> {
  const url = config.redisUrl ?? (await runningRedis(config));
  if (url === null) {
    return nothingOf(
      bad(
        'redis',
        `no REDIS_URL, and no Redis of our own runs (data in ${config.dataDir}/redis)`,
        'Start the engine (npm start), or set REDIS_URL.',
      ),
    );
  }
  let look: JournalLook | null = null;
  try {
    const ca = config.redisCaFile === null ? null : readFileSync(config.redisCaFile, 'utf8');
    look = openJournalLook({ url, ca, prefix: config.prefix, log: () => {} }, config.redisReplicas);
    const server = judgeRedis(await look.server(io.now));
    const { findings, partitions } = await seeJournal(look, config, plant, io);
    return { findings: [...server, ...findings], partitions };
  } catch (error) {
    const { message, remedy } = error as { message: string; remedy?: string };
    return nothingOf(bad('redis', message, remedy ?? 'Check REDIS_URL and REDIS_CA.'));
  } finally {
    look?.close();
  }
}

async function seeJournal(look: JournalLook, config: Config, plant: Plant | null, io: DoctorIo): Promise<Seen> {
  const count = await look.partitionCount();
  if (count === null) {
    return nothingOf(
      warn('journal', `none under the prefix "${config.prefix}" yet`, 'Start the engine, or check OEE_PREFIX.'),
    );
  }
  if (Number.isNaN(count)) {
    return nothingOf(
      bad('journal', 'a restore into it was not finished', 'Wait for it, or restore again with --force.'),
    );
  }
  const looks: PartitionLook[] = [];
  for (let from = 0; from < count; from += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, n) => look.partition(from + n));
    for (const seen of await Promise.all(some)) if (seen !== null) looks.push(seen);
  }
  const sizes =
    count === config.partitions
      ? ok('journal', `${count} partitions, ${looks.length} in use`)
      : bad(
          'journal',
          `it has ${count} partitions, OEE_PARTITIONS is ${config.partitions}`,
          `Set OEE_PARTITIONS=${count}.`,
        );
  return { findings: [sizes, ...judgePartitions(looks, needsOf(plant, count), io.now())], partitions: looks };
}

function needsOf(plant: Plant | null, partitions: number): PlantNeeds | null {
  if (plant === null) return null;
  const units = [...plant.lines, ...plant.areas, ...plant.sites].map(({ id }) => partitionOfLine(id, partitions));
  return { revision: plant.revision, partitions: [...new Set(units)].sort((a, b) => a - b) };
}

async function seeInflux(config: Config, io: DoctorIo): Promise<Finding[]> {
  if (config.influx === 'none') return [ok('influxdb', 'none wanted (INFLUX_URL=none)')];
  const influx = config.influx ?? ownInflux(config);
  if (influx !== null) return judgeInflux(await lookAtInflux(influx, io.ask, io.now));
  const what = `no INFLUX_URL, and no InfluxDB of our own runs (data in ${config.dataDir}/influx)`;
  return [
    warn('influxdb', what, 'Start the engine (npm start), or set INFLUX_URL, or INFLUX_URL=none for no history.'),
  ];
}

function ownInflux({ dataDir }: Config): InfluxConfig | null {
  const run = lastRun(join(dataDir, 'influx'));
  if (run === null || run.pid === 0) return null;
  return { url: `http://127.0.0.1:${run.port}`, token: null, org: null, bucket: 'oee' };
}

interface Health {
  readonly ready: boolean;
  readonly partitions: {
    readonly all: number;
    readonly refused?: readonly { partition: number; code: string; remedy: string }[];
  };
  readonly neighbours: readonly { name: string; ok: boolean; trouble: string | null }[];
}

async function seeEngine({ host, port }: Config, io: DoctorIo): Promise<Finding[]> {
  const url = `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}`;
  let health: Health;
  try {
    const answer = await io.ask(`${url}/health/ready`, { signal: AbortSignal.timeout(ENGINE_MAX_MS) });
    health = (await answer.json()) as Health;
  } catch {
    return [warn('engine', `none answers at ${url}`, 'Start it, or set HOST and PORT to where it listens.')];
  }
  const refused = (health.partitions.refused ?? []).map(({ partition, code, remedy }) =>
    bad('engine', `refuses partition ${partition} (${code})`, remedy),
  );
  const missing = health.neighbours.filter(neighbour => !neighbour.ok);
  const said = missing.map(({ name, trouble }) => warn('engine', `misses ${name}`, trouble ?? 'See its log.'));
  if (health.ready) return [ok('engine', `ready at ${url}`), ...refused, ...said];
  return [bad('engine', `at ${url} is not ready`, 'See /health/ready and its log.'), ...refused, ...said];
}
