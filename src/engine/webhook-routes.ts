// Webhook routes: receivers and how they do, what was sent to them, a test, and holding one back.
// In: HTTP. Out: JSON with ISO times.
// Touches the journal through its queues.

import type { FastifyInstance, FastifyReply } from 'fastify';
import { isoOf } from '../core/time.ts';
import { messageOf } from '../sinks/webhook/output-to-message.ts';
import { type ReceiverSummary, type ReceiverViewPorts, viewReceivers } from './receiver-view.ts';

export interface WebhookRoutePorts extends ReceiverViewPorts {
  /** epoch ms */
  now(): number;
}

const TAGS = ['webhooks'];
const COUNT_MAX = 500;
const COUNT_DEFAULT = 50;
const PATH = '/v1/webhooks/:receiver';
const PARAMS = { type: 'object', properties: { receiver: { type: 'string' } } };
const PAUSE = {
  type: 'object',
  required: ['by', 'why'],
  additionalProperties: false,
  properties: {
    by: { type: 'string', minLength: 1, maxLength: 128 },
    why: { type: 'string', minLength: 1, maxLength: 256 },
  },
};

type Named = { readonly Params: { readonly receiver: string } };

export async function webhookRoutes(app: FastifyInstance, ports: WebhookRoutePorts): Promise<void> {
  const { queues, receivers, partitions, now } = ports;
  const isKnown = (id: string): boolean => receivers.some(receiver => receiver.id === id);
  const schema = (summary: string, more: object = {}): object => ({ schema: { summary, tags: TAGS, ...more } });

  app.get('/v1/webhooks', schema('Receivers and how they do'), async () => ({
    receivers: (await viewReceivers(ports)).map(summaryToWire),
  }));
  const querystring = {
    type: 'object',
    properties: { count: { type: 'integer', minimum: 1, maximum: COUNT_MAX, default: COUNT_DEFAULT } },
  };
  app.get<Named & { readonly Querystring: { readonly count: number } }>(
    `${PATH}/deliveries`,
    schema('Attempts, youngest first', { params: PARAMS, querystring }),
    async ({ params: { receiver }, query: { count } }, reply) => {
      if (!isKnown(receiver)) return missing(reply);
      const logs = await Promise.all(partitions.map(partition => queues.log(partition, receiver, count)));
      const youngest = logs.flat().sort((a, b) => b.at - a.at);
      return { deliveries: youngest.slice(0, count).map(note => ({ ...note, at: isoOf(note.at) })) };
    },
  );
  app.post<Named>(
    `${PATH}/test`,
    schema('Sends a message of type test', { params: PARAMS }),
    async ({ params: { receiver } }, reply) => {
      const [partition] = partitions;
      if (!isKnown(receiver) || partition === undefined) return missing(reply);
      const at = now();
      const told = { unit: '', type: 'test' as const, at, identity: ['test', receiver, at], data: { receiver } };
      const message = messageOf(told);
      await queues.add(partition, receiver, { ...message, at });
      return reply.code(202).send({ id: message.id });
    },
  );
  app.post<Named & { readonly Body: { readonly by: string; readonly why: string } }>(
    `${PATH}/pause`,
    schema('Holds a receiver back; what it is to be told waits', { params: PARAMS, body: PAUSE }),
    async ({ params: { receiver }, body: { by, why } }, reply) => {
      if (!isKnown(receiver)) return missing(reply);
      await queues.pause(receiver, { since: now(), by, why });
      return { paused: true };
    },
  );
  app.post<Named>(
    `${PATH}/resume`,
    schema('Lets a receiver go on', { params: PARAMS }),
    async ({ params: { receiver } }, reply) => {
      if (!isKnown(receiver)) return missing(reply);
      await queues.pause(receiver, null);
      return { paused: false };
    },
  );
}

/** What stands behind a question mark in an address may be a secret. */
function summaryToWire({ receiver, standing, waiting, paused, ...summary }: ReceiverSummary): object {
  const { id, url, types, units, severities } = receiver;
  const time = (at: number | null): string | null => (at === null ? null : isoOf(at));
  return {
    ...{ id, url: url.split('?')[0], types, units, severities, standing, waiting },
    oldest: time(summary.oldestAt),
    lastDelivered: time(summary.lastOk),
    lastFailed: time(summary.lastBad),
    lastFailure: summary.lastCode,
    counts: summary.counts,
    paused: paused === null ? null : { ...paused, since: isoOf(paused.since) },
  };
}

const missing = (reply: FastifyReply): FastifyReply =>
  reply.code(404).send({
    code: 'OEE_SERVER_NO_RECEIVER',
    message: 'the plant file has no such receiver',
    remedy: 'GET /v1/webhooks lists them.',
  });
