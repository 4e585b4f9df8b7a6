// Live feed: what a subscription tells, word by word or as a book, however slowly somebody reads it.
// In: words of a live link. Out: an async iterator that never grows without bound; the book of what is known now.
// Touches nothing: the link is opened by whoever makes it.
//
// Words that nobody has read yet are coalesced: of one window, machine, alert or interval only the newest waits. With more than
// WAITING_MAX of them all are forgotten and the link starts over: a `gap` and a snapshot follow, as for any slow client.

import { OeeError } from './http-door.ts';
import { LiveBook } from './live-book.ts';
import type { Link, LiveLink, LiveWord } from './live-link.ts';

/** What is read from a feed: words of the server, and how the link is. */
export type FeedWord = Exclude<LiveWord, { readonly op: 'pong' }> | { readonly op: 'link'; readonly link: Link };

const WAITING_MAX = 10_000;
const UNAUTHORISED = 'OEE_LIVE_UNAUTHORISED';
const noToken = (): OeeError =>
  new OeeError(UNAUTHORISED, 'the engine wants a token that it knows', 'Give the option token.', 401);

export class LiveFeed implements AsyncIterable<FeedWord> {
  /** what is known now; whoever only wants the present needs no words */
  readonly book = new LiveBook();
  #link: Link = { mode: 'connecting' };
  #live: LiveLink | null = null;
  #failure: unknown = null;
  #isClosed = false;
  readonly #onWord: (word: FeedWord) => void;
  #isRead = false;
  readonly #waiting = new Map<string, FeedWord>();
  #count = 0;
  #wake: () => void = () => undefined;

  /** @param opening the link, once there is a socket to open it with; its words go to `hear` and `hearLink` */
  constructor(onWord: (word: FeedWord) => void, opening: (feed: LiveFeed) => Promise<LiveLink>) {
    this.#onWord = onWord;
    opening(this).then(
      live => {
        this.#live = live;
        if (this.#isClosed) live.close();
      },
      (error: unknown) => this.#fail(error),
    );
  }

  /** connecting, live or lost; lost says since when: what the book says is as old as that */
  get link(): Link {
    return this.#link;
  }

  /** Resolves with the first snapshot. @throws what keeps the link from being opened, as far as trying again would not help */
  async ready(): Promise<this> {
    while (this.#link.mode !== 'live' && !this.#isClosed && this.#failure === null) {
      if (this.#link.mode === 'lost' && this.#link.because === UNAUTHORISED) throw noToken();
      await this.#news();
    }
    if (this.#failure !== null) throw this.#failure;
    return this;
  }

  close(): void {
    this.#isClosed = true;
    this.#live?.close();
    this.#tell();
  }

  hear(word: LiveWord): void {
    this.book.take(word);
    if (word.op === 'pong') return;
    if (word.op === 'snapshot') this.#forgetWhatItSays();
    this.#put(keyOf(word, this.#count), word);
  }

  hearLink(link: Link): void {
    this.#link = link;
    this.#put('link', { op: 'link', link });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<FeedWord, void, undefined> {
    this.#isRead = true;
    try {
      for (;;) {
        for (const [key, word] of this.#waiting) {
          this.#waiting.delete(key);
          yield word;
        }
        if (this.#failure !== null) throw this.#failure;
        if (this.#isClosed) return;
        if (this.#waiting.size === 0) await this.#news();
      }
    } finally {
      this.close();
    }
  }

  #put(key: string, word: FeedWord): void {
    this.#count += 1;
    this.#onWord(word);
    // before somebody begins to read, the beginning is kept for him; the bound holds for both
    this.#waiting.delete(key);
    this.#waiting.set(key, word);
    if (this.#waiting.size > WAITING_MAX) this.#overrun();
    this.#tell();
  }

  #overrun(): void {
    this.#waiting.clear();
    if (!this.#isRead) return;
    this.#waiting.set('gap', { op: 'gap' });
    this.#live?.restart();
  }

  #forgetWhatItSays(): void {
    for (const key of this.#waiting.keys()) if (/^(result|state|alert|snapshot) /.test(key)) this.#waiting.delete(key);
  }

  #fail(error: unknown): void {
    this.#failure = error;
    this.#tell();
  }

  #tell(): void {
    const wake = this.#wake;
    this.#wake = () => undefined;
    wake();
  }

  #news(): Promise<void> {
    return new Promise(resolve => {
      const before = this.#wake;
      this.#wake = () => {
        before();
        resolve();
      };
    });
  }
}

function keyOf(word: LiveWord, count: number): string {
  switch (word.op) {
    case 'result':
      return `result ${word.result.window.kind} ${word.result.window.start} ${word.result.unit}`;
    case 'state':
      return `state ${word.state.unit}`;
    case 'alert':
      return `alert ${word.alert.id}`;
    case 'interval':
      return `interval ${word.interval.from} ${word.interval.unit}`;
    default:
      return `${word.op} ${count}`;
  }
}
