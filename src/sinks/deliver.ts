// Deliver: the one loop behind every durable sink: read the outbox after the cursor, write, move the cursor, for ever.
// In: a sink, partitions, the outbox. Out: every output with the neighbour, or in the dead letters with a reason.
// Touches the outbox and the sink. Each partition goes at its own pace: the trouble of one keeps nobody else waiting.
//
// Modes of a partition. following: read, write, advance. idle: nothing new; until a wake or the idle time. troubled: the
// sink or the journal failed; after a back-off it asks the journal where it was and sends the same again.

import { setTimeout as timer } from 'node:timers/promises';
import type { DeadLetter } from '../core/log-entry.ts';
import type { Output } from '../core/result.ts';
import { refusedToLetters } from './refused-to-letters.ts';
import { type Sink, SinkError, wordsOf } from './sink.ts';
import { Turns } from './turns.ts';

export interface OutboxEntry {
  readonly id: string;
  readonly outputs: readonly Output[];
}

/** What the loop needs of the journal. */
export interface OutboxPort {
  read(partition: number, after: string, countMax: number): Promise<readonly OutboxEntry[]>;
  cursor(partition: number, sink: string): Promise<string>;
  /** Moves the cursor and keeps what was refused, in one act. */
  advance(partition: number, sink: string, id: string, refused: readonly DeadLetter[]): Promise<void>;
}

export interface DeliverOptions {
  readonly sink: Sink;
  /** followed from the start; others come and go by follow and leave */
  readonly partitions: readonly number[];
  /** asked right before each write: a partition that is not ours any more is not written, lest old words come after newer ones */
  readonly holds?: (partition: number) => boolean;
  readonly outbox: OutboxPort;
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

export interface DeliveryStatus {
  /** outputs that the neighbour has */
  readonly delivered: number;
  /** outputs that it will never take: in the dead letters */
  readonly refused: number;
  /** attempts that failed */
  readonly retries: number;
  /** outbox entries read and not yet through */
  readonly lagEntries: number;
  /** partitions that fail at the moment, the first of them with what it met */
  readonly troubled: number;
  readonly lastError: DeliveryTrouble | null;
}

export interface Delivery {
  /** something new is in this partition's outbox */
  wake(partition: number): void;
  /** Begins where the cursor is. */
  follow(partition: number): void;
  /** Resolves after what is under way, or after STOP_MAX_MS. */
  leave(partition: number): Promise<void>;
  status(): DeliveryStatus;
  /** Ends after what is under way, or after STOP_MAX_MS, and closes the sink: the rest comes at the next start. */
  stop(): Promise<void>;
}

const IDLE_MS = 1_000;
const BACKOFF_MIN_MS = 200;
const BACKOFF_MAX_MS = 30_000;
/** A neighbour may ask for patience, but not for more than this. */
const RETRY_AFTER_MAX_MS = 600_000;
/** One batch is about so many outputs: a few megabytes. */
const OUTPUTS_PER_BATCH = 5_000;
const ENTRIES_PER_READ_MAX = 500;
/** Batches in memory at once, over all partitions; the others wait for their turn. */
const BATCHES_MAX = 8;
const STOP_MAX_MS = 5_000;

export function deliver(options: DeliverOptions): Delivery {
  const turns = new Turns(BATCHES_MAX);
  const followers = new Map<number, Follower>();
  /** told to stop and still at it */
  const leaving = new Set<Follower>();
  const past = { delivered: 0, refused: 0, retries: 0 };
  const all = (): Follower[] => [...followers.values(), ...leaving];
  const sum = (of: (follower: Follower) => number): number => all().reduce((total, each) => total + of(each), 0);
  const follow = (partition: number): void => {
    if (!followers.has(partition)) followers.set(partition, new Follower(partition, options, turns));
  };
  const leave = async (partition: number): Promise<void> => {
    const follower = followers.get(partition);
    if (follower === undefined) return;
    followers.delete(partition);
    leaving.add(follower);
    const over = follower.stop().then(() => {
      leaving.delete(follower);
      past.delivered += follower.delivered;
      past.refused += follower.refused;
      past.retries += follower.retries;
    });
    await atMost(STOP_MAX_MS, over);
  };
  options.partitions.forEach(follow);
  return {
    wake: partition => followers.get(partition)?.wake(),
    follow,
    leave,
    status: () => ({
      delivered: past.delivered + sum(follower => follower.delivered),
      refused: past.refused + sum(follower => follower.refused),
      retries: past.retries + sum(follower => follower.retries),
      lagEntries: sum(follower => follower.inHand),
      troubled: sum(follower => (follower.trouble === null ? 0 : 1)),
      lastError: all().find(follower => follower.trouble !== null)?.trouble ?? null,
    }),
    stop: async () => {
      await atMost(STOP_MAX_MS, Promise.all(all().map(follower => follower.stop())));
      await options.sink.close();
    },
  };
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const patience = new AbortController();
  await Promise.race([work, quietly(timer(ms, undefined, { signal: patience.signal }))]);
  patience.abort();
}

class Follower {
  delivered = 0;
  refused = 0;
  retries = 0;
  inHand = 0;
  trouble: DeliveryTrouble | null = null;
  /** null: to be asked of the journal */
  private cursor: string | null = null;
  private entriesMax = 16;
  private news = new AbortController();
  /** One of its own: a signal that every partition listened to would hold as many listeners as partitions fail at once. */
  private readonly stopping = new AbortController();
  private readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  private readonly done: Promise<void>;

  constructor(
    private readonly partition: number,
    private readonly options: DeliverOptions,
    private readonly turns: Turns,
  ) {
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
  }

  /** @returns whether there was something */
  private async step(): Promise<boolean> {
    if (this.stopping.signal.aborted) return false;
    const { sink, outbox } = this.options;
    this.cursor ??= await outbox.cursor(this.partition, sink.name);
    const entries = await outbox.read(this.partition, this.cursor, this.entriesMax);
    const last = entries.at(-1);
    if (last === undefined) return false;
    // until it is ours again, or we are told to leave, look again now and then from where the journal says
    if (this.options.holds?.(this.partition) === false) {
      this.cursor = null;
      return false;
    }
    this.inHand = entries.length;
    const outputs = entries.flatMap(entry => entry.outputs);
    const place = { after: this.cursor, entries };
    const refused = outputs.length === 0 ? [] : await sink.write(outputs, this.partition, place);
    await outbox.advance(this.partition, sink.name, last.id, refusedToLetters(refused, entries));
    this.cursor = last.id;
    this.inHand = 0;
    this.delivered += outputs.length - refused.length;
    this.refused += refused.length;
    const perEntry = Math.max(1, outputs.length / entries.length);
    this.entriesMax = Math.max(1, Math.min(ENTRIES_PER_READ_MAX, Math.floor(OUTPUTS_PER_BATCH / perEntry)));
    return true;
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
function quietly(pause: Promise<unknown>): Promise<void> {
  return pause.then(
    () => undefined,
    () => undefined,
  );
}
