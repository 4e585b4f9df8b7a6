// Client package: the client as its users have it: packed, installed, in plain Node, in TypeScript, in a browser, against the real engine.
// In: the real program on a real Redis; folders as users have them. Out: figures that agree with the engine's own answers.
// Touches child processes, a browser, loopback, temporary folders.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { type OeeClient, OeeError, openClient } from '../../src/client/oee-client.ts';
import { ENGINE_FIELDS, PROCESS_FIELDS } from '../../src/sinks/influx/history-fields.ts';
import { NO_BROWSER, openChromium } from '../support/chromium-window.ts';
import { documentCheck } from '../support/document-check.ts';
import { type EngineChild, startEngineChild } from '../support/engine-child.ts';
import { listenLive } from '../support/live-listener.ts';
import { compileTyped, ROOT, userPage, userProject } from '../support/user-projects.ts';

const PLANT = `plant: Two machines
products: { piece: {} }
calendars: { always: { zone: UTC, shifts: { all: { start: "00:00", end: "00:00" } }, weekly: { mon-sun: [all] } } }
defaults: { silence: off, vocabulary: canonical, calendar: always, product: piece, cycles: { piece: 10ms } }
sites: [{ id: works, zone: UTC, areas: [{ id: hall, lines: [{ id: line-1, kind: parallel, machines: [{ id: m1 }, { id: m2 }] }] }] }]
alerts: [{ id: stands, text: It stands, when: { stop: longer than 10s }, on: { machines: all } }]
`;
/** Facts of the last minute: a source that sends older ones is waited for, as it may have more of them. */
let begin: number;
const at = (second: number): number => begin + second * 1_000;

let folder: string;
let engine: EngineChild;
let client: OeeClient;
const children: ChildProcess[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oee-client-'));
  const dataDir = join(folder, 'data');
  await userPage(folder, dataDir);
  engine = await startEngineChild(PLANT, { OEE_DATA_DIR: dataDir, OEE_PARTITIONS: '4' });
  client = openClient({ url: engine.url });
});
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await engine?.close();
  await rm(folder, { recursive: true, force: true });
});

test('what was sent counts once though its answer is lost, and what was refused says why, at its place', async () => {
  begin = Date.now() - 45_000;
  let lost = 0;
  const clumsy = openClient({
    url: engine.url,
    fetch: async (input, init) => {
      const answer = await fetch(input, init);
      if (lost > 0) return answer;
      lost += 1;
      throw new TypeError('the answer was lost');
    },
  });
  const events = [
    { type: 'state', machine: 'm1', at: at(0), state: 'producing' },
    { type: 'state', machine: 'm2', at: at(0), state: 'producing' },
    ...Array.from({ length: 1_200 }, (_, n) => ({ type: 'count', machine: 'm1', at: at(2) + n, good: 2 }) as const),
    { type: 'count', machine: 'nobody', at: at(1), good: 1 },
    { type: 'count', machine: 'm2', at: at(1), good: 5, reject: 45 },
    { type: 'state', machine: 'm2', at: at(20), state: 'breakdown' },
  ] as const;
  const receipt = await clumsy.send(events);
  assert.equal(lost, 1);
  assert.deepEqual(
    { ...receipt, rejected: receipt.rejected.map(({ index, code }) => ({ index, code })) },
    {
      sent: events.length,
      accepted: events.length - 1_001,
      duplicates: 1_000,
      rejected: [{ index: 1_202, code: 'OEE_EVENT_UNKNOWN_MACHINE' }],
    },
  );
  const ask = () => client.oee({ unit: 'm1', from: begin, to: Date.now() });
  const [span] = await engine.until('all pieces', ask, ([result]) => (result?.tally.good ?? 0) >= 2_400);
  assert.equal(span?.tally.good, 2_400);
});

test('questions give the engine’s own answers; a refusal carries its code and remedy; who is away is said to be', async () => {
  const from = at(0);
  const to = at(20);
  assert.deepEqual(
    await client.plant().then(plant => plant.sites[0]?.areas[0]?.lines[0]?.machines.map(({ id }) => id)),
    ['m1', 'm2'],
  );
  assert.deepEqual(await client.timeline({ unit: 'm1', from, to }), await engine.timeline('m1', from, to));
  assert.deepEqual(
    await client.losses({ unit: 'm1', from, to }),
    await engine.get(`/v1/units/m1/losses?from=${from}&to=${to}`),
  );
  const [shift] = await client.reports({ unit: 'm2' });
  assert.ok(shift !== undefined);
  const report = await client.report('m2', shift.window.start);
  assert.equal(report.result.tally.reject, 45);
  const raised = () => client.alerts({ status: 'active', unit: 'm2' });
  const [alert] = await engine.until('an alert', raised, alerts => alerts.length === 1);
  await client.acknowledge(alert?.id ?? '', { by: 'Anna' });
  await engine.until('acknowledged', raised, ([told]) => told?.acknowledged?.by === 'Anna');
  const refused = await client.oee({ unit: 'nobody', window: 'shift' }).catch((error: unknown) => error);
  assert.ok(refused instanceof OeeError && refused.status === 404 && refused.remedy.length > 0, String(refused));
  assert.equal(refused.code, 'OEE_QUERY_UNKNOWN_UNIT');
  const away = openClient({ url: 'http://127.0.0.1:1', patienceMs: 0 });
  await assert.rejects(away.plant(), { code: 'OEE_CLIENT_AWAY', status: 0 });
});

