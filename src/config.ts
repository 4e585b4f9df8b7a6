// Config: what the environment says, checked at once.
// In: environment variables. Out: settings of a process, or every fault with its key, trouble and remedy.
// Pure: main hands the environment in.

import type { AccessSettings } from './access/access-settings.ts';
import { readAccess } from './access-config.ts';
import { type Rejection, rejection } from './core/rejection.ts';
import { ALL_ROLES, parseRoles, ROLE_NAMES, type Roles } from './engine/roles.ts';
import { LOG_LEVELS, type LogLevel } from './log.ts';

export interface Config {
  readonly host: string;
  /** 0: any that is free */
  readonly port: number;
  /** what this process does of the whole */
  readonly roles: Roles;
  /** compute processes to start beside this one */
  readonly workers: number;
  /** null: a Redis of our own */
  readonly redisUrl: string | null;
  /** PEM file of whom to trust with rediss:; null: whom Node trusts */
  readonly redisCaFile: string | null;
  /** events are acknowledged only when so many replicas of Redis have them */
  readonly redisReplicas: number;
  /** null: an InfluxDB of our own, where one is installed; 'none': no history is wanted */
  readonly influx: InfluxConfig | 'none' | null;
  /** a write that InfluxDB has not answered by then is broken off, and repeated */
  readonly influxTimeoutMs: number;
  /** null: no live channel of Grafana is pushed to */
  readonly grafanaLive: GrafanaLiveConfig | null;
  /** null: the demo plant */
  readonly plantFile: string | null;
  readonly dataDir: string;
  readonly logLevel: LogLevel;
  /** first part of every Redis key */
  readonly prefix: string;
  readonly partitions: number;
  readonly leaseMs: number;
  readonly tickMs: number;
  /** null: nobody is asked for a token */
  readonly liveToken: string | null;
  /** who may come in, and how it is known who that is */
  readonly access: AccessSettings;
  /** what verbs show to an engine that asks; null: nothing */
  readonly token: string | null;
}

export interface InfluxConfig {
  readonly url: string;
  readonly token: string | null;
  readonly org: string | null;
  readonly bucket: string;
}

export interface GrafanaLiveConfig {
  /** …/api/live/push/<stream> */
  readonly url: string;
  readonly token: string | null;
}

/** More of them on one computer share its processors without doing more. */
const WORKERS_MAX = 64;

export type Environment = Readonly<Record<string, string | undefined>>;

/** @returns the config, or all faults */
export function readConfig(env: Environment): Config | readonly Rejection[] {
  const faults: Rejection[] = [];
  const wrong: Wrong = (key, trouble, remedy) => {
    faults.push(rejection('OEE_CONFIG', `${key} ${trouble}`, remedy));
  };
  const whole = (key: string, fallback: number, min: number, max: number): number => {
    const text = env[key];
    if (text === undefined || text === '') return fallback;
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    wrong(key, `is "${text}"`, `Set ${key} to a whole number from ${min} to ${max}, or leave it out for ${fallback}.`);
    return fallback;
  };
  const address = (key: string, schemes: readonly string[]): string | null => {
    const text = env[key];
    if (text === undefined || text === '') return null;
    if (text.split(',').every(part => schemes.includes(schemeOf(part.trim())))) return text;
    wrong(key, `is "${text}"`, `Start it with ${schemes.map(scheme => `${scheme}//`).join(' or ')}.`);
    return null;
  };
  const logLevel = env.OEE_LOG_LEVEL ?? 'info';
  if (!(LOG_LEVELS as readonly string[]).includes(logLevel)) {
    wrong('OEE_LOG_LEVEL', `is "${logLevel}"`, `Use one of ${LOG_LEVELS.join(', ')}.`);
  }
  const workers = whole('OEE_WORKERS', 0, 0, WORKERS_MAX);
  const roles = rolesOf(env.OEE_ROLE || (workers > 0 ? 'ingest,web' : ROLE_NAMES.join()), wrong);
  const computesOnly = roles.compute && !roles.ingest && !roles.web;
  // of several processes one has the servers of their own, or none: each would start others
  if (env.OEE_ROLE && workers === 0 && !env.REDIS_URL && ROLE_NAMES.some(role => !roles[role])) {
    wrong(
      'REDIS_URL',
      'is missing',
      `Name the Redis that processes with OEE_ROLE=${env.OEE_ROLE} and the others share.`,
    );
  }
  const host = env.HOST || '127.0.0.1';
  const config: Config = {
    host,
    port: whole('PORT', computesOnly ? 0 : 8080, 0, 65_535),
    roles,
    workers,
    redisUrl: address('REDIS_URL', ['redis:', 'rediss:']),
    redisCaFile: env.REDIS_CA || null,
    redisReplicas: whole('REDIS_REPLICAS', 0, 0, 5),
    influx: env.INFLUX_URL === 'none' ? 'none' : influxOf(address('INFLUX_URL', ['http:', 'https:']), env),
    influxTimeoutMs: whole('INFLUX_TIMEOUT_MS', 30_000, 100, 600_000),
    grafanaLive: grafanaOf(address('GRAFANA_LIVE_URL', ['http:', 'https:']), env),
    plantFile: env.OEE_PLANT || null,
    dataDir: env.OEE_DATA_DIR || '.oee',
    logLevel: logLevel as LogLevel,
    prefix: env.OEE_PREFIX || 'oee',
    partitions: whole('OEE_PARTITIONS', 256, 1, 4_096),
    leaseMs: whole('OEE_LEASE_MS', 5_000, 500, 600_000),
    tickMs: whole('OEE_TICK_MS', 1_000, 50, 60_000),
    liveToken: env.OEE_LIVE_TOKEN || null,
    access: readAccess(env, host, { wrong, whole, address }),
    token: env.OEE_TOKEN || null,
  };
  return faults.length === 0 ? config : faults;
}

function influxOf(url: string | null, env: Environment): InfluxConfig | null {
  if (url === null) return null;
  const [token, org, bucket] = [env.INFLUX_TOKEN, env.INFLUX_ORG, env.INFLUX_BUCKET];
  return { url, token: token || null, org: org || null, bucket: bucket || 'oee' };
}

function grafanaOf(url: string | null, { GRAFANA_LIVE_TOKEN: token }: Environment): GrafanaLiveConfig | null {
  return url === null ? null : { url, token: token || null };
}

type Wrong = (key: string, trouble: string, remedy: string) => void;

function rolesOf(text: string, wrong: Wrong): Roles {
  const roles = parseRoles(text);
  if (roles !== null) return roles;
  wrong('OEE_ROLE', `is "${text}"`, `Use one of ${ROLE_NAMES.join(', ')}, or several separated by commas.`);
  return ALL_ROLES;
}

function schemeOf(text: string): string {
  try {
    return new URL(text).protocol;
  } catch {
    return '';
  }
}
