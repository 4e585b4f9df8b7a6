// Webhooks: the dispatcher as the engine runs it: for receivers whose secrets this process has, in the partitions that it owns.
// In: the plant, secrets, the journal's queues, clock and chance. Out: a dispatcher that comes and goes with the ownership.
// Touches timers, and the network through the dispatcher.

import { setTimeout as timer } from 'node:timers/promises';
import type { Plant } from '../core/plant-model.ts';
import type { JournalHooks } from '../journal/journal.ts';
import type { Log } from '../log.ts';
import { POST_WAITS, type Resolve } from '../sinks/webhook/post-pinned.ts';
import { type WebhookDispatcher, webhookDispatcher } from '../sinks/webhook/webhook-dispatcher.ts';

export interface WebhookOptions {
  /** per receiver; one without any is not delivered to from here */
  readonly secrets: ReadonlyMap<string, readonly string[]>;
  /** epoch ms */
  now(): number;
  readonly resolve: Resolve;
}

interface Given {
  readonly plant: Plant;
  readonly journal: JournalHooks;
  readonly webhooks: WebhookOptions;
  readonly random: () => number;
  readonly log: Log;
}

export function startWebhooks(
  { plant, journal, webhooks, random, log }: Given,
  holds: (partition: number) => boolean,
): WebhookDispatcher {
  const { secrets, now, resolve } = webhooks;
  return webhookDispatcher({
    receivers: plant.receivers.filter(({ id }) => secrets.has(id)),
    secretsOf: ({ id }) => secrets.get(id) ?? [],
    queues: journal.webhooks,
    ...{ holds, now, random, log },
    sleep: (ms, signal) => timer(ms, undefined, { signal }).catch(() => {}),
    post: { resolve, waits: POST_WAITS },
  });
}
