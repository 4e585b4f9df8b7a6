// Webhook schemas: what receivers are told, as JSON Schema, one for each type.
// In: the shapes of the wire. Out: bodies `{type, timestamp, data}`.
// Pure.

import type { Confirmation } from '../../core/confirmation.ts';
import { WEBHOOK_TYPES, type WebhookType } from '../../core/receiver.ts';
import {
  ALERT_FIELDS,
  CONFIRMATION_FIELDS,
  instant,
  named,
  orNull,
  RATIO_FIELDS,
  type Schema,
  shape,
  text,
  told,
  whole,
} from '../../core/wire-schemas.ts';

export interface WebhookWord {
  readonly summary: string;
  readonly payload: Schema;
}

const alert = shape({ ...ALERT_FIELDS, membersMore: told(whole, 'units that are not named') });
const confirmation = shape({
  unit: text,
  line: text,
  shift: shape<Confirmation['shift']>({ name: orNull(text), start: instant, end: instant, businessDay: orNull(text) }),
  ...CONFIRMATION_FIELDS,
  ...RATIO_FIELDS,
  difference: told(orNull(named('Tally')), 'to be booked on top of what was booked under this id'),
});

const WORDS: Readonly<Record<WebhookType, readonly [summary: string, data: Schema]>> = {
  'alert.raised': ['A rule’s condition has held long enough', alert],
  'alert.updated': ['More units, flapping, acknowledged or muted', alert],
  'alert.escalated': ['Nobody acknowledged it in time', alert],
  'alert.resolved': ['It is over', alert],
  'alert.withdrawn': ['Late facts or a correction undid it: it never was', alert],
  'report.shift': ['A shift is final', named('Report')],
  'report.shift.restated': ['A final shift has changed', named('Report')],
  confirmation: ['What a machine made of an order in a shift', confirmation],
  'confirmation.restated': ['A confirmation has changed: book the difference', confirmation],
  test: ['Sent by hand', shape({ receiver: text })],
};

/** In the order in which receivers name them. */
export const WEBHOOK_WORDS: ReadonlyMap<WebhookType, WebhookWord> = new Map(
  WEBHOOK_TYPES.map(type => {
    const [summary, data] = WORDS[type];
    const body = shape({ type: { const: type }, timestamp: told(instant, 'the instant that is spoken of'), data });
    return [type, { summary, payload: body }];
  }),
);

/** Headers of every delivery, after Standard Webhooks. */
export const WEBHOOK_HEADERS: Readonly<Record<string, Schema>> = {
  'webhook-id': told(text, 'the same for every repeat: keep it, and nothing counts twice'),
  'webhook-timestamp': told(text, 'seconds since 1970, of this attempt'),
  'webhook-signature': told(
    text,
    'v1,<base64 of HMAC-SHA256 over id.timestamp.body>, one for each secret, separated by spaces',
  ),
};
