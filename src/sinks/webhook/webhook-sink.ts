// Webhook sink: takes what receivers want out of the outbox, as messages that never change, into a queue of each receiver's own.
// In: outputs of one partition. Out: messages in the queues, each once; the outbox never waits for a receiver.
// Touches the journal through its queues.

import type { Plant } from '../../core/plant-model.ts';
import type { Put, WebhookQueues } from '../../core/webhook-queue.ts';
import type { OutboxPlace, Sink } from '../sink.ts';
import { outputToMessage } from './output-to-message.ts';
import { whoWants } from './who-wants.ts';

export const WEBHOOK_SINK = 'webhook';

export interface WebhookSinkPorts {
  readonly plant: Pick<Plant, 'receivers' | 'alerts'>;
  readonly queues: Pick<WebhookQueues, 'put'>;
  /** epoch ms: since when a message waits */
  now(): number;
  /** something new waits in this partition's queues */
  wake(partition: number): void;
}

/** Characters of one act: a fraction of a second of Redis. */
const PUT_LENGTH_MAX = 1_000_000;

export function webhookSink({ plant, queues, now, wake }: WebhookSinkPorts): Sink {
  const wanting = whoWants(plant);
  return {
    name: WEBHOOK_SINK,
    async write(_outputs, partition, { after, entries }) {
      for (const put of putsOf(entries, after, now(), wanting)) {
        await queues.put(partition, put);
        wake(partition);
      }
      return [];
    },
    close: async () => {},
  };
}

/** Cut behind whole entries of the outbox; what follows the last message is left to whoever moves the cursor. */
function putsOf(
  entries: OutboxPlace['entries'],
  after: string,
  at: number,
  wanting: ReturnType<typeof whoWants>,
): Put[] {
  const puts: Put[] = [];
  let [from, messages, length] = [after, [] as Put['messages'][number][], 0];
  for (const { id, outputs } of entries) {
    for (const output of outputs) {
      const message = outputToMessage(output);
      if (message === null) continue;
      for (const receiver of wanting(output, message.type)) {
        messages.push({ receiver, message: { ...message, at } });
        length += message.body.length;
      }
    }
    const isLast = entries.at(-1)?.id === id;
    if (messages.length === 0 || (length < PUT_LENGTH_MAX && !isLast)) continue;
    puts.push({ sink: WEBHOOK_SINK, after: from, last: id, messages });
    [from, messages, length] = [id, [], 0];
  }
  return puts;
}
