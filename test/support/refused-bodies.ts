// Refused bodies: what must never come in by POST /v1/events, and how it is turned away.
// In: nothing. Out: bodies by name, each with the status and code of its answer.
// Pure.

const BEAT = { id: 'a', machine: 'filler', at: '2026-11-22T06:00:00.000Z', type: 'heartbeat' };
const whole = JSON.stringify(BEAT);

/** Name, body, status, code. */
export const REFUSED_BODIES: readonly (readonly [string, string | Buffer, number, string])[] = [
  ['broken JSON', '{"id":"a"', 400, 'OEE_HTTP_JSON'],
  ['nothing', '', 400, 'OEE_HTTP_EMPTY'],
  ['blanks', ' \n ', 400, 'OEE_HTTP_EMPTY'],
  ['NaN', '{"id":"a","machine":"filler","at":NaN,"type":"heartbeat"}', 400, 'OEE_HTTP_JSON'],
  ['a number beyond doubles', '{"id":"a","machine":"filler","at":1e999,"type":"heartbeat"}', 400, 'OEE_EVENT_FIELD'],
  ['a million levels', '['.repeat(1e6) + ']'.repeat(1e6), 400, 'OEE_HTTP_TOO_DEEP'],
  ['deep objects', `${'{"a":'.repeat(1e5)}1${'}'.repeat(1e5)}`, 400, 'OEE_HTTP_TOO_DEEP'],
  ['a 1 MB id', JSON.stringify({ ...BEAT, id: 'x'.repeat(1e6) }), 400, 'OEE_EVENT_FIELD'],
  ['a 1 MB type', JSON.stringify({ ...BEAT, type: 'x'.repeat(1e6) }), 400, 'OEE_EVENT_TYPE'],
  ['a type of Object.prototype', '{"id":"a","type":"constructor"}', 400, 'OEE_EVENT_TYPE'],
  ['type __proto__', '{"id":"a","type":"__proto__"}', 400, 'OEE_EVENT_TYPE'],
  ['__proto__ fields', '{"__proto__":{"id":"a","machine":"filler","at":0,"type":"heartbeat"}}', 400, 'OEE_EVENT_TYPE'],
  ['machine __proto__', '{"id":"a","machine":"__proto__","at":0,"type":"heartbeat"}', 400, 'OEE_EVENT_UNKNOWN_MACHINE'],
  [
    'state __proto__',
    '{"id":"a","machine":"filler","at":0,"type":"state","state":"__proto__"}',
    400,
    'OEE_EVENT_UNKNOWN_STATE',
  ],
  [
    'a key said twice',
    '{"id":"a","id":"b","machine":"filler","at":0,"type":"heartbeat"}',
    400,
    'OEE_HTTP_DUPLICATE_KEY',
  ],
  [
    'a key said twice in disguise',
    '{"id":"a","\\u0069d":"b","machine":"filler","at":0,"type":"heartbeat"}',
    400,
    'OEE_HTTP_DUPLICATE_KEY',
  ],
  ['a negative count', '{"id":"a","machine":"filler","at":0,"type":"count","good":-1}', 400, 'OEE_EVENT_FIELD'],
  ['half a piece', '{"id":"a","machine":"filler","at":0,"type":"count","good":0.5}', 400, 'OEE_EVENT_FIELD'],
  ['a count as text', '{"id":"a","machine":"filler","at":0,"type":"count","good":"3"}', 400, 'OEE_EVENT_FIELD'],
  ['a time in seconds before 1970', '{"id":"a","machine":"filler","at":-1,"type":"heartbeat"}', 400, 'OEE_EVENT_FIELD'],
  [
    'a time in microseconds',
    '{"id":"a","machine":"filler","at":1795327200000000,"type":"heartbeat"}',
    400,
    'OEE_EVENT_FIELD',
  ],
  [
    'February 30',
    '{"id":"a","machine":"filler","at":"2026-02-30T99:00:00Z","type":"heartbeat"}',
    400,
    'OEE_EVENT_FIELD',
  ],
  [
    'Latin-1',
    Buffer.concat([Buffer.from('{"id":"'), Buffer.from([0xe9]), Buffer.from(whole.slice(7))]),
    400,
    'OEE_HTTP_NOT_UTF8',
  ],
  ['UTF-16', Buffer.from(whole, 'utf16le'), 400, 'OEE_HTTP_JSON'],
  ['a bare word', 'hello', 400, 'OEE_HTTP_JSON'],
  ['null', 'null', 400, 'OEE_EVENT_NOT_AN_OBJECT'],
  ['a string', '"text"', 400, 'OEE_EVENT_NOT_AN_OBJECT'],
  ['an array of arrays', '[[[]],[]]', 400, 'OEE_EVENT_NOT_AN_OBJECT'],
  ['NDJSON called JSON', `${whole}\n${whole}\n`, 400, 'OEE_HTTP_JSON'],
  ['more than fits', `[${'1,'.repeat(5 * 1024 * 1024)}1]`, 413, 'OEE_HTTP_TOO_LARGE'],
  ['too many items', `[${'1,'.repeat(100_000)}1]`, 413, 'OEE_HTTP_TOO_MANY'],
];
