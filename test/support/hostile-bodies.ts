// Hostile bodies: what careless or ill-meaning people post to the door, each with the answer that it must get.
// In: a machine to aim at, an instant. Out: requests with status and code.
// Pure.

import { gzipSync } from 'node:zlib';

export interface HostileBody {
  readonly what: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly code: string;
}

const MB = 1024 * 1024;
const JSON_TYPE = { 'content-type': 'application/json' };
const NDJSON = { 'content-type': 'application/x-ndjson' };
const LONG = 'x'.repeat(MB);
const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

export function hostileBodies(machine: string, at: number): HostileBody[] {
  const fine = { id: 'h', machine, at, type: 'count', good: 1 };
  const text = (more: object): string => JSON.stringify({ ...fine, ...more });
  const wrong = (
    what: string,
    body: string | Buffer,
    code: string,
    status = 400,
    headers = JSON_TYPE,
  ): HostileBody => ({
    what,
    body,
    code,
    status,
    headers,
  });
  const person = { by: 'x', why: 'y' };
  return [
    ...noJson(wrong),
    ...wrongFields(text).map(([what, body, code]) => wrong(what, body, code ?? 'OEE_EVENT_FIELD')),
    wrong('an unknown machine', text({ machine: `${machine}x` }), 'OEE_EVENT_UNKNOWN_MACHINE'),
    ...['__proto__', 'constructor', 'toString', 'hasOwnProperty'].flatMap(name => [
      wrong(`machine ${name}`, text({ machine: name }), 'OEE_EVENT_UNKNOWN_MACHINE'),
      wrong(`state ${name}`, text({ type: 'state', state: name }), 'OEE_EVENT_UNKNOWN_STATE'),
      wrong(`type ${name}`, text({ type: name }), 'OEE_EVENT_TYPE'),
      wrong(
        `product ${name}`,
        text({ type: 'order', phase: 'start', order: 'o', product: name }),
        'OEE_EVENT_UNKNOWN_PRODUCT',
      ),
    ]),
    wrong('fields under __proto__', `{"__proto__":${text({})}}`, 'OEE_EVENT_TYPE'),
    wrong('an unknown state', text({ type: 'state', state: 'dancing' }), 'OEE_EVENT_UNKNOWN_STATE'),
    wrong('counts that disagree', text({ total: 5, good: 1, reject: 1 }), 'OEE_EVENT_COUNTS_DISAGREE'),
    wrong('a count of nothing', text({ good: undefined }), 'OEE_EVENT_EMPTY'),
    wrong(
      'a span that ends before it begins',
      text({ type: 'reclassify', from: at, to: at - 1, category: 'setup', ...person }),
      'OEE_EVENT_SPAN',
    ),
    wrong('pieces out of nothing', text({ type: 'requalify', good: 5, ...person }), 'OEE_EVENT_REQUALIFY_SUM'),
    wrong('a correction that nobody signs', text({ type: 'revoke', revokes: 'a' }), 'OEE_EVENT_FIELD'),
    wrong('a key twice', text({}).replace('{', '{"good":2,'), 'OEE_HTTP_DUPLICATE_KEY'),
    wrong('100,000 levels', deep(100_000), 'OEE_HTTP_TOO_DEEP'),
    wrong('100,000 levels in a field', text({}).replace('"good":1', `"good":${deep(100_000)}`), 'OEE_HTTP_TOO_DEEP'),
    wrong('one event among deep ones', `[${deep(40)},${deep(40)}]`, 'OEE_HTTP_TOO_DEEP'),
    ...tooMuch(wrong),
    ...wrongTypes(text({})),
  ];
}

type Wrong = (
  what: string,
  body: string | Buffer,
  code: string,
  status?: number,
  headers?: typeof JSON_TYPE,
) => HostileBody;

