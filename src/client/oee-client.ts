// OEE client: the engine for programs: questions, events, live results, typed, in browsers and Node, without dependencies.
// In: the engine's address, a token. Out: a client.
// Touches: HTTP, WebSocket, and the clock and chance of the program that uses it.

import type { WireAlert } from '../core/alert-to-wire.ts';
import type { Waterfall } from '../core/losses.ts';
import type { WireInterval, WireResult } from '../core/result-to-wire.ts';
import type { SentEvent } from '../core/sent-event.ts';
import type { WireConfirmation, WireReport } from '../core/shift-report-to-wire.ts';
import type { WirePlant } from '../core/wire-plant.ts';
import { type EventReceipt, sendEvents, type UnnamedEvent } from './event-sender.ts';
import { type HttpDoor, httpDoor } from './http-door.ts';
import { type FeedWord, LiveFeed } from './live-feed.ts';
import { LiveLink } from './live-link.ts';
import { type SocketClass, socketMaker } from './socket-maker.ts';

export type { WireAlert } from '../core/alert-to-wire.ts';
export type { WireInterval, WireResult, WireState, WireTally } from '../core/result-to-wire.ts';
export type { SentEvent } from '../core/sent-event.ts';
export type { WireConfirmation, WireReport } from '../core/shift-report-to-wire.ts';
export type * from '../core/wire-plant.ts';
export type { EventReceipt, UnnamedEvent } from './event-sender.ts';
export { OeeError } from './http-door.ts';
export type { LiveBook } from './live-book.ts';
export type { FeedWord, LiveFeed } from './live-feed.ts';
export type { Link, LiveWord } from './live-link.ts';

export interface ClientOptions {
  /** where the engine is: http://host:8080, or with a path behind a proxy; left out in a page: where the page came from */
  readonly url?: string | URL;
  /** shown as `Authorization: Bearer`, and as the first message of a socket */
  readonly token?: string | undefined;
  /** how long a question or a delivery is tried again while the engine is away or busy, milliseconds; left out: a minute */
  readonly patienceMs?: number;
  readonly fetch?: typeof fetch;
  /** left out: the platform's, or that of package ws */
  readonly WebSocket?: SocketClass;
}

/** ISO 8601 with an offset, epoch milliseconds, or a Date. */
export type Instant = string | number | Date;
export interface TimeSpan {
  readonly from?: Instant;
  readonly to?: Instant;
}
export interface Signalled {
  readonly signal?: AbortSignal;
}
export interface LiveOptions extends Signalled {
  /** with all that concerns them; left out: all */
  readonly units?: readonly string[];
  /** shift, hour, last5m …; left out: all */
  readonly windows?: readonly string[];
  /** hears every word at once; whoever reads with `for await` needs it not */
  readonly onWord?: (word: FeedWord) => void;
}
export interface Said {
  /** left out: whoever is signed in */
  readonly by?: string;
  readonly why?: string;
}

export interface OeeClient {
  plant(options?: Signalled): Promise<WirePlant>;
  /** Results of a unit: of every window of the kind in the span; without a span the current one; without a kind one for exactly the span. */
  oee(question: { unit: string; window?: string } & TimeSpan & Signalled): Promise<readonly WireResult[]>;
  timeline(question: { unit: string; from: Instant; to?: Instant } & Signalled): Promise<readonly WireInterval[]>;
  losses(question: { unit: string; from: Instant; to: Instant } & Signalled): Promise<Waterfall>;
  alerts(question?: AlertQuestion): Promise<readonly WireAlert[]>;
  acknowledge(alert: string, said?: Said): Promise<void>;
  /** The shifts of a unit; without a span those of the last seven days. */
  reports(question: { unit: string } & TimeSpan & Signalled): Promise<readonly WireResult[]>;
  /** @param shift its start */
  report(unit: string, shift: Instant): Promise<WireReport & { readonly confirmations: readonly WireConfirmation[] }>;
  /**
   * Events and corrections, in order. Resolves when the journal holds what was accepted; tried again under the same ids while
   * the engine is away, so that nothing counts twice. What was refused stands in `rejected`, each with its reason.
   */
  send(events: UnnamedEvent | readonly UnnamedEvent[], options?: Signalled): Promise<EventReceipt>;
  /** Subscribes; comes back by itself where it left. Ends with `close()`, with its signal, or when its reader stops reading. */
  live(options?: LiveOptions): LiveFeed;
}

