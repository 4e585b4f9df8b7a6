// Role process: the real program in some of its roles, one of several on the same Redis, seen only from outside.
// In: settings. Out: its address; questions over HTTP; signals by its own process id.
// Touches child processes, loopback.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { claimPort } from './claimed-port.ts';
import { ownChild } from './own-child.ts';

const ROOT = resolve(fileURLToPath(new URL('../..', import.meta.url)));
/** How long a question is asked again before the test gives up: generous, for machines that do much else. */
const PATIENCE_MS = 45_000;

export interface Ready {
  readonly ready: boolean;
  readonly partitions: { readonly all: number; readonly owned: number; readonly share: number };
  readonly workers?: readonly { readonly pid: number | null; readonly url: string | null }[];
}

export interface RoleProcess {
  readonly url: string;
  readonly pid: number;
  get<T>(path: string): Promise<T>;
  /** Sends events until they are taken. */
  send(events: readonly object[]): Promise<{ accepted: number; duplicates: number; rejected: unknown[] }>;
  /** values of a metric by its labels as they are written */
  metric(name: string): Promise<ReadonlyMap<string, number>>;
  /** resolves when it can do what its roles are */
  ready(): Promise<Ready>;
  signal(name: NodeJS.Signals): void;
  /** SIGKILL, and also a stopped one is gone then */
  kill(): Promise<void>;
  /** exit code, null by a signal */
  readonly gone: Promise<number | null>;
}

export async function until<T>(what: string, ask: () => Promise<T>, good: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  let last: unknown = 'no answer';
  while (Date.now() < deadline) {
    try {
      const answer = await ask();
      if (good(answer)) return answer;
      last = answer;
    } catch (error) {
      last = String(error);
    }
    await wait(25);
  }
  throw new Error(`waited in vain for: ${what}; last: ${JSON.stringify(last)?.slice(0, 2_000)}`);
}

type Settings = Readonly<Record<string, string>>;

/**
 * @param settings of the environment; where they depend on the address, made of it
 * @param words further words of its command line
 */
export async function startRoleProcess(
  settings: Settings | ((url: string) => Promise<Settings>),
  words: readonly string[] = [],
): Promise<RoleProcess> {
  const port = await claimPort();
  const url = `http://127.0.0.1:${port}`;
  const given = typeof settings === 'function' ? await settings(url) : settings;
  const child = ownChild(
    spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', 'serve', ...words], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        OEE_LOG_LEVEL: 'error',
        ...given,
        PORT: String(port),
      },
    }),
  );
  const gone = once(child, 'exit').then(([code]) => code as number | null);
  const get = async <T>(path: string): Promise<T> => (await (await fetch(new URL(path, url))).json()) as T;
  return {
    url,
    pid: child.pid ?? 0,
    get,
    send: async events => {
      const body = events.map(event => JSON.stringify(event)).join('\n');
      const headers = { 'content-type': 'application/x-ndjson' };
      const answer = await until(
        'an answer to events',
        () => fetch(new URL('/v1/events', url), { method: 'POST', headers, body }),
        ({ status }) => status < 500,
      );
      return (await answer.json()) as { accepted: number; duplicates: number; rejected: unknown[] };
    },
    metric: async name => {
      const text = await (await fetch(new URL('/metrics', url))).text();
      const lines = text.split('\n').filter(line => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
      return new Map(
        lines.map(line => [line.slice(name.length, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
      );
    },
    ready: () =>
      until(
        `${url} to be ready`,
        () => get<Ready>('/health/ready'),
        answer => answer.ready,
      ),
    signal: name => void child.kill(name),
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
    gone,
  };
}
