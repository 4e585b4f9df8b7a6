// Events schema: what POST /v1/events takes and answers, for the published OpenAPI document.
// In: the events' own schema. Out: a route schema.
// Pure.

import { eventSchema } from '../../core/event-spec.ts';

const whole = { type: 'integer', minimum: 0 };
const text = { type: 'string' };
const reason = { code: text, message: text, remedy: text };
const receipt = {
  sent: { ...whole, description: 'events found in the body; sent - accepted - duplicates were rejected' },
  accepted: { ...whole, description: 'new events that the journal holds now' },
  duplicates: { ...whole, description: 'events that the journal held already' },
  rejected: {
    type: 'array',
    description: 'the first 1000 rejections',
    items: {
      type: 'object',
      required: ['index', 'code', 'message', 'remedy'],
      properties: { index: { ...whole, description: 'place in the body, from 0' }, ...reason },
    },
  },
};
const answer = (description: string, properties: object, required: string[]) => ({
  description,
  type: 'object',
  required,
  properties,
});
const refusal = (description: string) => answer(description, { ...reason, ...receipt }, ['code', 'message', 'remedy']);

export function eventsRouteSchema(): object {
  const event = eventSchema();
  return {
    summary: 'Events in',
    description:
      'Takes machine events: one object, an array, or NDJSON (one object per line, read as it arrives). The answer comes only after the journal holds what was accepted. Sending the same events again is safe: they are recognised by their ids.',
    tags: ['events'],
    body: {
      content: {
        'application/json': { schema: { anyOf: [event, { type: 'array', items: event }] } },
        'application/x-ndjson': { schema: { type: 'string', description: 'one event per line' } },
      },
    },
    response: {
      202: answer('The journal holds them', receipt, ['sent', 'accepted', 'duplicates', 'rejected']),
      400: refusal('Nothing in the body could be taken'),
      413: refusal('The body is too large'),
      415: refusal('Neither JSON nor NDJSON, or an unknown encoding'),
      429: refusal('Too many bodies at once; see Retry-After'),
      503: refusal('The journal is full or away; send the same events again after Retry-After'),
    },
  };
}
