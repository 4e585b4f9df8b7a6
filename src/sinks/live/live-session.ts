// Live session: one client of /v1/live, from its first word to the code with which the line is cut.
// In: the client's messages. Out: answers, errors with their remedy, a lane that carries what it subscribed to.
// Touches: its WebSocket and timers handed in.
//
// Modes. *Stranger*: a token is wanted and has not come; left by `auth`, or by being cut after AUTH_MS. *Guest*: speaks and is
// answered. *Leaving*: was told why; the socket is destroyed after CLOSE_GRACE_MS when the client does not answer.

import type { RawData, WebSocket } from 'ws';
import {
  type ClientMessage,
  errorFrame,
  LIVE_CLOSE,
  type LiveFault,
  parseClientMessage,
  pongFrame,
} from './live-codec.ts';
import type { LiveFrame } from './live-frame.ts';
import { type LiveCounts, LiveLane, type LivePipe } from './live-lane.ts';
import type { LiveMemory } from './live-memory.ts';
import type { LiveGuest } from './live-porter.ts';

/** How long a stranger may stay without a token. */
const AUTH_MS = 5_000;
/** How long a client that was told to go may take to hear it; then the socket is destroyed. */
const CLOSE_GRACE_MS = 5_000;
/** Messages that nobody understood before the client is cut: a bug in a loop must not keep the hub busy. */
const FAULTS_MAX = 5;
/** Messages between two heartbeats: each subscribe costs a snapshot. Above this the client is cut. */
const MESSAGES_MAX = 300;

export interface LiveSessionOptions {
  readonly socket: WebSocket;
  /** what the socket writes to */
  readonly pipe: LivePipe;
  readonly memory: LiveMemory;
  /** who was known by the request; null: nobody, or nobody is asked */
  readonly guest: LiveGuest | null;
  /** null: nobody is asked for a token, or enough was shown with the request */
  readonly greet: ((token: string) => Promise<LiveGuest | null>) | null;
  readonly isUnit: (unit: string) => boolean;
  readonly bufferedMaxBytes: number;
  readonly slowMs: number;
  readonly now: () => number;
  readonly setTimer: (run: () => void, afterMs: number) => () => void;
  readonly counts: LiveCounts;
  readonly onGone: () => void;
}

export class LiveSession {
  readonly #options: LiveSessionOptions;
  readonly #lane: LiveLane;
  #guest: LiveGuest | null;
  #stranger: boolean;
  /** what a stranger said while it was looked up who that is; null: nobody is looked up */
  #early: (ClientMessage | LiveFault)[] | null = null;
  #leaving = false;
  #alive = true;
  #faults = 0;
  #messages = 0;
  #forgetStranger: (() => void) | null = null;
  #forgetLeaving: (() => void) | null = null;

