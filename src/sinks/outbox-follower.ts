// Outbox follower: follows one partition's outbox for one sink: read after the cursor, write, move the cursor, for ever.
// In: a sink, a partition, the outbox. Out: every output with the neighbour, or in the dead letters with a reason.
// Touches the outbox and the sink.
//
// Modes. following: read, write, advance. idle: nothing new; until a wake or the idle time. troubled: the sink or the journal failed;
// after a back-off it asks the journal where it was and sends the same again.

import { setTimeout as timer } from 'node:timers/promises';
import type { Output } from '../core/result.ts';
import { type CursorHand, type CursorPort, cursorHand } from './cursor-hand.ts';
import { refusedToLetters } from './refused-to-letters.ts';
import { type RefusedOutput, type Sink, SinkError, wordsOf } from './sink.ts';
import type { Turns } from './turns.ts';

export interface OutboxEntry {
  readonly id: string;
  readonly outputs: readonly Output[];
}

/** What the loop needs of the journal. */
export interface OutboxPort extends CursorPort {
  read(partition: number, after: string, countMax: number): Promise<readonly OutboxEntry[]>;
}

export interface FollowOptions {
  readonly sink: Sink;
  /** asked right before each write: a partition that is not ours any more is not written, lest old words come after newer ones */
  readonly holds?: (partition: number) => boolean;
  readonly outbox: OutboxPort;
  /** names of those who write to a neighbour that keeps what came last: each given once, whoever runs beside us */
  readonly nameOf: () => string;
  readonly log: (level: 'info' | 'warn', message: string, fields?: object) => void;
  /** 0..1, so that many sinks do not all come back at the same moment */
  readonly random: () => number;
  /** an idle partition looks again after this long, unless it is woken */
  readonly idleMs?: number;
  readonly backoffMinMs?: number;
  readonly backoffMaxMs?: number;
  /** resolves after the time, or as soon as the signal says stop */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface DeliveryTrouble {
  readonly partition: number;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly attempts: number;
}

const IDLE_MS = 1_000;
/** After so many looks without anything new a cursor that others may have set back is asked for again. */
const EMPTY_LOOKS = 4;
const BACKOFF_MIN_MS = 200;
const BACKOFF_MAX_MS = 30_000;
/** A neighbour may ask for patience, but not for more than this. */
const RETRY_AFTER_MAX_MS = 600_000;
/** One batch is about so many outputs: a few megabytes. */
const OUTPUTS_PER_BATCH = 5_000;
const ENTRIES_PER_READ_MAX = 500;

export class OutboxFollower {
  delivered = 0;
  refused = 0;
  retries = 0;
  inHand = 0;
  trouble: DeliveryTrouble | null = null;
  /** null: to be asked of the journal */
  private cursor: string | null = null;
  /** from where a write began that was given up, and that the journal does not know of yet */
  private doubtful: string | null = null;
  private readonly hand: CursorHand;
  /** since something was found */
  private emptyLooks = 0;
  private entriesMax = 16;
  private news = new AbortController();
  /** One of its own: a signal that every partition listened to would hold as many listeners as partitions fail at once. */
  private readonly stopping = new AbortController();
  private readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  private readonly done: Promise<void>;

  constructor(
    private readonly partition: number,
    private readonly options: FollowOptions,
    private readonly turns: Turns,
  ) {
    this.hand = cursorHand(options.outbox, options.sink, partition, options.nameOf);
    this.sleep = options.sleep ?? ((ms, signal) => quietly(timer(ms, undefined, { signal })));
    this.done = this.run();
  }

  wake(): void {
    this.news.abort();
  }

