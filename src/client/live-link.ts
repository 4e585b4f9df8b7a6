// Live link: a client's end of /v1/live: it stays connected, comes back where it left, and knows when it is alone.
// In: an address and what to subscribe to. Out: frames in order, and the state of the link.
// Touches: one WebSocket and timers, all handed in.
//
// Modes. *Connecting*: a socket is opening. *Live*: something was heard within SILENCE_MS; a ping goes out every PING_MS, so
// that a dead line is noticed even in a quiet plant. *Lost*: closed, or silent for too long; the next try comes after a
// back-off that doubles to BACKOFF_MAX_MS, with chance in it so that a hundred screens do not come back at one instant.

import type { WireAlert } from '../core/alert-to-wire.ts';
import type { WireInterval, WireResult, WireState } from '../core/result-to-wire.ts';

/** One message of the server. Its place `(epoch, offset)` is kept by the link itself. */
export type LiveWord =
  | {
      readonly op: 'snapshot';
      readonly results: readonly WireResult[];
      readonly states: readonly WireState[];
      readonly alerts: readonly WireAlert[];
    }
  | { readonly op: 'alert'; readonly alert: WireAlert }
  | { readonly op: 'result'; readonly result: WireResult }
  | { readonly op: 'state'; readonly state: WireState }
  | { readonly op: 'interval'; readonly interval: WireInterval }
  | { readonly op: 'gap' | 'resumed' }
  | { readonly op: 'pong'; readonly at: string }
  | { readonly op: 'error'; readonly code: string; readonly message: string; readonly remedy: string };

export type Link =
  | { readonly mode: 'connecting' }
  | { readonly mode: 'live' }
  | { readonly mode: 'lost'; readonly since: number; readonly retryAt: number; readonly because: string };

const PING_MS = 1_000;
/** Silence after which the line counts as dead; with PING_MS it keeps "within 3 s". */
const SILENCE_MS = 2_500;
/** A new socket may take longer: it may cross the world once or twice. */
const OPENING_MS = 5_000;
const BACKOFF_MIN_MS = 500;
const BACKOFF_MAX_MS = 10_000;

/** Of a WebSocket what is used here: that of browsers, of Node 22, and of the package ws have it. */
export interface Socket {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(text: string): void;
  close(): void;
}

export interface LiveLinkOptions {
  readonly url: string;
  /** left out: all */
  readonly units?: readonly string[];
  readonly windows: readonly string[] | '*';
  /** shown as the first message; null: nobody asks, or it stands in the address */
  readonly token?: string | null;
  readonly open: (url: string) => Socket;
  readonly now: () => number;
  readonly random: () => number;
  readonly setTimer: (run: () => void, afterMs: number) => () => void;
  readonly onWord: (word: LiveWord) => void;
  readonly onLink: (link: Link) => void;
}

export class LiveLink {
  readonly #options: LiveLinkOptions;
  #socket: Socket | null = null;
  #since: { epoch: string; offset: number } | null = null;
  #lastHeard = 0;
  #lostAt: number | null = null;
  #tries = 0;
  #isLive = false;
  #closed = false;
  #forget: () => void = () => undefined;

  constructor(options: LiveLinkOptions) {
    this.#options = options;
    options.onLink({ mode: 'connecting' });
    this.#connect();
  }

  /** Begins anew, from a snapshot: for whoever forgot what it was told. */
  restart(): void {
    this.#since = null;
    this.#lose('started over');
  }

  close(): void {
    this.#closed = true;
    this.#forget();
    this.#socket?.close();
  }

  #connect(): void {
    const { open, url, units = '*', windows, token = null, now } = this.#options;
    const socket = open(url);
    this.#socket = socket;
    this.#isLive = false;
    this.#lastHeard = now();
    socket.onopen = () => {
      if (token !== null) this.#say({ op: 'auth', token });
      this.#say({ op: 'subscribe', units, windows, ...(this.#since === null ? {} : { since: this.#since }) });
    };
    socket.onmessage = (event: { readonly data: unknown }) => this.#hear(socket, String(event.data));
    socket.onclose = (event: { readonly reason: string }) => {
      if (this.#socket === socket) this.#lose(event.reason);
    };
    // what went wrong is told by the close that follows; ws throws where nobody listens
    socket.onerror = () => undefined;
    this.#watch();
  }

  #say(message: object): void {
    this.#socket?.send(JSON.stringify(message));
  }

  #hear(socket: Socket, text: string): void {
    if (this.#socket !== socket) return;
    const word = JSON.parse(text) as LiveWord & { epoch?: string; offset?: number | null };
    this.#lastHeard = this.#options.now();
    // a gap's offset is not a place to resume from: only the snapshot behind it is
    if (word.op !== 'gap' && word.op !== 'resumed' && word.epoch !== undefined && typeof word.offset === 'number') {
      this.#since = { epoch: word.epoch, offset: word.offset };
    }
    this.#options.onWord(word);
    if (this.#isLive || (word.op !== 'snapshot' && word.op !== 'resumed')) return;
    this.#isLive = true;
    this.#tries = 0;
    this.#lostAt = null;
    this.#options.onLink({ mode: 'live' });
  }

  #watch(): void {
    this.#forget = this.#options.setTimer(() => {
      const silence = this.#options.now() - this.#lastHeard;
      if (silence >= (this.#isLive ? SILENCE_MS : OPENING_MS)) return this.#lose('');
      if (this.#isLive && silence >= PING_MS / 2) this.#say({ op: 'ping' });
      this.#watch();
    }, PING_MS / 2);
  }

  #lose(because: string): void {
    const { now, random, onLink, setTimer } = this.#options;
    this.#forget();
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    if (this.#closed) return;
    this.#lostAt ??= this.#lastHeard;
    const backoffMs = Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** this.#tries) * (0.5 + random() / 2);
    this.#tries += 1;
    onLink({ mode: 'lost', since: this.#lostAt, retryAt: now() + backoffMs, because });
    this.#forget = setTimer(() => this.#connect(), backoffMs);
  }
}
