// Lane ports: what a receiver's lane needs of the world.
// In: named by the dispatcher. Out: read by lanes.
// Pure: types.

import type { ReceiverModel } from '../../core/receiver.ts';
import type { WebhookQueues } from '../../core/webhook-queue.ts';
import type { PostWaits, Resolve } from './post-pinned.ts';
import type { Signer } from './sign-message.ts';

/** What all lanes share. */
export interface SharedPorts {
  readonly queues: WebhookQueues;
  /** asked right before each attempt: what another process owns by now is its to deliver */
  readonly holds: (partition: number) => boolean;
  /** epoch ms */
  readonly now: () => number;
  /** 0..1 */
  readonly random: () => number;
  /** resolves after the time, or as soon as the signal says so */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly post: { readonly resolve: Resolve; readonly waits: PostWaits };
  readonly log: (level: 'debug' | 'info' | 'warn', message: string, fields?: object) => void;
  /** without news a lane looks again after this */
  readonly idleMs?: number;
}

export interface LanePorts extends SharedPorts {
  readonly receiver: ReceiverModel;
  readonly signer: Signer;
  isPaused(receiver: string): Promise<boolean>;
  /** who is held back has changed: it is asked anew */
  askPauses(): void;
}