export interface AlertQuestion extends TimeSpan, Signalled {
  readonly status?: WireAlert['status'];
  readonly unit?: string;
  readonly rule?: string;
  readonly severity?: WireAlert['severity'];
  readonly limit?: number;
}

const PATIENCE_MS = 60_000;

/** @throws TypeError when the address is none */
export function openClient(options: ClientOptions = {}): OeeClient {
  const url = baseOf(options.url ?? (globalThis as { document?: { baseURI: string } }).document?.baseURI ?? '');
  const get = options.fetch ?? ((input, init) => fetch(input, init));
  const { token = null, patienceMs = PATIENCE_MS } = options;
  const ask = httpDoor({ url, token, patienceMs, fetch: get, now: steady, random: Math.random, wait });
  return {
    ...questionsOf(ask),
    acknowledge: async (alert, said = {}) => {
      await ask(`v1/alerts/${encodeURIComponent(alert)}/acknowledge`, { body: said });
    },
    send: (events, { signal } = {}) => {
      const list = (Array.isArray(events) ? events : [events]) as readonly UnnamedEvent[];
      return sendEvents(ask, list.map(named), signal);
    },
    live: wanted => openFeed(new URL('v1/live', url), token, options.WebSocket ?? null, wanted),
  };
}

function questionsOf(ask: HttpDoor): Omit<OeeClient, 'acknowledge' | 'send' | 'live'> {
  const unitPath = (unit: string, what: string): string => `v1/units/${encodeURIComponent(unit)}/${what}`;
  return {
    plant: ({ signal } = {}) => ask('v1/plant', { signal }),
    oee: async ({ signal, ...question }) =>
      (await ask<{ results: WireResult[] }>('v1/oee', { query: queryOf(question), signal })).results,
    timeline: async ({ unit, signal, ...span }) =>
      (await ask<{ intervals: WireInterval[] }>(unitPath(unit, 'timeline'), { query: queryOf(span), signal }))
        .intervals,
    losses: ({ unit, signal, ...span }) => ask(unitPath(unit, 'losses'), { query: queryOf(span), signal }),
    alerts: async ({ signal, ...question } = {}) =>
      (await ask<{ alerts: WireAlert[] }>('v1/alerts', { query: queryOf(question), signal })).alerts,
    reports: async ({ signal, ...question }) =>
      (await ask<{ reports: WireResult[] }>('v1/reports', { query: queryOf(question), signal })).reports,
    report: (unit, shift) => ask(`v1/reports/${encodeURIComponent(unit)}/${encodeURIComponent(wordOf(shift))}`),
  };
}

function openFeed(url: URL, token: string | null, own: SocketClass | null, wanted: LiveOptions = {}): LiveFeed {
  const { units, windows = '*', onWord = () => undefined, signal } = wanted;
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const feed = new LiveFeed(onWord, async hearer => {
    const open = await socketMaker(own);
    return new LiveLink({
      url: url.href,
      ...(units === undefined ? {} : { units }),
      windows,
      token,
      open,
      now: steady,
      random: Math.random,
      setTimer,
      onWord: word => hearer.hear(word),
      onLink: link => hearer.hearLink(link),
    });
  });
  if (signal?.aborted === true) feed.close();
  signal?.addEventListener('abort', () => feed.close(), { once: true });
  return feed;
}

/** Everything lies below it, also behind a proxy's path. */
function baseOf(given: string | URL): URL {
  const url = new URL(given);
  url.search = '';
  url.hash = '';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

const wordOf = (instant: Instant): string => (instant instanceof Date ? instant.toISOString() : `${instant}`);

function queryOf(question: object): Record<string, string | undefined> {
  const words = Object.entries(question as Record<string, Instant | undefined>);
  return Object.fromEntries(words.map(([name, value]) => [name, value === undefined ? undefined : wordOf(value)]));
}

/** An event without an id gets one here, before it is sent for the first time: the repeat has the same. */
const named = (event: UnnamedEvent): SentEvent => ({ id: randomId(), ...event }) as SentEvent;

/** Not `crypto.randomUUID`: browsers have that one only in pages that came over https. */
function randomId(): string {
  const words = crypto.getRandomValues(new Uint32Array(4));
  return `c-${[...words].map(word => word.toString(36).padStart(7, '0')).join('')}`;
}

/** Epoch milliseconds that nobody can set back. */
const steady = (): number => performance.timeOrigin + performance.now();

function setTimer(run: () => void, afterMs: number): () => void {
  const timer = setTimeout(run, afterMs);
  return () => clearTimeout(timer);
}

function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
