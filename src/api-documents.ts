// API documents: OpenAPI with the webhooks, and AsyncAPI of the socket and the webhooks, made of the same schemas.
// In: what fastify says of the routes, the words of the socket and of webhooks. Out: two documents.
// Pure.

import { ALERT_RULE_SCHEMA } from './core/alert-rule-schema.ts';
import { listOf, named, type Schema, WIRE_SCHEMAS } from './core/wire-schemas.ts';
import { CLIENT_WORDS, SERVER_WORDS, type Word } from './sinks/live/live-schemas.ts';
import { WEBHOOK_HEADERS, WEBHOOK_WORDS } from './sinks/webhook/webhook-schemas.ts';

const holding = (field: string, schema: Schema): Schema => ({
  type: 'object',
  required: [field],
  properties: { [field]: schema },
});
/** What the reading routes answer; they write it themselves, so their own schemas leave it open. */
const ANSWERS: Readonly<Record<string, Schema>> = {
  '/v1/oee': holding('results', listOf(named('Result'))),
  '/v1/units/{unit}/timeline': holding('intervals', listOf(named('Interval'))),
  '/v1/units/{unit}/losses': named('Waterfall'),
  '/v1/plant': holding('alerts', listOf(ALERT_RULE_SCHEMA)),
  '/v1/alerts': holding('alerts', listOf(named('Alert'))),
  '/v1/alerts/{id}': named('Alert'),
  '/v1/reports': holding('reports', listOf(named('Result'))),
  '/v1/reports/{unit}/{shift}': named('Report'),
};

interface OpenApi {
  readonly paths?: Readonly<Record<string, { readonly get?: Operation }>>;
  readonly components?: { readonly schemas?: object };
}
interface Operation {
  readonly responses?: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema?: unknown }>> }>>;
}

/** @param routes the document of the routes; it is not changed */
export function openApiDocument(routes: object): object {
  const document = structuredClone(routes) as OpenApi;
  for (const [path, schema] of Object.entries(ANSWERS)) {
    const content = document.paths?.[path]?.get?.responses?.['200']?.content?.['application/json'];
    if (content !== undefined) content.schema = schema;
  }
  const webhooks = [...WEBHOOK_WORDS].map(([type, { summary, payload }]) => {
    const parameters = Object.entries(WEBHOOK_HEADERS).map(([name, { description, ...schema }]) => {
      return { name, in: 'header', required: true, description, schema };
    });
    const responses = {
      '2XX': { description: 'Taken; whatever follows is not read' },
      '410': { description: 'Never again: the receiver is held back until a person lets it go on' },
      default: { description: 'Tried again for 72 hours; Retry-After of 429 and 503 is honoured' },
    };
    const requestBody = { required: true, content: { 'application/json': { schema: payload } } };
    return [type, { post: { summary, tags: ['webhooks'], parameters, requestBody, responses } }];
  });
  const components = { ...document.components, schemas: { ...document.components?.schemas, ...WIRE_SCHEMAS } };
  return { ...document, components, webhooks: Object.fromEntries(webhooks) };
}

const messageKey = (side: string, name: string): string => `${side}.${name}`;
const messagesOf = (side: string, words: Iterable<readonly [string, Word]>): [string, object][] =>
  [...words].map(([name, { summary, payload }]) => {
    const headers = side === 'webhook' ? { headers: { type: 'object', properties: WEBHOOK_HEADERS } } : {};
    return [messageKey(side, name), { name, summary, ...headers, payload }];
  });

/** AsyncAPI 3: seen from the engine: it receives what clients say and sends all else. */
export function asyncApiDocument(version: string): object {
  const sides = {
    client: messagesOf('client', Object.entries(CLIENT_WORDS)),
    server: messagesOf('server', Object.entries(SERVER_WORDS)),
    webhook: messagesOf('webhook', WEBHOOK_WORDS),
  };
  const refs = (messages: readonly [string, object][]): object =>
    Object.fromEntries(messages.map(([key]) => [key, { $ref: `#/components/messages/${key}` }]));
  const operation = (action: 'send' | 'receive', channel: string, messages: readonly [string, object][]): object => ({
    action,
    channel: { $ref: `#/channels/${channel}` },
    messages: messages.map(([key]) => ({ $ref: `#/channels/${channel}/messages/${key}` })),
  });
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'oee-stream',
      version,
      description: 'Live results over WebSocket, and webhooks.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    channels: {
      live: {
        address: '/v1/live',
        title: 'Live results',
        description: LIVE_WORDS,
        messages: refs([...sides.client, ...sides.server]),
        bindings: { ws: { method: 'GET', query: TOKEN_QUERY } },
      },
      webhooks: {
        address: null,
        title: 'Webhooks',
        description: 'POST to the receivers of the plant file, after https://www.standardwebhooks.com.',
        messages: refs(sides.webhook),
      },
    },
    operations: {
      hearClients: operation('receive', 'live', sides.client),
      tellClients: operation('send', 'live', sides.server),
      tellReceivers: operation('send', 'webhooks', sides.webhook),
    },
    components: {
      schemas: WIRE_SCHEMAS,
      messages: Object.fromEntries([...sides.client, ...sides.server, ...sides.webhook]),
    },
  };
}

const LIVE_WORDS =
  'One JSON object per message. Subscribe; a snapshot follows, then frames in order. Keep epoch and offset of the last one and give them back as `since` to go on from there. Where a token is wanted: Authorization: Bearer, access_token in the query, or an auth message first. Close codes: 4400 too many messages that nobody understood, 4401 no token, 4408 too slow for too long, 4429 too many messages, 1001 the server stops.';
const TOKEN_QUERY = { type: 'object', properties: { access_token: { type: 'string' } } };
