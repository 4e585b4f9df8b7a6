// Live hub: the way out to people's screens: follows the outboxes and carries every output to whoever asked for it.
// In: outputs in order (again after a restart: the past folds into the newest). Out: frames on WebSockets under /v1/live.
// Touches: the HTTP server's upgrade, WebSockets, timers handed in.

import { type IncomingHttpHeaders, type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { ENGINE_UNIT } from '../../core/alert-health.ts';
import { type Rejection, rejection } from '../../core/rejection.ts';
import type { Output } from '../../core/result.ts';
import { isLive } from './live-frame.ts';
import type { LiveCounts } from './live-lane.ts';
import { createLiveMemory, type LiveMemory } from './live-memory.ts';
import { type LiveGuest, type LivePorter, tokenPorter } from './live-porter.ts';
import { LiveSession } from './live-session.ts';

/** Longest message of a client: a subscription to some thousand units. A longer one is closed with 1009. */
const MESSAGE_MAX_BYTES = 64 * 1024;

export interface LiveHubOptions {
  /** changes with every start: offsets of another epoch mean nothing here */
  readonly epoch: string;
  /** frames kept for clients that come back */
  readonly ringMax: number;
  /** clients at a time; the next one gets 503 */
  readonly clientsMax: number;
  /** bytes that may lie in a client's socket before its frames are coalesced */
  readonly bufferedMaxBytes: number;
  /** how long a client may stay behind before it is told why and closed */
  readonly slowMs: number;
  /** two of these without a sign of life end a connection */
  readonly heartbeatMs: number;
  /** null: no token is asked for */
  readonly token?: string | null;
  /** who is let in, where one token for all is not enough; null: everybody */
  readonly porter?: LivePorter | null;
  /** why a page or a name may not connect, whoever it is; by default pages of another host may not */
  readonly refuses?: (headers: IncomingHttpHeaders) => Rejection | null;
  /** the unit's place in the plant as it is now; null for a unit that the plant does not have */
  readonly placeOf: (unit: string) => object | null;
  readonly now: () => number;
  /** @returns what takes the timer back */
  readonly setTimer: (run: () => void, afterMs: number) => () => void;
}

export interface LiveStats extends Readonly<LiveCounts> {
  readonly clients: number;
  /** outputs published */
  readonly published: number;
}

export interface LiveHub {
  /** Takes outputs in the order of their outbox; repeats and replays are harmless. */
  publish(outputs: readonly Output[]): void;
  /** Answers upgrades of this server on `path`. */
  attach(server: Server, path?: string): void;
  stats(): LiveStats;
  /** Says goodbye (1001) to all clients; resolves when the last socket is gone. */
  close(): Promise<void>;
}

export function createLiveHub(options: LiveHubOptions): LiveHub {
  return new Hub(options);
}

class Hub implements LiveHub {
  readonly #options: LiveHubOptions;
  readonly #porter: LivePorter | null;
  readonly #memory: LiveMemory;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MESSAGE_MAX_BYTES,
  });
  readonly #sessions = new Set<LiveSession>();
  readonly #counts: LiveCounts = { sent: 0, coalesced: 0, gaps: 0, faults: 0, cutSlow: 0, refused: 0 };
  readonly #detach: (() => void)[] = [];
  #forgetBeat: () => void;
  #whenEmpty: (() => void) | null = null;
  #closed = false;

  constructor(options: LiveHubOptions) {
    this.#options = options;
    const { token = null, porter = token === null ? null : tokenPorter(token) } = options;
    this.#porter = porter;
    this.#memory = createLiveMemory(options.epoch, options.ringMax, unit => this.#isUnit(unit));
    this.#forgetBeat = options.setTimer(() => this.#beat(), options.heartbeatMs);
  }

  publish(outputs: readonly Output[]): void {
    const frames = outputs.filter(isLive).map(output => this.#memory.take(output));
    for (const session of this.#sessions) session.offer(frames);
  }

  attach(server: Server, path = '/v1/live'): void {
    const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      const target = request.url ?? '/';
      // a target like `//` is no address at all; it must not throw inside the server
      const url = URL.canParse(target, 'ws://live') ? new URL(target, 'ws://live') : null;
      if (url?.pathname === path) void this.#admit(request, url, socket, head);
      else if (server.listenerCount('upgrade') === 1) refuse(socket, 404);
    };
    server.on('upgrade', onUpgrade);
    this.#detach.push(() => server.off('upgrade', onUpgrade));
  }

  stats(): LiveStats {
    return { ...this.#counts, clients: this.#sessions.size, published: this.#memory.head() };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#forgetBeat();
    for (const detach of this.#detach) detach();
    const empty = new Promise<void>(resolve => {
      this.#whenEmpty = resolve;
    });
    for (const session of this.#sessions) session.leave(1001, 'OEE_LIVE_GOING_AWAY');
    if (this.#sessions.size > 0) await empty;
    this.#sockets.close();
  }

  #beat(): void {
    for (const session of this.#sessions) session.beat();
    this.#forgetBeat = this.#options.setTimer(() => this.#beat(), this.#options.heartbeatMs);
  }

  async #admit(request: IncomingMessage, url: URL, socket: Duplex, head: Buffer): Promise<void> {
    const strange = (this.#options.refuses ?? isForeign)(request.headers);
    if (strange !== null) {
      this.#counts.refused += 1;
      return refuse(socket, 403, strange);
    }
    const shown = url.searchParams.get('access_token') ?? bearerOf(request.headers.authorization);
    // whoever hangs up while it is looked up who they are must not end the process
    const onError = (): void => void socket.destroy();
    socket.on('error', onError);
    const guest = await this.#greet(request, shown);
    socket.off('error', onError);
    const isWrong = this.#porter !== null && shown !== null && guest === null;
    const refusal = guest === 'unknown' ? 503 : this.#refusalOf(isWrong);
    if (refusal !== null || guest === 'unknown') {
      this.#counts.refused += 1;
      refuse(socket, refusal ?? 503);
    } else this.#sockets.handleUpgrade(request, socket, head, client => this.#welcome(client, request, guest));
  }

  /** @returns 'unknown' while nobody can be asked who it is */
  async #greet(request: IncomingMessage, shown: string | null): Promise<LiveGuest | null | 'unknown'> {
    if (this.#porter === null) return null;
    return this.#porter.greet(request, shown).catch(() => 'unknown' as const);
  }

  #refusalOf(isWrong: boolean): number | null {
    if (isWrong) return 401;
    return this.#closed || this.#sessions.size >= this.#options.clientsMax ? 503 : null;
  }

  /** A unit of the plant, or the engine, of which there are alerts only. */
  #isUnit(unit: string): boolean {
    return unit === ENGINE_UNIT || this.#options.placeOf(unit) !== null;
  }

  #welcome(socket: WebSocket, request: IncomingMessage, guest: LiveGuest | null): void {
    const { bufferedMaxBytes, slowMs, now, setTimer } = this.#options;
    const porter = this.#porter;
    const session: LiveSession = new LiveSession({
      socket,
      pipe: request.socket,
      memory: this.#memory,
      guest,
      greet: porter === null || guest !== null ? null : shown => porter.greet(request, shown),
      isUnit: unit => this.#isUnit(unit),
      bufferedMaxBytes,
      slowMs,
      now,
      setTimer,
      counts: this.#counts,
      onGone: () => {
        this.#sessions.delete(session);
        if (this.#sessions.size === 0) this.#whenEmpty?.();
      },
    });
    this.#sessions.add(session);
  }
}

function refuse(socket: Duplex, status: number, why: Rejection | null = null): void {
  const retry = status === 503 ? 'Retry-After: 5\r\n' : '';
  const body = why === null ? '' : JSON.stringify(why);
  const type = why === null ? '' : 'Content-Type: application/json; charset=utf-8\r\n';
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n${type}${retry}`;
  socket.on('error', () => undefined);
  socket.end(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

function bearerOf(header: string | undefined): string | null {
  return /^Bearer (\S+)$/i.exec(header ?? '')?.[1] ?? null;
}

/** Programs send no Origin; a browser always does, and a page of another house gets nothing. */
function isForeign({ origin, host }: IncomingHttpHeaders): Rejection | null {
  if (origin === undefined || (URL.canParse(origin) && new URL(origin).host === host)) return null;
  return rejection('OEE_ACCESS_ORIGIN', 'a page of another site asks', 'Use the page of the engine itself.');
}
