// Webhook dispatcher: a lane for each receiver; they come and go with the partitions that are ours.
// In: receivers, their secrets, queues. Out: lanes that deliver.
// Touches what lanes touch.

import type { ReceiverModel } from '../../core/receiver.ts';
import type { Pause } from '../../core/webhook-queue.ts';
import type { SharedPorts } from './lane-ports.ts';
import { type LaneStatus, ReceiverLane } from './receiver-lane.ts';
import { signerOf } from './sign-message.ts';

export interface DispatcherOptions extends SharedPorts {
  readonly receivers: readonly ReceiverModel[];
  /** values of its variables, newest first, at least one each */
  secretsOf(receiver: ReceiverModel): readonly string[];
}

export interface WebhookDispatcher {
  /** something new may wait in this partition's queues */
  wake(partition: number): void;
  follow(partition: number): void;
  /** Resolves when nothing of it is under way any more. */
  leave(partition: number): Promise<void>;
  status(): readonly LaneStatus[];
  stop(): Promise<void>;
}

/** How long the word of a person who holds a receiver back may take to arrive. */
const PAUSES_KEPT_MS = 2_000;

export function webhookDispatcher(options: DispatcherOptions): WebhookDispatcher {
  const { receivers, secretsOf, queues, now } = options;
  let pauses: Promise<ReadonlyMap<string, Pause>> = Promise.resolve(new Map());
  let askedAt = Number.NEGATIVE_INFINITY;
  const askPauses = (): void => {
    askedAt = Number.NEGATIVE_INFINITY;
  };
  const isPaused = async (receiver: string): Promise<boolean> => {
    if (now() - askedAt >= PAUSES_KEPT_MS) {
      askedAt = now();
      pauses = queues.pauses();
      pauses.catch(askPauses);
    }
    return (await pauses).has(receiver);
  };
  const lanes = receivers.map(
    receiver => new ReceiverLane({ ...options, receiver, signer: signerOf(secretsOf(receiver)), isPaused, askPauses }),
  );
  return {
    wake: partition => {
      for (const lane of lanes) lane.wake(partition);
    },
    follow: partition => {
      for (const lane of lanes) lane.follow(partition);
    },
    leave: async partition => {
      await Promise.all(lanes.map(lane => lane.leave(partition)));
    },
    status: () => lanes.map(lane => lane.status()),
    stop: async () => {
      await Promise.all(lanes.map(lane => lane.stop()));
    },
  };
}
