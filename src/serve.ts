// Serve: the engine as a service: neighbours found or started, doors opened, everything ended in the right order.
// In: config, log. Out: exit code when it was told to stop.
// Touches the environment's servers, signals, the terminal.

import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import type { FastifyInstance } from 'fastify';
import { AccessDesk } from './access/access-desk.ts';
import { announce } from './announce.ts';
import type { Config, Environment } from './config.ts';
import { healthHome } from './core/alert-health.ts';
import type { Plant } from './core/plant-model.ts';
import { startDemoFeed } from './demo-feed.ts';
import { type Engine, startEngine } from './engine/engine.ts';
import { type HealthPorts, startHealthTeller } from './engine/health-teller.ts';
import { ROLE_NAMES } from './engine/roles.ts';
import { startEngineHistory } from './engine-history.ts';
import { openGrafanaLive } from './grafana-live.ts';
import { type JournalOptions, type OpenJournal, openJournal } from './journal/journal.ts';
import { openHub } from './live-entrance.ts';
import type { Log } from './log.ts';
import { findNeighbours } from './neighbours.ts';
import { parsePlant } from './plant/parse-plant.ts';
import { explainFaults, isPlantFaults } from './plant/plant-fault.ts';
import { placesOf } from './plant-places.ts';
import { buildServer } from './server.ts';
import { DEMO_PLANT_FILE } from './simulate-verb.ts';
import { readWebhookSecrets } from './webhook-secrets.ts';
import { startWorkerProcesses, type WorkerProcesses, type WorkerWord } from './worker-processes.ts';

/** Runs until SIGINT, SIGTERM, or the end of the process whose part it is. @returns exit code: 0 stopped, 2 could not start */
export async function serve(config: Config, environment: Environment, log: Log): Promise<number> {
  const stopAsked = new Promise<string>(resolve => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve(name));
    // whoever started us as a part of itself is gone
    process.once('disconnect', () => resolve('the process that started this one ended'));
  });
  const plant = readPlant(config);
  if (plant === null) return 2;
  const closers: (() => Promise<unknown>)[] = [];
  try {
    await run({ config, environment, plant, log, stopAsked, closers });
    log('info', 'stopping', { why: await stopAsked });
    return 0;
  } catch (error) {
    const { code, message, remedy } = error as { code?: string; message: string; remedy?: string };
    const told = code?.startsWith('OEE_') === true ? code : 'OEE_SERVE_FAULT';
    process.stderr.write(`${told}: ${message}\n${remedy === undefined ? '' : `  ${remedy}\n`}`);
    return 2;
  } finally {
    for (const close of closers.reverse())
      await close().catch(error => log('warn', 'not closed', { error: String(error) }));
    // an open channel to whoever started us would keep this process alive
    if (process.connected) process.disconnect();
  }
}

function readPlant({ plantFile }: Config): Plant | null {
  const name = plantFile ?? 'demo/plant.yaml';
  let text: string;
  try {
    text = readFileSync(plantFile ?? DEMO_PLANT_FILE, 'utf8');
  } catch (error) {
    process.stderr.write(
      `OEE_PLANT_FILE: ${name} cannot be read: ${String(error)}\n  Set OEE_PLANT to a plant file.\n`,
    );
    return null;
  }
  const plant = parsePlant(text, name);
  if (!isPlantFaults(plant)) return plant;
  process.stderr.write(`${explainFaults(plant)}\n`);
  return null;
}

function readCa(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const remedy = 'Set REDIS_CA to the PEM file of the CA that signed the certificate of Redis.';
    throw Object.assign(new Error(`${file} cannot be read: ${String(error)}`), { code: 'OEE_CONFIG', remedy });
  }
}

interface Start {
  readonly config: Config;
  readonly environment: Environment;
  readonly plant: Plant;
  readonly log: Log;
  readonly stopAsked: Promise<string>;
  /** what was opened, to be closed in the opposite order */
  readonly closers: (() => Promise<unknown>)[];
}

