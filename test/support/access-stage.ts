// Access stage: the real program with sign-in on, its users and tokens made by its own commands, and people with cookies.
// In: settings. Out: the process, the commands, clients that carry a token or a session.
// Touches child processes, loopback, a temporary folder.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AccessBookCommand, commandBook } from '../../src/access/book-command.ts';
import { openAccessBookAlone } from '../../src/journal/access-book.ts';
import { ownChild } from './own-child.ts';
import { small } from './plant-text.ts';
import { type RedisChild, startRedisChild } from './redis-child.ts';
import { type RoleProcess, startRoleProcess } from './role-process.ts';

const ROOT = resolve(fileURLToPath(new URL('../..', import.meta.url)));
export const SECRET = 'a secret of the tests, long enough for it';
export const PASSWORD = 'correct horse battery';

export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}
export interface AskOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface AccessStage {
  readonly redis: RedisChild;
  readonly engine: RoleProcess;
  /** another process on the same journal */
  start(more?: Readonly<Record<string, string>>): Promise<RoleProcess>;
  /** `npm run oee -- …` as a program. @returns exit code and words */
  program(words: readonly string[], input?: string): Promise<{ readonly code: number | null; readonly said: string }>;
  /** the same within this process @throws what the program would print */
  command(
    book: AccessBookCommand['book'],
    deed: string,
    more?: Partial<AccessBookCommand>,
    password?: string,
  ): Promise<string>;
  addUser(name: string, role: string, fullName?: string): Promise<void>;
  addToken(name: string, role: string): Promise<string>;
  close(): Promise<void>;
}

type More = Readonly<Record<string, string>>;

export async function accessStage(more: (url: string) => More | Promise<More>): Promise<AccessStage> {
  const folder = await mkdtemp(join(tmpdir(), 'oee-access-'));
  const plant = join(folder, 'plant.yaml');
  await writeFile(plant, small());
  await mkdir(join(folder, 'web'));
  await writeFile(join(folder, 'web', 'index.html'), '<!doctype html><title>OEE</title>');
  const redis = await startRedisChild();
  const settings = {
    REDIS_URL: redis.url,
    INFLUX_URL: 'none',
    OEE_PLANT: plant,
    OEE_PARTITIONS: '2',
    OEE_DATA_DIR: folder,
    OEE_SECRET: SECRET,
  };
  const started: RoleProcess[] = [];
  const start = async (changed: Readonly<Record<string, string>> = {}): Promise<RoleProcess> => {
    const engine = await startRoleProcess(async url => ({ ...settings, ...(await more(url)), ...changed }));
    started.push(engine);
    await engine.ready();
    return engine;
  };
  const { book, close: closeBook } = openAccessBookAlone({ url: redis.url, prefix: 'oee' });
  const command: AccessStage['command'] = (of, deed, changed = {}, password = PASSWORD) =>
    commandBook(
      { book: of, deed, name: null, role: null, fullName: null, count: 50, json: false, ...changed },
      { book, now: Date.now, random: randomBytes, who: 'tester', password: async () => password },
    );
  const close = async (): Promise<void> => {
    closeBook();
    await Promise.all(started.map(each => each.kill()));
    await redis.close();
    await rm(folder, { recursive: true, force: true });
  };
  const engine = await start().catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    redis,
    engine,
    start,
    program: (words, input = '') => runProgram(words, input, settings),
    command,
    addUser: async (name, role, fullName) =>
      void (await command('users', 'add', { name, role, fullName: fullName ?? null })),
    addToken: (name, role) => command('tokens', 'add', { name, role }),
    close,
  };
}

async function runProgram(words: readonly string[], input: string, settings: More): ReturnType<AccessStage['program']> {
  const child = ownChild(
    spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', ...words], {
      cwd: ROOT,
      env: { ...process.env, ...settings },
    }),
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text: Buffer) => {
      said += text.toString();
    });
  }
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said: said.trim() };
}

/** Asks once, follows no redirect. */
export async function ask<T = Record<string, unknown>>(
  url: string,
  question: string,
  { body, headers = {} }: AskOptions = {},
): Promise<Answer<T>> {
  const [method = 'GET', path = '/'] = question.split(' ');
  const json = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  const answer = await fetch(new URL(path, url), {
    method,
    redirect: 'manual',
    headers: { ...type, ...headers },
    ...json,
  });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
  return { status: answer.status, headers: answer.headers, body: (isJson ? JSON.parse(text) : { text }) as T };
}

export const bearer = (token: string): AskOptions => ({ headers: { authorization: `Bearer ${token}` } });

export interface Who {
  readonly isAsked: boolean;
  readonly user: { readonly id: string; readonly name: string; readonly role: string } | null;
  readonly may: readonly string[];
  readonly mark: string | null;
}

/** Somebody at a browser: the cookie comes by itself, the mark is what the page adds. */
export interface Person {
  readonly cookie: string;
  readonly mark: string;
  ask<T = Record<string, unknown>>(question: string, options?: AskOptions): Promise<Answer<T>>;
}

export async function signIn(url: string, name: string, password = PASSWORD): Promise<Person> {
  const answer = await ask<Who>(url, 'POST /v1/session', { body: { name, password } });
  if (answer.status !== 200) throw new Error(`${name}: ${answer.status} ${JSON.stringify(answer.body)}`);
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const mark = answer.body.mark ?? '';
  return {
    cookie,
    mark,
    ask: (question, { headers, ...options } = {}) =>
      ask(url, question, { ...options, headers: { cookie, 'x-oee-mark': mark, ...headers } }),
  };
}
