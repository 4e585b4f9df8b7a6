// Neighbours: Redis and InfluxDB: those that the configuration names, or children of our own.
// In: config. Out: where they are, sinks to them, how to ask them, how to end what was started.
// Touches child processes through demo/, HTTP to InfluxDB for the health check.

import type { Config, Environment, InfluxConfig } from './config.ts';
import { startInflux } from './demo/embedded-influx.ts';
import { startRedis } from './demo/embedded-redis.ts';
import type { Neighbours } from './engine/health-routes.ts';
import type { JournalCrew, OpenJournal } from './journal/journal.ts';
import type { Log } from './log.ts';
import type { UnitPlace } from './plant-places.ts';
import { type InfluxNotes, influxNotes } from './sinks/influx/influx-notes.ts';
import { influxSink } from './sinks/influx/influx-sink.ts';
import type { Sink } from './sinks/sink.ts';

export interface FoundNeighbours {
  readonly redisUrl: string;
  /** settings by which another process finds the same neighbours */
  readonly environment: Environment;
  readonly sinks: readonly Sink[];
  /** for what nobody waits for; null without an InfluxDB */
  readonly notes: InfluxNotes | null;
  /** sinks that are not there yet, or are others' to serve: what they miss is kept */
  readonly awaitedSinks: readonly string[];
  /** one sentence each, for people */
  readonly told: readonly string[];
  checks(journal: OpenJournal): Neighbours;
  stop(): Promise<void>;
}

const INFLUX_ASK_MAX_MS = 1_500;
const NO_PLACE: UnitPlace = { site: null, area: null, line: null };

export async function findNeighbours(
  config: Config,
  places: ReadonlyMap<string, UnitPlace>,
  log: Log,
): Promise<FoundNeighbours> {
  const { dataDir } = config;
  const redis = config.redisUrl === null ? await startRedis({ dataDir, log }) : null;
  const redisUrl = config.redisUrl ?? redis?.url ?? '';
  const history = await findInflux(config, log);
  const placeOf = (unit: string): UnitPlace => places.get(unit) ?? NO_PLACE;
  const sinks =
    history.influx === null || !config.roles.compute
      ? []
      : [influxSink({ ...history.influx, placeOf, requestMaxMs: config.influxTimeoutMs })];
  const whose = redis === null ? 'yours (REDIS_URL)' : `started here, data in ${dataDir}/redis`;
  return {
    redisUrl,
    environment: { REDIS_URL: redisUrl, ...history.environment },
    sinks,
    notes: history.influx === null ? null : influxNotes(history.influx),
    awaitedSinks: sinks.length === 0 && config.influx !== 'none' ? ['influx'] : [],
    told: [`Redis       ${withoutSecret(redisUrl)}  ${whose}`, history.told],
    checks: journal => [
      {
        name: 'redis',
        required: true,
        check: async () =>
          (await journal.info()).appendOnlyHealthy ? null : 'its append-only file cannot be written: mend its disk',
      },
      ...(config.roles.compute ? [] : [{ name: 'workers', required: false, check: () => askWorkers(journal) }]),
      ...(config.influx === 'none' || !isKeptHere(config)
        ? []
        : [{ name: 'influxdb', required: false, check: () => askInflux(history.influx) }]),
    ],
    stop: async () => {
      await history.stop();
      await redis?.stop();
    },
  };
}

interface History {
  readonly influx: InfluxConfig | null;
  readonly told: string;
  readonly environment: Environment;
  stop(): Promise<void>;
}

/** Whether this process, or a worker that it starts, tells InfluxDB anything. */
const isKeptHere = ({ roles, workers }: Config): boolean => roles.compute || workers > 0;
/** One of several that are started by hand starts no server of its own: each would start another. */
const startsServers = ({ roles, workers }: Config): boolean =>
  workers > 0 || (roles.ingest && roles.compute && roles.web);

/** Without any InfluxDB the engine runs on: what it would have been told stays in the journal until one appears. */
async function findInflux(config: Config, log: Log): Promise<History> {
  const nothing = async (): Promise<void> => {};
  if (config.influx === 'none')
    return { influx: null, told: 'InfluxDB    none wanted (INFLUX_URL=none)', environment: {}, stop: nothing };
  if (config.influx !== null) {
    const { url, bucket } = config.influx;
    return {
      influx: config.influx,
      told: `InfluxDB    ${withoutSecret(url)}  yours (INFLUX_URL), database ${bucket}`,
      environment: {},
      stop: nothing,
    };
  }
  if (!startsServers(config)) {
    const told = 'InfluxDB    not named (INFLUX_URL): history is kept in the journal until one is';
    return { influx: null, told, environment: {}, stop: nothing };
  }
  try {
    const child = await startInflux({ dataDir: config.dataDir, database: 'oee', log });
    return {
      influx: { url: child.url, token: null, org: null, bucket: child.database },
      told: `InfluxDB    ${child.url}  started here, database oee, data in ${config.dataDir}/influx`,
      environment: { INFLUX_URL: child.url, INFLUX_BUCKET: child.database },
      stop: () => child.stop(),
    };
  } catch (error) {
    const { remedy = '' } = error as { remedy?: string };
    return {
      influx: null,
      told: `InfluxDB    none found: history is kept in the journal until one appears. ${remedy}`,
      environment: {},
      stop: nothing,
    };
  }
}

async function askWorkers(journal: JournalCrew): Promise<string | null> {
  const living = await journal.roster.living();
  if (living.length > 0) return null;
  return 'none lives: events are taken in and wait. Start one with OEE_ROLE=compute, or this one with --workers.';
}

async function askInflux(influx: InfluxConfig | null): Promise<string | null> {
  if (influx === null)
    return 'none found; history is kept in the journal. Install influxdb or set INFLUX_URL, then restart.';
  try {
    const answer = await fetch(new URL('/ping', influx.url), { signal: AbortSignal.timeout(INFLUX_ASK_MAX_MS) });
    return answer.status < 500 ? null : `answers ${answer.status}`;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return `away (${cause}); what it misses is kept in the journal and sent when it is back`;
  }
}

function withoutSecret(url: string): string {
  return url.replace(/\/\/[^@/,]*@/g, '//');
}
