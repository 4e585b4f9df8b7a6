// Start and stop: one command gives a plant that moves and can be asked; when it ends, however it ends, nothing of it is left.
// In: `npm start` in a folder of its own. Out: its words, doors, figures; processes gone; faults told with exit code 2.
// Touches the real program and everything that it starts.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import Ajv2020 from 'ajv/dist/2020.js';
import { queryInflux } from '../support/influx-child.ts';
import { listenLive } from '../support/live-listener.ts';
import { allGone, type ProgramChild, processesBelow, processesNaming, startProgram } from '../support/program-child.ts';

const START = ['src/start.mjs', 'serve'];
const MAIN = ['--import', 'tsx', 'src/main.ts'];
/** As if nobody had set anything. */
const UNSET = { REDIS_URL: '', INFLUX_URL: '', OEE_PLANT: '', HOST: '', OEE_LIVE_TOKEN: '', OEE_LOG_LEVEL: 'warn' };

let folder = '';
let program: ProgramChild;
let url = '';

const start = (more: Readonly<Record<string, string>> = {}): ProgramChild =>
  startProgram(START, { ...UNSET, PORT: '0', OEE_DATA_DIR: join(folder, 'data'), ...more });

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oee-start-'));
  program = start();
  url = await program.announced();
});
after(async () => {
  program.signal('SIGKILL');
  await program.ended();
  await allGone(processesNaming(folder));
  await rm(folder, { recursive: true, force: true });
});

async function get<T>(path: string): Promise<T> {
  const answer = await fetch(url + path);
  assert.equal(answer.status, 200, `${path}: ${answer.status}`);
  return (await answer.json()) as T;
}

async function until<T>(what: string, ask: () => Promise<T>, good: (answer: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 400; tries += 1) {
    const answer = await ask();
    if (good(answer)) return answer;
    await wait(50);
  }
  throw new Error(`waited in vain for ${what}`);
}

const accepted = async (): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text.split('\n').filter(line => line.startsWith('oee_journal_accepted_total{'));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
};

interface PlantAnswer {
  readonly sites: readonly {
    readonly id: string;
    readonly areas: readonly {
      readonly lines: readonly { readonly id: string; readonly machines: { id: string }[] }[];
    }[];
  }[];
}

test('it says what runs, whose it is, and where to look; the page is there', async () => {
  const said = program.said();
  for (const words of ['machines', 'Redis       redis://127.0.0.1:', 'InfluxDB    http://127.0.0.1:', 'started here']) {
    assert.ok(said.includes(words), `${words}: ${said}`);
  }
  for (const words of [
    '/v1/events',
    '/v1/oee?unit=',
    'ws://127.0.0.1:',
    '/openapi.json',
    '/health/ready',
    'simulated',
  ]) {
    assert.ok(said.includes(words), `${words}: ${said}`);
  }
  const page = await fetch(`${url}/`);
  const html = await page.text();
  assert.deepEqual([page.status, /text\/html/.test(page.headers.get('content-type') ?? '')], [200, true]);
  const script = /<script[^>]+src="([^"]+)"/.exec(html)?.[1] ?? '';
  assert.equal((await fetch(new URL(script, `${url}/`))).status, 200, 'and its script');
  const { ready } = await get<{ ready: boolean }>('/health/ready');
  assert.equal(ready, true);
});

test('the demo plant moves: a snapshot, then results over the WebSocket; every unit can be asked', async t => {
  const listener = await listenLive(`${url.replace('http', 'ws')}/v1/live`);
  t.after(() => listener.socket.terminate());
  listener.say({ op: 'subscribe', units: '*', windows: ['last5m', 'shift'] });
  await listener.hears(({ op }) => op === 'snapshot');
  const first = await listener.hears(({ op }) => op === 'result');
  await listener.hears(({ op, offset }) => op === 'result' && (offset ?? 0) > (first.offset ?? 0));
  const { sites } = await get<PlantAnswer>('/v1/plant');
  const lines = sites.flatMap(site => site.areas.flatMap(area => area.lines));
  assert.ok(lines.length >= 3, 'three lines');
  const to = Date.now();
  const span = `from=${to - 6 * 3_600_000}&to=${to}`;
  for (const { id, machines } of lines) {
    const { results } = await until(
      `results of ${id}`,
      () => get<{ results: { tally: { calendarMs: number; total: number } }[] }>(`/v1/oee?unit=${id}&${span}`),
      ({ results: [result] }) => (result?.tally.total ?? 0) > 0,
    );
    assert.equal(results.length, 1);
    const losses = await get<Record<string, unknown>>(`/v1/units/${id}/losses?${span}`);
    assert.equal(losses.unit, id);
    const machine = machines[0]?.id ?? '';
    await until(
      `a timeline of ${machine}`,
      () => get<{ intervals: object[] }>(`/v1/units/${machine}/timeline?${span}`),
      ({ intervals }) => intervals.length > 0,
    );
  }
});