  constructor(options: LiveSessionOptions) {
    const { socket } = options;
    this.#options = options;
    this.#lane = new LiveLane({ ...options, onTooSlow: () => this.#cutSlow() });
    this.#guest = options.guest;
    this.#stranger = options.greet !== null;
    if (this.#stranger) this.#forgetStranger = options.setTimer(() => this.#refuseStranger(), AUTH_MS);
    socket.on('message', (data, isBinary) => this.#hear(data, isBinary));
    socket.on('pong', () => {
      this.#alive = true;
    });
    // a reset or an oversized message: ws closes by itself, and `close` follows
    socket.on('error', () => undefined);
    socket.on('close', () => this.#gone());
  }

  offer(frames: readonly LiveFrame[]): void {
    this.#lane.offer(frames);
  }

  /** Once per heartbeat: whoever gave no sign of life since the last one is gone. */
  beat(): void {
    const { socket } = this.#options;
    this.#messages = 0;
    if (!this.#alive) socket.terminate();
    else if (socket.readyState === socket.OPEN) socket.ping();
    this.#alive = false;
    // whoever cannot be asked about at present stays
    this.#guest?.stays().then(
      stays => stays || this.#refuseStranger(),
      () => undefined,
    );
  }

  leave(code: number, reason: string): void {
    if (this.#leaving) return;
    const { socket, setTimer } = this.#options;
    this.#leaving = true;
    this.#lane.quiet();
    socket.close(code, reason);
    this.#forgetLeaving = setTimer(() => socket.terminate(), CLOSE_GRACE_MS);
  }

  #gone(): void {
    this.#leaving = true;
    this.#lane.quiet();
    this.#forgetStranger?.();
    this.#forgetLeaving?.();
    this.#options.onGone();
  }

  #hear(data: RawData, isBinary: boolean): void {
    this.#alive = true;
    if (this.#leaving) return;
    this.#messages += 1;
    const message = parseClientMessage(isBinary ? '' : data.toString());
    if (this.#messages > MESSAGES_MAX) this.#cutTalker();
    else if (this.#early !== null) this.#early.push(message);
    else if (this.#stranger) void this.#admit(message);
    else this.#take(message);
  }

  #take(message: ClientMessage | LiveFault): void {
    if ('fault' in message) this.#complain(message);
    else this.#obey(message);
  }

  async #admit(message: ClientMessage | LiveFault): Promise<void> {
    const early: (ClientMessage | LiveFault)[] = [];
    this.#early = early;
    const token = 'op' in message && message.op === 'auth' ? message.token : null;
    this.#guest = token === null ? null : ((await this.#options.greet?.(token).catch(() => null)) ?? null);
    this.#early = null;
    if (this.#leaving) return;
    if (this.#guest === null) return this.#refuseStranger();
    this.#stranger = false;
    this.#forgetStranger?.();
    for (const each of early) if (!this.#leaving) this.#take(each);
  }

  #obey(message: ClientMessage): void {
    const { memory, now, isUnit } = this.#options;
    if (message.op === 'subscribe') {
      const { units } = message.subscription;
      const strange = units === '*' ? undefined : [...units].find(unit => !isUnit(unit));
      if (strange === undefined) this.#lane.follow(message.subscription);
      else this.#complain(unknownUnit(strange));
    } else if (message.op === 'unsubscribe') this.#lane.quiet();
    else if (message.op === 'ping') this.#lane.say(pongFrame(memory.epoch, this.#lane.deliveredTo(), now()));
  }

  #complain(fault: LiveFault): void {
    this.#options.counts.faults += 1;
    this.#faults += 1;
    if (this.#faults > FAULTS_MAX) this.#cut(LIVE_CLOSE.badMessages, fault);
    else this.#lane.say(errorFrame(fault));
  }

  #cut(code: number, fault: LiveFault): void {
    if (this.#leaving) return;
    this.#lane.say(errorFrame(fault));
    this.leave(code, fault.fault);
  }

  #refuseStranger(): void {
    this.#options.counts.refused += 1;
    this.#cut(LIVE_CLOSE.unauthorised, {
      fault: 'OEE_LIVE_UNAUTHORISED',
      message: 'No valid token was shown.',
      remedy: 'Send "Authorization: Bearer …", ?access_token=…, or {"op":"auth","token":"…"} as the first message.',
    });
  }

  #cutSlow(): void {
    this.#options.counts.cutSlow += 1;
    this.#cut(LIVE_CLOSE.tooSlow, {
      fault: 'OEE_LIVE_TOO_SLOW',
      message: `The client has been behind for ${this.#options.slowMs} ms.`,
      remedy: 'Subscribe to fewer units or windows, or read faster; then come back with "since".',
    });
  }

  #cutTalker(): void {
    this.#cut(LIVE_CLOSE.tooMany, {
      fault: 'OEE_LIVE_TOO_MANY',
      message: `More than ${MESSAGES_MAX} messages came between two heartbeats.`,
      remedy: 'Subscribe once; results then come by themselves.',
    });
  }
}

function unknownUnit(unit: string): LiveFault {
  return {
    fault: 'OEE_LIVE_UNKNOWN_UNIT',
    message: `The plant has no unit ${JSON.stringify(unit)}.`,
    remedy: 'Take unit ids from GET /v1/plant.',
  };
}
