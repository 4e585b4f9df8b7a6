// Webhook queue: what waits for a receiver, and what came of each attempt: the contract between journal and webhook sink.
// In: messages, attempts. Out: queues per partition and receiver.
// Pure: types and bounds; the two never import one another.

import type { DeadLetter } from './log-entry.ts';
import type { WebhookType } from './receiver.ts';

/** Frozen when it is put: each attempt sends these very bytes under this very id. */
export interface WebhookMessage {
  readonly id: string;
  readonly unit: string;
  readonly type: WebhookType;
  readonly body: string;
}

/** A message in a queue: since when, by the clock of who put it, epoch ms. */
export interface QueuedMessage extends WebhookMessage {
  readonly at: number;
}

export interface QueueEntry {
  /** rises within its queue */
  readonly entry: string;
  readonly message: QueuedMessage;
}

/** What is remembered of a message that could not be delivered yet. */
export interface Tries {
  readonly attempts: number;
  /** not again before, epoch ms */
  readonly nextAt: number;
}

/** One attempt, for the delivery log. */
export interface DeliveryNote {
  readonly at: number;
  readonly id: string;
  readonly type: string;
  readonly unit: string;
  readonly attempt: number;
  /** null: no answer came */
  readonly status: number | null;
  readonly ms: number;
  readonly outcome: 'delivered' | 'again' | 'dead';
  /** null when it was delivered */
  readonly code: string | null;
  readonly message: string | null;
}

/** One queue as it stands. */
export interface QueueState {
  readonly receiver: string;
  readonly partition: number;
  readonly waiting: number;
  /** since when the oldest waits, epoch ms; null: none does */
  readonly oldestAt: number | null;
  readonly lastOk: number | null;
  readonly lastBad: number | null;
  /** code of the last failure */
  readonly lastCode: string | null;
  /** failures since the last success */
  readonly row: number;
  /** over all time */
  readonly counts: { readonly delivered: number; readonly failed: number; readonly dead: number };
}

export interface Pause {
  readonly since: number;
  readonly by: string;
  readonly why: string;
}

/** Messages of one step of the outbox, in its order. */
export interface Put {
  readonly sink: string;
  /** where the cursor was and where it goes: it moves in the same act */
  readonly after: string;
  readonly last: string;
  readonly messages: readonly { readonly receiver: string; readonly message: QueuedMessage }[];
}

export interface WebhookQueues {
  /** Puts the messages and moves the cursor, once, whoever calls how often. @throws when the cursor is elsewhere */
  put(partition: number, put: Put): Promise<void>;
  /** A message that no output said: a test. */
  add(partition: number, receiver: string, message: QueuedMessage): Promise<void>;
  /** Entries after one, oldest first, and how many there are in all. */
  read(partition: number, receiver: string, after: string, countMax: number): Promise<readonly QueueEntry[]>;
  /** null: it is not there any more */
  get(partition: number, receiver: string, entry: string): Promise<QueuedMessage | null>;
  length(partition: number, receiver: string): Promise<number>;
  tries(partition: number, receiver: string): Promise<ReadonlyMap<string, Tries>>;
  /** What came of an attempt: gone and delivered, gone with its letter, or to be tried again; with its note, in one act. */
  note(
    partition: number,
    receiver: string,
    entry: string,
    note: DeliveryNote,
    then: Tries | DeadLetter | null,
  ): Promise<void>;
  state(partition: number, receiver: string): Promise<QueueState>;
  /** Youngest first. */
  log(partition: number, receiver: string, countMax: number): Promise<readonly DeliveryNote[]>;
  /** Receivers that somebody holds back, over all partitions. */
  pauses(): Promise<ReadonlyMap<string, Pause>>;
  /** null: it goes on */
  pause(receiver: string, pause: Pause | null): Promise<void>;
}

/** Messages of one receiver that wait in one partition; what comes beyond goes to the dead letters. */
export const QUEUE_MAX = 20_000;
/** Attempts that the delivery log keeps per receiver and partition. */
export const LOG_MAX = 500;

/** A message that is given up, whole, so that it can be replayed. */
export const letterOfMessage = (
  receiver: string,
  message: QueuedMessage,
  reason: Pick<DeadLetter, 'code' | 'message' | 'remedy'>,
): DeadLetter => ({
  ...reason,
  entry: `hook:${receiver}:${message.id}`,
  index: 0,
  machine: message.unit,
  event: JSON.stringify(message),
  count: 1,
});
