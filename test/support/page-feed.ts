// Page feed: the page with a made-up plant behind it: real HTTP, the real live hub, outputs out of a seed.
// In: an instant to begin with. Out: an address; with `npx tsx test/support/page-feed.ts` a plant to look at that moves.
// Touches: a loopback port, the built page in .oee/web.

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Interval, Output } from '../../src/core/result.ts';
import { intervalToWire, resultToWire } from '../../src/core/result-to-wire.ts';
import { createLiveHub, type LiveHub } from '../../src/sinks/live/live-hub.ts';
import { madeUpDay, madeUpHours, madeUpNow, shiftStartOf } from './made-up-day.ts';
import { madeUpTroubles, type PageAlerts, pageAlerts } from './page-alerts.ts';
import { PAGE_LINES, pagePlant } from './page-plant.ts';

const BUILT = fileURLToPath(new URL('../../.oee/web/', import.meta.url));

interface Made {
  readonly days: ReadonlyMap<string, readonly Interval[]>;
  readonly begin: number;
  /** folder of the built page */
  readonly built: string;
}

const KINDS: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const HOUR = 3_600_000;
/** the made-up day begins so long before the page is opened that the machines are doing many different things just then */
const BEFORE_MS = 12 * HOUR + 1_200_000;

export interface PageFeed {
  readonly url: string;
  readonly hub: LiveHub;
  readonly days: Map<string, Interval[]>;
  readonly alerts: PageAlerts;
  /** publishes all that is true at `now` */
  tell(now: number): Output[];
  /** cuts every live connection and refuses new ones until `reopen` */
  cut(): void;
  reopen(): void;
  close(): Promise<void>;
}

function newHub(): LiveHub {
  return createLiveHub({
    epoch: String(process.hrtime.bigint()),
    ringMax: 5_000,
    clientsMax: 20,
    bufferedMaxBytes: 1_000_000,
    slowMs: 30_000,
    heartbeatMs: 15_000,
    placeOf: () => ({}),
    now: Date.now,
    setTimer: (run, afterMs) => {
      const timer = setTimeout(run, afterMs);
      return () => clearTimeout(timer);
    },
  });
}

export async function openPageFeed(begin: number, built = BUILT, port = 0): Promise<PageFeed> {
  const hub = newHub();
  const days = new Map(PAGE_LINES.flatMap(l => l.machines.map(m => [m.id, madeUpDay(m.id, begin - BEFORE_MS, 20)])));
  const alerts = pageAlerts(hub);
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/v1/alerts') === true) void alerts.answer(request, response);
    else void answer(request, response, { days, begin, built });
  });
  const sockets = new Set<import('node:net').Socket>();
  let isCut = false;
  server.on('connection', socket => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    if (isCut) socket.destroy();
  });
  hub.attach(server);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  function tell(now: number): Output[] {
    const outputs = madeUpNow(days, now);
    for (const day of days.values()) {
      const open = day.find(s => s.from <= now && now < s.to);
      if (open !== undefined) outputs.push({ ...open, to: now, open: true });
      const ended = day.findLast(s => s.to <= now);
      if (ended !== undefined && ended.to > now - 2_000) outputs.push(ended);
    }
    hub.publish(outputs);
    return outputs;
  }
  function cut(): void {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    hub,
    days,
    alerts,
    tell,
    cut,
    reopen: () => {
      isCut = false;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await hub.close();
      server.close();
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, { days, begin, built }: Made): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://page');
  const [from, to] = ['from', 'to'].map(name => Date.parse(url.searchParams.get(name) ?? '')) as [number, number];
  const say = (value: unknown): void => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
  };
  const timeline = /^\/v1\/units\/([^/]+)\/timeline$/.exec(url.pathname)?.[1];
  if (url.pathname === '/v1/session') return say({ isAsked: false, user: null, may: [], mark: null, oidc: null });
  if (url.pathname === '/v1/plant') return say(pagePlant(shiftStartOf(begin), Date.now()));
  if (url.pathname === '/v1/oee') {
    return say({ results: madeUpHours(url.searchParams.get('unit') ?? '', days, from, to).map(resultToWire) });
  }
  // what made a figure is for walks with the real engine
  if (url.pathname.endsWith('/explain')) return say({ machines: [] });
  if (timeline !== undefined) {
    const intervals = (days.get(timeline) ?? []).filter(s => s.to > from && s.from < to);
    const seen = intervals.map(s => (s.to > to ? { ...s, to, open: true } : s));
    return say({ unit: timeline, intervals: seen.map(intervalToWire) });
  }
  try {
    const name = url.pathname === '/' ? 'index.html' : url.pathname.slice(1);
    const body = await readFile(join(built, name));
    response.setHeader('content-type', KINDS[extname(name)] ?? 'application/octet-stream').end(body);
  } catch {
    response.writeHead(404).end();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const feed = await openPageFeed(Date.now(), BUILT, Number(process.env.PORT ?? 0));
  console.log(feed.url);
  feed.tell(Date.now());
  for (const alert of madeUpTroubles(Date.now())) feed.alerts.say(alert);
  setInterval(() => feed.tell(Date.now()), 1_000);
}
