// Hostile entries: what another program may write straight into a partition's stream, each with what must become of it.
// In: a machine of the partition, one of another, an instant. Out: fields for XADD, codes of the dead letters, good events.
// Pure.

export interface HostileEntry {
  readonly what: string;
  readonly fields: readonly string[];
  /** codes of the dead letters, in order */
  readonly codes: readonly string[];
  /** events of it that count */
  readonly good: number;
}

const UNREADABLE = 'OEE_PIPELINE_UNREADABLE';
const NO_OBJECT = 'OEE_EVENT_NOT_AN_OBJECT';
const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

export function hostileEntries(machine: string, elsewhere: string, at: number, now: number): HostileEntry[] {
  let made = 0;
  const event: MakeEvent = (more = {}) => {
    made += 1;
    return JSON.stringify({ id: `entry-${made}`, machine, at: at + made, type: 'heartbeat', ...more });
  };
  return [...unreadable(event), ...refused(event, elsewhere, now), ...otherFields(event, machine, at)];
}

type MakeEvent = (more?: object) => string;
const entry = (what: string, body: string, codes: readonly string[], good = 0): HostileEntry => ({
  what,
  fields: ['b', body],
  codes,
  good,
});

function unreadable(event: MakeEvent): HostileEntry[] {
  const again = event();
  return [
    entry('the same event twice', `${again}\n${again}`, [], 2),
    entry('prose', 'hello', [UNREADABLE]),
    entry('nothing', '', []),
    entry('blank lines', '\n \n\r\n', []),
    entry('a number', '42', [NO_OBJECT]),
    entry('null', 'null', [NO_OBJECT]),
    entry('an empty array', '[]', []),
    entry('an array of numbers', '[1,2,null]', [NO_OBJECT, NO_OBJECT, NO_OBJECT]),
    entry('half an array', `[${event()}`, [UNREADABLE]),
    entry('an empty object', '{}', ['OEE_EVENT_TYPE']),
    entry('good and bad lines', `${event()}\n{"id":\n${event()}\n7`, [UNREADABLE, NO_OBJECT], 2),
    entry('good and bad items', `[${event()},7,${event()},{}]`, [NO_OBJECT, 'OEE_EVENT_TYPE'], 2),
    entry('two events on one line', `${event()}${event()}`, [UNREADABLE]),
    entry('lines with a carriage return', `${event()}\r\n${event()}\r\n`, [], 2),
    entry('NaN', event().replace('}', ',"good":NaN}'), [UNREADABLE]),
    entry('a number beyond all', event({ type: 'count', good: 1 }).replace('"good":1', '"good":1e999'), [
      'OEE_EVENT_FIELD',
    ]),
    entry('200,000 levels', deep(200_000), [NO_OBJECT]),
    entry('200,000 levels in a field', event().replace('"type"', `"at":${deep(200_000)},"type"`), ['OEE_EVENT_FIELD']),
    entry('eight megabytes of one letter', 'x'.repeat(8 * 1024 * 1024), [UNREADABLE]),
    entry('a text of a megabyte', event({ id: 'x'.repeat(1024 * 1024) }), ['OEE_EVENT_FIELD']),
    entry('10,001 events', Array.from({ length: 10_001 }, () => '{}').join('\n'), [UNREADABLE]),
  ];
}

function refused(event: MakeEvent, elsewhere: string, now: number): HostileEntry[] {
  return [
    entry('an unknown machine', event({ machine: 'nobody' }), ['OEE_EVENT_UNKNOWN_MACHINE']),
    entry('a machine of another line', event({ machine: elsewhere }), ['OEE_PIPELINE_OTHER_PARTITION']),
    entry('an unknown state', event({ type: 'state', state: 'dancing' }), ['OEE_EVENT_UNKNOWN_STATE']),
    entry('a negative count', event({ type: 'count', good: -3 }), ['OEE_EVENT_FIELD']),
    entry('a time without offset', event({ at: '2026-11-20T06:00:00' }), ['OEE_EVENT_TIME_WITHOUT_OFFSET']),
    entry('the far future', event({ at: Date.UTC(2199, 0, 1) }), ['OEE_PIPELINE_AHEAD']),
    entry('the far past', event({ at: 0 }), ['OEE_PIPELINE_TOO_LATE']),
    entry('beyond the horizon', event({ at: now - 40 * 86_400_000 }), ['OEE_PIPELINE_TOO_LATE']),
    entry('names of objects’ innards', `{"__proto__":${event()},"constructor":{"prototype":1}}`, ['OEE_EVENT_TYPE']),
    entry('a type of objects’ innards', event({ type: '__proto__' }), ['OEE_EVENT_TYPE']),
  ];
}

/** Entries of kinds that only the engine writes, and of fields that mean nothing. */
function otherFields(event: MakeEvent, machine: string, at: number): HostileEntry[] {
  const fields = (what: string, names: readonly string[], codes: readonly string[], good = 0): HostileEntry => ({
    what,
    fields: names,
    codes,
    good,
  });
  return [
    fields('a plant of somebody else', ['k', 'plant', 'b', 'garbage'], ['OEE_PIPELINE_POISON']),
    fields('an empty plant', ['k', 'plant', 'b', '{}'], ['OEE_PIPELINE_POISON']),
    fields('a roll-up of somebody else', ['k', 'rollup', 'b', '{"unit":'], ['OEE_PIPELINE_POISON']),
    fields('a tick with a body', ['k', 'tick', 'b', 'garbage'], []),
    fields('an unknown kind', ['k', 'nonsense', 'b', event()], ['OEE_EVENT_TYPE']),
    fields('other fields', ['foo', 'bar', 'foo', 'baz'], ['OEE_EVENT_TYPE']),
    fields('a field named __proto__', ['__proto__', 'x'], ['OEE_EVENT_TYPE']),
    fields('a body and something else', ['b', event(), 'extra', '1'], ['OEE_EVENT_TYPE']),
    fields('other names of the body', ['events', `${event()}\n${event()}`], [], 2),
    fields(
      'the event’s own fields',
      ['id', 'flat', 'machine', machine, 'type', 'heartbeat', 'at', new Date(at).toISOString()],
      [],
      1,
    ),
  ];
}