test('a feed outlives the engine’s death, and its book is what the engine says then', async () => {
  const modes: string[] = [];
  const kinds = new Set<string>();
  const feed = client.live({ windows: ['shift', 'day'] });
  const read = (async () => {
    for await (const word of feed) {
      kinds.add(word.op);
      if (word.op === 'link') modes.push(word.link.mode);
      if (modes.at(-1) === 'live' && modes.includes('lost')) return;
    }
  })();
  await feed.ready();
  await engine.kill();
  await engine.start();
  await read;
  assert.ok(kinds.has('snapshot') && kinds.has('gap'), [...kinds].join());
  // whoever stops reading has hung up; callbacks and book need no reader
  assert.ok(modes.includes('lost') && modes.at(-1) === 'live', modes.join());
  const again = await client.live({ windows: ['shift'] }).ready();
  const listener = await listenLive(`${engine.url.replace('http', 'ws')}/v1/live`);
  for (const message of [{ op: 'subscribe', units: '*' }, { op: 'ping' }, { op: 'sing' }]) listener.say(message);
  await client.send({ type: 'count', machine: 'm1', at: at(2), good: 600 });
  const told = () => Promise.resolve(again.book.result('m1', 'shift'));
  const result = await engine.until('the new pieces', told, shift => shift?.tally.good === 3_000);
  const [asked] = await client.oee({ unit: 'm1', window: 'shift' });
  assert.equal(asked?.revision, result?.revision);
  assert.equal(asked?.tally.good, result?.tally.good);
  again.close();
  await listener.hears(frame => frame.op === 'result' && frame.result?.unit === 'm1');
  const check = documentCheck(await engine.get('/asyncapi.json'));
  for (const frame of listener.frames) assert.deepEqual(check(`server.${frame.op}`, frame), []);
  const heard = new Set(listener.frames.map(frame => frame.op));
  for (const op of ['snapshot', 'pong', 'error', 'result']) assert.ok(heard.has(op), `${op} of ${[...heard].join()}`);
  listener.socket.terminate();
  const history = async () => [
    await engine.influx.rows('SELECT * FROM "engine"'),
    await engine.influx.rows('SELECT * FROM "engine_process"'),
  ];
  const written = await engine.until('the engine’s own history', history, all => all.every(rows => rows.length > 0));
  for (const [place, fields] of [ENGINE_FIELDS, PROCESS_FIELDS].entries()) {
    for (const field of fields) assert.ok((written[place]?.[0]?.[field] ?? null) !== null, `${field} is written`);
  }
  const open = await engine.get<{ webhooks: object; components: { schemas: object } }>('/openapi.json');
  assert.ok('report.shift' in open.webhooks && 'Result' in open.components.schemas);
});

test('packed and installed it serves plain Node and typed programs, and the script of the README tells a chat', async t => {
  const project = await userProject(folder);
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const [, script = ''] = /```js\n(\/\/ worst\.mjs\n[\s\S]*?)```/.exec(readme) ?? [];
  await writeFile(join(project, 'worst.mjs'), script);
  await compileTyped(project);
  const chat = createServer((request, response) => {
    request.on('data', text => heard(JSON.parse(String(text)).text));
    response.end();
  });
  let heard: (text: string) => void = () => undefined;
  const posted = new Promise<string>(resolve => {
    heard = resolve;
  });
  t.after(() => {
    chat.closeAllConnections();
    chat.close();
  });
  chat.listen(0, '127.0.0.1');
  await once(chat, 'listening');
  const env = {
    ...process.env,
    OEE_URL: engine.url,
    CHAT_URL: `http://127.0.0.1:${(chat.address() as AddressInfo).port}`,
  };
  const child = spawn(process.execPath, ['worst.mjs'], { cwd: project, env, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = await once(createInterface(child.stdout), 'line');
  assert.match(String(line), /^m2: OEE 0\.\d %, (microStop|breakdown) since \d{4}-/);
  assert.equal(await posted, line);
});

test('a page that Vite made of the sources asks, sends and hears', async t => {
  const browser = await openChromium();
  if (browser === null) return t.skip(NO_BROWSER);
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on(
      'console',
      message => message.type() === 'error' && complaints.push(`${message.text()} ${message.location().url}`),
    );
    page.on('pageerror', error => complaints.push(String(error)));
    await page.goto(engine.url);
    const text = await page.locator('#told', { hasText: '}' }).textContent();
    assert.deepEqual(JSON.parse(text ?? ''), { live: 3_000, asked: 3_000, state: 'producing' });
    assert.deepEqual(
      complaints.filter(each => !each.includes('favicon')),
      [],
    );
  } finally {
    await browser.close();
  }
});
