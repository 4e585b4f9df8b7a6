// Live lane: the way of the frames to one client, at the client's own speed.
// In: a subscription, the hub's frames. Out: frames on the socket, coalesced to the newest per key while the client is behind.
// Touches: the client's WebSocket and a timer handed in.
//
// Modes. *Quiet*: no subscription; nothing goes out. *Current*: each wanted frame goes out at once. *Behind*: entered when the
// socket holds more than `bufferedMaxBytes`; frames wait, the newest per key, and go out as the socket drains; left when none
// waits, or for good when `slowMs` have passed. *Overrun*: behind with more waiting than WAITING_MAX; frames are forgotten,
// and a gap with a new snapshot goes out when the socket has drained.

import type { WebSocket } from 'ws';
import { type GapCause, gapFrame, resumedFrame, type Subscription } from './live-codec.ts';
import { isNewer, isWanted, type LiveFrame } from './live-frame.ts';
import type { LiveMemory } from './live-memory.ts';

/** Frames that wait for a client that is behind. Above this it is cheaper to forget them and send a new snapshot. */
const WAITING_MAX = 10_000;

/** How the hub's clients fare, all together since the start. */
export interface LiveCounts {
  sent: number;
  coalesced: number;
  gaps: number;
  faults: number;
  cutSlow: number;
  refused: number;
}

/** Holds writes back and lets them go together: one call of the system for all frames of a tick, not two for each. */
export interface LivePipe {
  cork(): void;
  uncork(): void;
}

export interface LiveLaneOptions {
  readonly socket: WebSocket;
  readonly pipe: LivePipe;
  readonly memory: LiveMemory;
  readonly bufferedMaxBytes: number;
  /** how long a client may stay behind */
  readonly slowMs: number;
  readonly setTimer: (run: () => void, afterMs: number) => () => void;
  readonly counts: LiveCounts;
  readonly onTooSlow: () => void;
}

export class LiveLane {
  readonly #options: LiveLaneOptions;
  #subscription: Subscription | null = null;
  /** in rising offset: a replaced frame moves to the end, so that the last offset received is always safe to resume from */
  readonly #waiting = new Map<string, LiveFrame>();
  #overrun = false;
  #forgetSlow: (() => void) | null = null;

  constructor(options: LiveLaneOptions) {
    this.#options = options;
  }

  /** Starts over with this subscription: what was missed since its `since` where that is known, else a snapshot. */
  follow(next: Subscription): void {
    const { memory } = this.#options;
    this.quiet();
    this.#subscription = next;
    const known = next.since?.epoch === memory.epoch ? next.since.offset : null;
    const missed = known === null ? null : memory.after(known);
    if (next.since === null) this.#snapshot(next, null);
    else if (known === null) this.#snapshot(next, 'otherEpoch');
    else if (missed === null) this.#snapshot(next, 'tooOld');
    else {
      this.say(resumedFrame(memory.epoch, known, memory.head()));
      this.offer(missed);
    }
  }

  quiet(): void {
    this.#subscription = null;
    this.#waiting.clear();
    this.#overrun = false;
    this.#forgetSlow?.();
    this.#forgetSlow = null;
  }

  offer(frames: readonly LiveFrame[]): void {
    if (this.#subscription === null) return;
    this.#together(() => {
      for (const frame of frames) this.#offerOne(frame);
    });
  }

  #offerOne(frame: LiveFrame): void {
    if (this.#subscription === null || !isWanted(this.#subscription, frame.output)) return;
    if (this.#overrun || this.#waiting.size > 0 || this.#isFull()) this.#hold(frame);
    else this.say(frame.bytes());
  }

  say(bytes: Buffer): void {
    this.#options.counts.sent += 1;
    this.#options.socket.send(bytes, { binary: false }, () => this.#drain());
  }

  /** Everything up to here was delivered: the newest frame, or the one before the first that waits. */
  deliveredTo(): number | null {
    if (this.#subscription === null || this.#overrun) return null;
    const first = this.#waiting.values().next();
    return first.done ? this.#options.memory.head() : first.value.offset - 1;
  }

  #isFull(): boolean {
    return this.#options.socket.bufferedAmount > this.#options.bufferedMaxBytes;
  }

  #hold(frame: LiveFrame): void {
    const { counts, setTimer, slowMs, onTooSlow } = this.#options;
    this.#forgetSlow ??= setTimer(onTooSlow, slowMs);
    const known = this.#waiting.get(frame.key);
    if (this.#overrun || known !== undefined) counts.coalesced += 1;
    if (this.#overrun || (known !== undefined && !isNewer(frame.output, known.output))) return;
    this.#waiting.delete(frame.key);
    this.#waiting.set(frame.key, frame);
    if (this.#waiting.size <= WAITING_MAX) return;
    counts.coalesced += this.#waiting.size;
    this.#waiting.clear();
    this.#overrun = true;
  }

  /** Called whenever the socket has written something: sends what waited, as much as fits. */
  #drain(): void {
    if (this.#subscription === null || this.#forgetSlow === null) return;
    if (this.#overrun) {
      if (this.#isFull()) return;
      this.#overrun = false;
      this.#snapshot(this.#subscription, 'slow');
    }
    this.#together(() => {
      for (const [key, frame] of this.#waiting) {
        if (this.#isFull()) return;
        this.#waiting.delete(key);
        this.say(frame.bytes());
      }
    });
    if (this.#waiting.size > 0) return;
    this.#forgetSlow();
    this.#forgetSlow = null;
  }

  #together(work: () => void): void {
    const { pipe } = this.#options;
    pipe.cork();
    try {
      work();
    } finally {
      pipe.uncork();
    }
  }

  #snapshot(to: Subscription, because: GapCause | null): void {
    const { memory, counts } = this.#options;
    if (because !== null) {
      counts.gaps += 1;
      this.say(gapFrame(memory.epoch, memory.head(), because));
    }
    this.say(memory.snapshot(to));
  }
}
