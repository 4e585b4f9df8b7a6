// Deliver: the one loop behind every durable sink: read the outbox after the cursor, write, move the cursor, for ever.
// In: a sink, partitions, the outbox. Out: every output with the neighbour, or in the dead letters with a reason.
// Touches the outbox and the sink. Each partition goes at its own pace: the trouble of one keeps nobody else waiting.

import { setTimeout as timer } from 'node:timers/promises';
import { type DeliveryTrouble, type FollowOptions, OutboxFollower, quietly } from './outbox-follower.ts';
import { Turns } from './turns.ts';

export type { OutboxEntry, OutboxPort } from './outbox-follower.ts';

export interface DeliverOptions extends Omit<FollowOptions, 'nameOf'> {
  /** followed from the start; others come and go by follow and leave */
  readonly partitions: readonly number[];
  /** of this process among all, as long as there is one */
  readonly owner?: string;
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

/** Batches in memory at once, over all partitions; the others wait for their turn. */
const BATCHES_MAX = 8;
const STOP_MAX_MS = 5_000;

export function deliver(options: DeliverOptions): Delivery {
  const turns = new Turns(BATCHES_MAX);
  const followers = new Map<number, OutboxFollower>();
  /** told to stop and still at it */
  const leaving = new Set<OutboxFollower>();
  let named = 0;
  const nameOf = (): string => `${(options.owner ?? 'sink').replaceAll(/[|\s]/g, '_')}/${named++}`;
  const past = { delivered: 0, refused: 0, retries: 0 };
  const all = (): OutboxFollower[] => [...followers.values(), ...leaving];
  const sum = (of: (follower: OutboxFollower) => number): number => all().reduce((total, each) => total + of(each), 0);
  const follow = (partition: number): void => {
    if (!followers.has(partition))
      followers.set(partition, new OutboxFollower(partition, { ...options, nameOf }, turns));
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
