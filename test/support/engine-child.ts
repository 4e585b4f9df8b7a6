// Engine child: the real program as a child process, on a real Redis and InfluxDB, seen only from outside.
// In: plant file, servers. Out: its address; questions over HTTP; kill -9, start again, stop.
// Touches child processes, a temporary folder, loopback.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { claimPort } from './claimed-port.ts';
import { type EngineDoor, engineDoor } from './engine-door.ts';
import { type InfluxChild, startInfluxChild } from './influx-child.ts';
import { ownChild } from './own-child.ts';
import { type RedisChild, startRedisChild } from './redis-child.ts';

const ROOT = resolve(fileURLToPath(new URL('../..', import.meta.url)));
export interface EngineChild extends EngineDoor {
  readonly url: string;
  readonly influx: InfluxChild;
  readonly redis: RedisChild;
  /** kill -9 */
  kill(): Promise<void>;
  /** @param changed settings that differ from those of the first start */
  start(changed?: Settings): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param plant YAML, or the path of a plant file
 * @throws when it ends or does not become ready; nothing that was started for it is left then
 */
export async function startEngineChild(plant: string, more: Settings = {}): Promise<EngineChild> {
  const opened: (() => Promise<unknown>)[] = [];
  try {
    return await openEngineChild(plant, more, opened);
  } catch (error) {
    for (const close of opened.reverse()) await close();
    throw error;
  }
}

/** @param opened how to close what was opened for it, in the order of opening */
async function openEngineChild(
  plant: string,
  more: Settings,
  opened: (() => Promise<unknown>)[],
): Promise<EngineChild> {
  const folder = await mkdtemp(join(tmpdir(), 'oee-engine-'));
  opened.push(() => rm(folder, { recursive: true, force: true }));
  const plantFile = plant.includes('\n') ? join(folder, 'plant.yaml') : resolve(ROOT, plant);
  if (plant.includes('\n')) await writeFile(plantFile, plant);
  const redis = await startRedisChild();
  opened.push(redis.close);
  const influx = await startInfluxChild();
  opened.push(influx.close);
  const port = await claimPort();
  const url = `http://127.0.0.1:${port}`;
  const door = engineDoor(url);
  const settings = {
    PORT: String(port),
    REDIS_URL: redis.url,
    INFLUX_URL: influx.url,
    INFLUX_BUCKET: influx.database,
    OEE_PLANT: plantFile,
    OEE_DATA_DIR: folder,
    OEE_LOG_LEVEL: 'error',
    OEE_TICK_MS: '250',
    OEE_LEASE_MS: '1500',
  };
  const { start, end } = oneAtATime(door, { ...settings, ...more });
  const kill = () => end('SIGKILL');
  opened.push(kill);
  await start();
  return {
    ...door,
    url,
    influx,
    redis,
    kill,
    start,
    close: async () => {
      await end('SIGTERM');
      for (const close of opened.reverse()) await close();
    },
  };
}

interface Runs {
  start(changed?: Settings): Promise<void>;
  end(signal: NodeJS.Signals): Promise<void>;
}
type Settings = Readonly<Record<string, string>>;

/** The program, in one process after the other. */
function oneAtATime(door: EngineDoor, settings: Settings): Runs {
  let child: ChildProcess | null = null;

  const start = async (changed: Settings = {}): Promise<void> => {
    const started = ownChild(
      spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', 'serve'], {
        cwd: ROOT,
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, ...settings, ...changed },
      }),
    );
    child = started;
    // one that is killed may be started again meanwhile
    const hasFailed = (): boolean => (started.exitCode ?? 0) > 0;
    const ask = async () => hasFailed() || (await door.get<{ ready: boolean }>('/health/ready')).ready;
    await door.until('ready', ask, answer => answer);
    if (hasFailed()) throw new Error(`the engine ended with ${started.exitCode}`);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  };
  return { start, end };
}