test('what it told is in its InfluxDB', async () => {
  const influx = /InfluxDB +(http:\S+)/.exec(program.said())?.[1] ?? '';
  await until(
    'rows',
    () => queryInflux(influx, 'oee', 'SELECT count("total") FROM oee'),
    ([row]) => Number(row?.count) > 100,
  );
});

interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}
interface Operation {
  readonly summary?: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses: Readonly<Record<string, { readonly description?: string }>>;
}

test('the OpenAPI document is a sound one of version 3.1, and its schema takes the events that the door takes', async () => {
  const document = await get<Document>('/openapi.json');
  assert.match(document.openapi, /^3\.1\./);
  assert.ok(document.info.title && document.info.version);
  for (const path of ['/v1/events', '/v1/oee', '/v1/plant', '/v1/units/{unit}/timeline', '/v1/units/{unit}/losses']) {
    assert.ok(document.paths[path], path);
  }
  const ajv = new Ajv2020.default({ strict: false });
  for (const [path, operations] of Object.entries(document.paths)) {
    const placed = [...path.matchAll(/\{(\w+)\}/g)].map(match => match[1]);
    for (const [method, operation] of Object.entries(operations)) {
      const where = `${method} ${path}`;
      assert.match(method, /^(get|post|put|delete|patch)$/, where);
      assert.ok(operation.summary, `${where} has a summary`);
      assert.ok(Object.keys(operation.responses).length > 0, `${where} says what it answers`);
      for (const { description } of Object.values(operation.responses))
        assert.equal(typeof description, 'string', where);
      const named = (operation.parameters ?? []).filter(each => each.in === 'path').map(each => each.name);
      assert.deepEqual(named.sort(), placed.sort(), `${where} describes its path`);
      for (const { schema } of operation.parameters ?? []) assert.ok(ajv.compile(schema), where);
    }
  }
  const schema = document.paths['/v1/events']?.post?.requestBody?.content['application/json']?.schema ?? {};
  const takes = ajv.compile(schema);
  const event = { id: 'e', machine: 'filler', at: '2026-11-22T06:00:00.000Z', type: 'count', good: 3 };
  assert.equal(takes(event) && takes([event]), true, JSON.stringify(takes.errors));
  assert.equal(takes({ ...event, good: -3 }), false);
});

test('a port that is taken is told plainly, with exit code 2 and nothing left running', async t => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  t.after(() => taken.close());
  const { port } = taken.address() as { port: number };
  const other = join(folder, 'other');
  const second = startProgram([...MAIN, 'serve'], { ...UNSET, PORT: String(port), OEE_DATA_DIR: other });
  assert.equal(await second.ended(), 2, second.said());
  assert.match(second.said(), new RegExp(`OEE_\\w+: .*${port}.*\\n.*PORT`));
  assert.deepEqual(processesNaming(other), []);
});

test('a second program on the same data is refused, and the first one is not harmed', async () => {
  const second = start();
  assert.equal(await second.ended(), 2, second.said());
  assert.match(second.said(), /OEE_DEMO_DATA_IN_USE.*\n.*OEE_DATA_DIR/);
  const { ready } = await get<{ ready: boolean }>('/health/ready');
  assert.equal(ready, true);
});

test('killed without a word, nothing of it stays; the next start finds its data; SIGINT and SIGTERM leave nothing', async t => {
  const held = await accepted();
  const family = processesBelow(program.pid);
  for (const name of ['redis-server', 'influxd', 'simulate']) {
    assert.ok(
      family.some(({ command }) => command.includes(name)),
      `${name} runs below it`,
    );
  }
  program.signal('SIGKILL');
  assert.equal(await program.ended(), 'SIGKILL');
  await allGone(family);
  assert.deepEqual(processesNaming(folder), [], 'no orphan');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const from = performance.now();
    program = start();
    url = await program.announced();
    t.diagnostic(`a later start took ${Math.round(performance.now() - from)} ms`);
    assert.ok((await accepted()) >= held, 'the journal is there');
    const below = processesBelow(program.pid);
    assert.ok(below.length >= 3);
    program.signal(signal);
    assert.equal(await program.ended(), 0, program.said());
    await allGone(below);
    assert.deepEqual(processesNaming(folder), [], `no orphan after ${signal}`);
  }
});
