// Live schemas: the words of /v1/live as JSON Schema: what a client may say, what it hears.
// In: the bounds of the codec, the shapes of the wire. Out: one schema for each word.
// Pure.

import { instant, listOf, named, oneOf, orNull, type Schema, text, told, whole } from '../../core/wire-schemas.ts';
import { type ClientMessage, NAME_LENGTH_MAX, NAMES_MAX, WINDOW_KIND } from './live-codec.ts';
import type { LiveOutput } from './live-frame.ts';

export interface Word {
  readonly summary: string;
  readonly payload: Schema;
}

function word(
  op: string,
  summary: string,
  fields: Readonly<Record<string, Schema>> = {},
  optional: readonly string[] = [],
): Word {
  const required = ['op', ...Object.keys(fields).filter(name => !optional.includes(name))];
  return { summary, payload: { type: 'object', required, properties: { op: { const: op }, ...fields } } };
}

const names = (items: Schema): Schema => ({
  anyOf: [{ const: '*' }, { type: 'array', minItems: 1, maxItems: NAMES_MAX, items }],
});
const name: Schema = { type: 'string', minLength: 1, maxLength: NAME_LENGTH_MAX };
const place = { epoch: text, offset: { type: 'integer', minimum: 0 } };

/** What the server understands. */
export const CLIENT_WORDS: Readonly<Record<ClientMessage['op'], Word>> = {
  subscribe: word(
    'subscribe',
    'What to hear from now on; takes the place of the subscription before',
    {
      units: told(names(name), 'ids of GET /v1/plant; * for all'),
      windows: told(names({ ...name, pattern: WINDOW_KIND.source }), 'kinds of windows; left out: all'),
      since: told(
        orNull({ type: 'object', required: ['epoch', 'offset'], properties: place }),
        'the place of the last frame heard: what was missed follows, or a gap with a snapshot',
      ),
    },
    ['windows', 'since'],
  ),
  unsubscribe: word('unsubscribe', 'Nothing more'),
  ping: word('ping', 'Are you there? A pong follows'),
  auth: word('auth', 'As the first message, where a token is wanted and was not shown with the request', {
    token: text,
  }),
};

const frame = (op: LiveOutput['type'], summary: string): Word =>
  word(op, summary, { ...place, [op]: named(SHAPES[op]) });
const SHAPES = { result: 'Result', state: 'State', interval: 'Interval', alert: 'Alert' } as const;

/** What the server says. */
export const SERVER_WORDS: Readonly<
  Record<LiveOutput['type'] | 'snapshot' | 'gap' | 'resumed' | 'pong' | 'error', Word>
> = {
  snapshot: word('snapshot', 'All that is known now of what was subscribed to', {
    ...place,
    results: listOf(named('Result')),
    states: listOf(named('State')),
    alerts: told(listOf(named('Alert')), 'active ones'),
  }),
  result: frame('result', 'The newest of a window; to a slow client some in between are not sent'),
  state: frame('state', 'What a machine does now'),
  interval: frame('interval', 'A part of a machine’s timeline, new or restated'),
  alert: frame('alert', 'News of an alert'),
  gap: word('gap', 'It cannot be gone on from there; a snapshot follows', {
    ...place,
    because: oneOf('otherEpoch', 'tooOld', 'slow'),
  }),
  resumed: word('resumed', 'All frames since then follow', { ...place, from: whole }),
  pong: word('pong', 'Here', {
    epoch: text,
    offset: told(orNull(whole), 'all frames up to it were sent'),
    at: instant,
  }),
  error: word('error', 'A message that was not followed, or why the line is cut', {
    code: text,
    message: text,
    remedy: text,
  }),
};
