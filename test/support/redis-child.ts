// Redis child: a real redis-server for one test file, with its own folder and port.
// In: settings. Out: its URL, redis-cli's view of it, kill and start again on the same data, close() that leaves nothing behind.
// Touches: a child process, a temporary folder, loopback sockets.

import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

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

/** Below those that systems give to whoever calls somebody: a port that is found free stays so until it is listened on. */
const [PORT_MIN, PORT_MAX] = [12_000, 32_000];

export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORT_MIN, PORT_MAX);
    const server = createServer().listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch {
      continue;
    }
    server.close();
    await once(server, 'close');
    return port;
  }
}

/** @param settings further words of its command line, such as '--maxmemory', '16mb' */
export async function startRedisChild(...settings: readonly string[]): Promise<RedisChild> {
  const dir = await mkdtemp(join(tmpdir(), 'oee-redis-'));
  const port = await freePort();
  let child: ChildProcess | null = null;
  const outsider = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => 20 });
  outsider.on('error', () => undefined);

  const start = async (): Promise<void> => {
    const own = ['--bind', '127.0.0.1', '--port', `${port}`, '--dir', dir, '--save', ''];
    child = spawn('redis-server', [...own, '--appendonly', 'yes', '--appendfsync', 'everysec', ...settings], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
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
  await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    command: (name, ...args) => outsider.call(`${name}`, args),
    kill,
    start,
    freeze: () => child?.kill('SIGSTOP'),
    thaw: () => child?.kill('SIGCONT'),
    close: async () => {
      outsider.disconnect();
      await kill();
      await rm(dir, { recursive: true, force: true });
    },
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
