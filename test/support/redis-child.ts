// Redis child: a real redis-server for one test file, with its own folder and port.
// In: settings. Out: its URL, redis-cli's view of it, kill and start again on the same data, close() that leaves nothing behind.
// Touches: a child process, a temporary folder, loopback sockets.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { claimPort } from './claimed-port.ts';
import { ownChild } from './own-child.ts';

export interface RedisChild {
  readonly port: number;
  readonly url: string;
  /** Looks at, or meddles with, the server as an outsider would. */
  command(...args: (string | number)[]): Promise<unknown>;
  /** kill -9, as a power cut would; resolves when it is gone */
  kill(): Promise<void>;
  /** the same data and port again */
  start(): Promise<void>;
  /** SIGSTOP and SIGCONT */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

/**
 * @param settings further words of its command line, such as '--maxmemory', '16mb'
 * @throws with its own words when it does not start; nothing of it is left then
 */
export async function startRedisChild(...settings: readonly string[]): Promise<RedisChild> {
  const dir = await mkdtemp(join(tmpdir(), 'oee-redis-'));
  const port = await claimPort();
  let child: ChildProcess | null = null;
  const outsider = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => 20 });
  outsider.on('error', () => undefined);

  const start = async (): Promise<void> => {
    const own = ['--bind', '127.0.0.1', '--port', `${port}`, '--dir', dir, '--save', ''];
    const words = [...own, '--appendonly', 'yes', '--appendfsync', 'everysec', ...settings];
    child = ownChild(spawn('redis-server', words, { stdio: ['ignore', 'pipe', 'inherit'] }));
    await ready(child);
  };
  const kill = async (): Promise<void> => {
    if (child === null) return;
    // One that ended by itself is gone already.
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
    child = null;
  };
  const close = async (): Promise<void> => {
    outsider.disconnect();
    await kill();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    command: (name, ...args) => outsider.call(`${name}`, args),
    kill,
    start,
    freeze: () => child?.kill('SIGSTOP'),
    thaw: () => child?.kill('SIGCONT'),
    close,
  };
}

/** Its own log says when it takes connections. */
async function ready(child: ChildProcess): Promise<void> {
  let said = '';
  for await (const chunk of child.stdout ?? []) {
    said += chunk;
    if (said.includes('Ready to accept connections')) {
      child.stdout?.resume();
      return;
    }
  }
  throw new Error(`redis-server ended: ${said}`);
}