function noJson(wrong: Wrong): HostileBody[] {
  return [
    wrong('nothing', '', 'OEE_HTTP_EMPTY'),
    wrong('blanks', ' \n\t ', 'OEE_HTTP_EMPTY'),
    wrong('blank lines', '\n\n\r\n', 'OEE_HTTP_EMPTY', 400, NDJSON),
    wrong('half an object', '{"id":', 'OEE_HTTP_JSON'),
    wrong('prose', 'hello', 'OEE_HTTP_JSON'),
    wrong('NaN', '{"id":"h","good":NaN}', 'OEE_HTTP_JSON'),
    wrong('Infinity', '{"id":"h","good":Infinity}', 'OEE_HTTP_JSON'),
    wrong('a comment', '{"id":"h"/* hello */}', 'OEE_HTTP_JSON'),
    wrong('lines that are no JSON', 'a\nb\nc', 'OEE_HTTP_JSON', 400, NDJSON),
    wrong('bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 'OEE_HTTP_NOT_UTF8'),
    wrong('UTF-16', Buffer.from('{"id":"h"}', 'utf16le'), 'OEE_HTTP_JSON'),
    ...['null', '42', '"text"', 'true', '[null]', '[[]]', '["a",1]'].map(body =>
      wrong(`JSON but no object: ${body}`, body, 'OEE_EVENT_NOT_AN_OBJECT'),
    ),
    wrong('an empty object', '{}', 'OEE_EVENT_TYPE'),
  ];
}

/** One field wrong at a time. */
function wrongFields(text: (more: object) => string): [what: string, body: string, code?: string][] {
  const cases = (name: string, values: readonly unknown[]): [string, string][] =>
    values.map(value => [`${name}: ${JSON.stringify(value)?.slice(0, 40)}`, text({ [name]: value })]);
  return [
    ...cases('good', [-1, 1.5, '3', true, [3], {}, 2 ** 32 - 1, 1e13, LONG]),
    ['good: 1e999', text({}).replace('"good":1', '"good":1e999')],
    ...cases('id', ['', 7, null, [], { toString: 'h' }, LONG]),
    ...cases('machine', ['', 7, null, ['m'], LONG]),
    ...cases('at', [null, true, -5, 1.5, 1e20, '', 'now', LONG, [], '2026-11-20', '2026-13-40T00:00:00Z']),
    ...cases('at', ['9999-12-31T23:59:59Z', '1969-12-31T23:59:59Z', '+275760-09-13T00:00:00Z']),
    ['a time without offset', text({ at: '2026-11-20T06:00:00.000' }), 'OEE_EVENT_TIME_WITHOUT_OFFSET'],
    ...cases('producer', ['', 7, LONG]),
    ['a producer without number', text({ producer: 'p' })],
    ['a producer with a negative number', text({ producer: 'p', seq: -1 })],
    ['a type of a million letters', text({ type: LONG }), 'OEE_EVENT_TYPE'],
    ['no type', text({ type: undefined }), 'OEE_EVENT_TYPE'],
    ['a state of a million letters', text({ type: 'state', state: LONG })],
    ['a reason that is no text', text({ type: 'state', state: 'producing', reason: { a: 1 } })],
  ];
}

function tooMuch(wrong: Wrong): HostileBody[] {
  const bomb = gzipSync(Buffer.alloc(64 * MB, ' '));
  const packed = { ...JSON_TYPE, 'content-encoding': 'gzip' };
  return [
    wrong('an array of 100,001 events', `[${'1,'.repeat(100_000)}1]`, 'OEE_HTTP_TOO_MANY', 413),
    wrong('nine megabytes', `"${'x'.repeat(9 * MB)}"`, 'OEE_HTTP_TOO_LARGE', 413),
    wrong('64 megabytes of blanks in a few kilobytes of gzip', bomb, 'OEE_HTTP_TOO_LARGE', 413, packed),
    wrong('a broken gzip', Buffer.from('not gzip'), 'OEE_HTTP_BODY', 400, packed),
    wrong('an unknown packing', 'x', 'OEE_HTTP_ENCODING', 415, { ...JSON_TYPE, 'content-encoding': 'zpaq' } as never),
    wrong('a line of a megabyte', `"${LONG}"`, 'OEE_HTTP_LINE_TOO_LONG', 400, NDJSON),
  ];
}

function wrongTypes(body: string): HostileBody[] {
  const types = ['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'application/json5', 'nonsense'];
  return types.map(type => ({
    what: `content-type ${type}`,
    body,
    status: 415,
    code: 'OEE_HTTP_MEDIA_TYPE',
    headers: { 'content-type': type },
  }));
}