async function run({ config, environment, plant, log, stopAsked, closers }: Start): Promise<void> {
  const places = placesOf(plant);
  const delivers = config.roles.compute || config.workers > 0;
  const webhookSecrets = readWebhookSecrets(delivers ? plant.receivers : [], environment);
  const neighbours = await findNeighbours(config, places, log);
  closers.push(neighbours.stop);
  const journal = await openJournal(journalOptions(config, neighbours.redisUrl, plant, log));
  closers.push(() => journal.close());
  const ownToken = randomBytes(32).toString('hex');
  const chance = { now: Date.now, random: randomBytes };
  const desk = new AccessDesk({ ...config.access, ...chance, book: journal.access, ownToken });
  const hub = config.roles.web ? openHub(config, places, desk, { epoch: randomUUID(), now: Date.now }) : null;
  closers.push(async () => hub?.close());
  const grafana = openGrafanaLive(config, places);
  closers.push(grafana.close);
  const engine = startEngine({
    steadyTime: () => performance.timeOrigin + performance.now(),
    ...config,
    journal,
    plant,
    sinks: neighbours.sinks,
    awaitedSinks: neighbours.awaitedSinks,
    webhookSecrets,
    onOutputs: outputs => {
      hub?.publish(outputs);
      grafana.take(outputs);
    },
    log,
  });
  closers.push(() => engine.stop());
  const workers = openWorkers(config, { ...environment, ...neighbours.environment }, log);
  if (workers !== null) closers.push(() => workers.stop());
  const server = await buildServer({
    engine,
    journal,
    hub,
    desk,
    tell: (trouble, fields) => log('warn', trouble, fields),
    neighbours: [...neighbours.checks(journal), ...grafana.checks],
    ...(workers === null ? {} : { workers: workers.all }),
    pageDir: `${config.dataDir}/web`,
    version: '0.1.0',
  });
  // first the sockets, which would keep the server open
  closers.push(async () => [await hub?.close(), await server.close()]);
  closers.push(startHealth({ plant, journal, engine, neighbours: neighbours.checks(journal), log }));
  await listen(server, config);
  const url = addressOf(server);
  // to whoever started us as a part of itself
  process.send?.({ url } satisfies WorkerWord);
  const isReady = await Promise.race([engine.ready().then(() => true), stopAsked.then(() => false)]);
  if (!isReady) return;
  closers.push(startEngineHistory({ engine, journal, hub, ...neighbours, host: hostname(), now: Date.now, log }));
  const told = workers === null ? [] : [`Workers     ${config.workers} processes beside this one`];
  if (hub === null) log('info', 'ready', { url, roles: ROLE_NAMES.filter(role => config.roles[role]).join() });
  else announce({ url, plant, neighbours: [...neighbours.told, ...told], demo: config.plantFile === null });
  const feeds = config.plantFile === null && config.roles.ingest && (config.roles.compute || workers !== null);
  if (feeds) closers.push(startDemoFeed(url, { ...environment, OEE_TOKEN: ownToken }, log));
  await warnOfNobody(config, journal, log);
}

function openWorkers({ workers }: Config, environment: Environment, log: Log): WorkerProcesses | null {
  return workers === 0 ? null : startWorkerProcesses(workers, environment, log);
}

type Told = Omit<HealthPorts, 'isOurs' | 'partitions' | 'lagMs' | 'deadLetters' | 'append' | 'now'> & {
  readonly plant: Plant;
  readonly journal: OpenJournal;
  readonly engine: Engine;
};

/** Without a rule about the engine nobody asks how it is. */
function startHealth({ plant, journal, engine, ...told }: Told): () => Promise<void> {
  const home = journal.partitionOf(healthHome(plant));
  const hasRule = plant.alerts.some(({ units }) => units.length === 0);
  return startHealthTeller({
    isOurs: () => hasRule && engine.keeper?.workers.get(home)?.mode === 'working',
    partitions: engine.partitions,
    lagMs: async partition => (await journal.lag(partition)).oldestMs,
    deadLetters: async partition =>
      (await journal.tally(partition)).counts.reduce((sum, { letters }) => sum + letters, 0),
    append: body => journal.appendInternal(home, 'health', body),
    now: () => performance.now(),
    ...told,
  });
}

function journalOptions(config: Config, url: string, plant: Plant, log: Log): JournalOptions {
  return {
    url,
    prefix: config.prefix,
    partitions: config.partitions,
    horizonMs: plant.settings.horizonMs,
    owner: `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`,
    leaseMs: config.leaseMs,
    steadyNow: () => performance.now(),
    ca: config.redisCaFile === null ? null : readCa(config.redisCaFile),
    replicas: config.redisReplicas,
    log: (level, message, fields) => log(level, message, fields),
  };
}

/** An engine that asks everybody, and knows nobody. */
async function warnOfNobody({ access, roles }: Config, journal: OpenJournal, log: Log): Promise<void> {
  if (!roles.web || access.secret === null || access.oidc !== null) return;
  if ((await journal.access.users()).length > 0) return;
  log('warn', 'nobody can sign in yet', { remedy: 'npm run oee -- users add anna --role admin' });
}

const LISTEN_REMEDIES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Another program listens there: stop it, or set PORT to another port (0: any free one).',
  EACCES: 'Ports below 1024 are for root: set PORT to a higher one.',
};

/** @throws Error with code and remedy */
async function listen(server: FastifyInstance, { host, port }: Config): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const remedy = LISTEN_REMEDIES[code] ?? 'Set HOST to an address of this machine, such as 127.0.0.1 or 0.0.0.0.';
    throw Object.assign(new Error(`cannot listen on ${host}:${port}: ${message}`), { code: 'OEE_SERVE_PORT', remedy });
  }
}

function addressOf(server: FastifyInstance): string {
  const { address, family, port } = server.server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