  /** Resolves after what is under way. */
  stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    return this.done;
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      // Taken anew before the look: news that come during the look end the pause that follows it.
      this.news = new AbortController();
      try {
        const more = await this.turns.take(() => this.step());
        this.recovered();
        if (!more && !this.stopping.signal.aborted) await this.sleep(this.options.idleMs ?? IDLE_MS, this.news.signal);
      } catch (error) {
        await this.sleep(this.failed(error), this.stopping.signal);
      }
    }
    // Whoever leaves in trouble is taken for one who has a write under way; of one that may still come we tell, for a fall-back may
    // have taken along that we were here.
    if (this.doubtful !== null) await quietly(this.tellDoubt());
    else if (this.trouble === null) await quietly(this.hand.leave());
  }

  /** @returns whether there was something */
  private async step(): Promise<boolean> {
    if (this.stopping.signal.aborted) return false;
    const { outbox } = this.options;
    await this.tellDoubt();
    if (!this.isOurs()) return false;
    this.cursor ??= await this.hand.find();
    const after = this.cursor;
    const entries = await outbox.read(this.partition, after, this.entriesMax);
    const last = entries.at(-1);
    if (last === undefined) return this.foundNothing();
    if (!this.isOurs()) return false;
    this.emptyLooks = 0;
    this.inHand = entries.length;
    const outputs = entries.flatMap(entry => entry.outputs);
    const refused = outputs.length === 0 ? [] : await this.write(outputs, after, entries);
    const moved = await this.hand.move(after, last.id, refusedToLetters(refused, entries));
    if (moved.tooLate) this.warnOfOld(after);
    this.cursor = moved.at;
    this.inHand = 0;
    this.delivered += moved.delivered ?? outputs.length - refused.length;
    this.refused += moved.refused ?? refused.length;
    const perEntry = Math.max(1, outputs.length / entries.length);
    this.entriesMax = Math.max(1, Math.min(ENTRIES_PER_READ_MAX, Math.floor(OUTPUTS_PER_BATCH / perEntry)));
    return true;
  }

  /** What has to be written once more is no news: the journal is asked now and then. */
  private foundNothing(): false {
    this.emptyLooks += 1;
    if (this.options.sink.lateMs !== undefined && this.emptyLooks % EMPTY_LOOKS === 0) this.cursor = null;
    return false;
  }

  /** When it is not: until it is again, or we are told to leave, look now and then from where the journal says. */
  private isOurs(): boolean {
    if (this.options.holds?.(this.partition) !== false) return true;
    this.cursor = null;
    return false;
  }

  private async write(
    outputs: readonly Output[],
    after: string,
    entries: readonly OutboxEntry[],
  ): Promise<readonly RefusedOutput[]> {
    const { sink, holds } = this.options;
    try {
      const place = { after, entries, holds: () => holds?.(this.partition) !== false };
      return await sink.write(outputs, this.partition, place);
    } catch (error) {
      const { isOver = false, isAnswered = false } = error instanceof SinkError ? error : {};
      if (!isOver && !(isAnswered && (await this.isSettled(after)))) this.doubtful = after;
      throw error;
    }
  }

  /** Of what was sent nothing is under way: old words lie over newer ones only where another took the cursor, which the journal knows. */
  private async isSettled(after: string): Promise<boolean> {
    try {
      const { tooLate } = await this.hand.move(after, after, []);
      if (tooLate) this.warnOfOld(after);
      return true;
    } catch {
      return false;
    }
  }

  /** Before anything else is written: what was given up may come after it. */
  private async tellDoubt(): Promise<void> {
    if (this.doubtful === null) return;
    if (await this.hand.doubt(this.doubtful)) this.warnOfOld(this.doubtful);
    this.doubtful = null;
  }

  private warnOfOld(after: string): void {
    const { log, sink } = this.options;
    log('warn', `what ${sink.name} holds may be older than what it held`, {
      partition: this.partition,
      code: 'OEE_SINKS_TOO_LATE',
      after,
    });
  }

  /** Half of the back-off is sure, half is chance. @returns how long to wait */
  private failed(error: unknown): number {
    const { backoffMinMs = BACKOFF_MIN_MS, backoffMaxMs = BACKOFF_MAX_MS, random, log, sink } = this.options;
    const attempts = (this.trouble?.attempts ?? 0) + 1;
    this.retries += 1;
    this.cursor = null;
    this.trouble = { partition: this.partition, attempts, ...wordsOf(error) };
    // Once per trouble: the status says whether it goes on.
    if (attempts === 1) log('warn', `${sink.name} is behind: ${this.trouble.message}`, { ...this.trouble });
    const ceiling = Math.min(backoffMaxMs, backoffMinMs * 2 ** Math.min(attempts - 1, 30));
    const asked = error instanceof SinkError ? Math.min(error.retryAfterMs ?? 0, RETRY_AFTER_MAX_MS) : 0;
    return Math.max(asked, Math.round(ceiling / 2 + (random() * ceiling) / 2));
  }

  private recovered(): void {
    if (this.trouble === null) return;
    const { partition, attempts, code } = this.trouble;
    this.options.log('info', `${this.options.sink.name} goes on`, { partition, attempts, code });
    this.trouble = null;
  }
}

/** A pause that was broken off is over. */
export function quietly(pause: Promise<unknown>): Promise<void> {
  return pause.then(
    () => undefined,
    () => undefined,
  );
}
