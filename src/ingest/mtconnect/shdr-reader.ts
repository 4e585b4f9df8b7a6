// SHDR reader: a recording of an MTConnect adapter as events.
// In: a file of adapter lines and a mapping. Out: states, counters and signs of life, in the file's order, ids always the same.
// Touches the file it is given, through its chunks only.

import { isRejection, type Rejection, rejection } from '../../core/rejection.ts';
import { splitLines } from '../line-splitter.ts';
import { type Recorded, recordedId, type Unreadable } from '../source.ts';
import { type CounterField, type KeyRule, type ShdrMapping, shdrMappingOf } from './shdr-mapping.ts';
import { type ShdrItem, type ShdrLine, type ShdrMoment, shdrParser } from './shdr-parser.ts';

/** Bytes of one line: assets and probes of a whole control fit; what is longer is no adapter line. */
const LINE_BYTES_MAX = 1024 * 1024;

export interface ShdrSource {
  readonly chunks: AsyncIterable<Buffer>;
  /** what `where` calls it, e.g. the file's name */
  readonly name: string;
  /** the machine where no device prefix names one */
  readonly machine: string;
  /** true: `machine` holds for prefixed keys too */
  readonly onlyMachine: boolean;
  readonly mapping: unknown;
}

type DataLine = Extract<ShdrLine, ShdrMoment>;

/** How far a machine has been heard. */
interface Heard {
  /** time of the last event, whatever its kind */
  sign: number;
  /** the newest line, and whether an event carries its time already */
  newest: { readonly at: number; readonly below: string; readonly line: number };
  newestSaid: boolean;
}

export async function* readShdr(source: ShdrSource): AsyncGenerator<Recorded | Unreadable> {
  const mapping = shdrMappingOf(source.mapping);
  const parse = shdrParser();
  const heard = new Map<string, Heard>();
  let number = 0;
  for await (const bytes of splitLines(source.chunks, LINE_BYTES_MAX)) {
    number += 1;
    const line: ShdrLine = bytes === null ? TOO_LONG : parse(bytes.toString('utf8'));
    const where = `${source.name}:${number}`;
    if (line.kind === 'fault') yield { fault: line.fault, where };
    else if ('items' in line) yield* eventsOf(line, number, where, source, mapping, heard);
  }
  if (mapping.heartbeats) yield* lastSigns(heard, source.name);
}

const TOO_LONG: ShdrLine = {
  kind: 'fault',
  fault: rejection('OEE_SHDR_LINE', `longer than ${LINE_BYTES_MAX} bytes`, 'Is this a file of adapter lines?'),
};

function* eventsOf(
  line: DataLine,
  number: number,
  where: string,
  source: ShdrSource,
  mapping: ShdrMapping,
  heard: Map<string, Heard>,
): Generator<Recorded | Unreadable> {
  const silent = new Set<string>();
  for (const item of line.items) {
    const { machine, rule } = ruleFor(item, source, mapping, heard);
    if (rule?.kind === 'ignore') continue;
    const known = hear(heard, machine, line, number);
    const said = rule === null ? null : saidBy(item, rule);
    if (said === null) {
      silent.add(machine);
    } else if (isRejection(said)) {
      yield { fault: said, where };
    } else {
      known.sign = line.at;
      known.newestSaid ||= line.at === known.newest.at;
      const id = recordedId(machine, line.at, line.below, number, item.place);
      yield { event: { id, machine, at: line.at, ...said }, at: line.at, where };
    }
  }
  if (mapping.heartbeats) yield* signsOfLife(silent, line, number, where, mapping, heard);
}

/** A line that says nothing else still says that the machine's adapter lives: told now and then, in either direction of time. */
function* signsOfLife(
  silent: ReadonlySet<string>,
  line: DataLine,
  number: number,
  where: string,
  mapping: ShdrMapping,
  heard: ReadonlyMap<string, Heard>,
): Generator<Recorded> {
  for (const machine of silent) {
    const known = heard.get(machine);
    if (known === undefined || Math.abs(line.at - known.sign) < mapping.heartbeatEveryMs) continue;
    known.sign = line.at;
    known.newestSaid ||= line.at === known.newest.at;
    yield heartbeat(machine, line, number, where);
  }
}

/** The newest line of all is always told: up to there the last state is known. */
function* lastSigns(heard: ReadonlyMap<string, Heard>, name: string): Generator<Recorded> {
  for (const [machine, { newest, newestSaid }] of heard) {
    if (!newestSaid) yield heartbeat(machine, newest, newest.line, `${name}:${newest.line}`);
  }
}

function heartbeat(machine: string, { at, below }: ShdrMoment, number: number, where: string): Recorded {
  const id = recordedId(machine, at, below, number, 0);
  return { event: { id, machine, at, type: 'heartbeat' }, at, where };
}

function hear(heard: Map<string, Heard>, machine: string, { at, below }: ShdrMoment, line: number): Heard {
  let known = heard.get(machine);
  if (known === undefined) {
    known = { sign: Number.NEGATIVE_INFINITY, newest: { at, below, line }, newestSaid: false };
    heard.set(machine, known);
  } else if (at > known.newest.at) {
    known.newest = { at, below, line };
    known.newestSaid = false;
  }
  return known;
}

/** A rule for the whole key wins; else the part before a colon is the device, where it is known as one. */
function ruleFor(
  { key }: ShdrItem,
  source: ShdrSource,
  mapping: ShdrMapping,
  heard: ReadonlyMap<string, Heard>,
): { machine: string; rule: KeyRule | null } {
  const whole = mapping.keys.get(key);
  const colon = key.indexOf(':');
  if (whole !== undefined || colon < 1) return { machine: source.machine, rule: whole ?? null };
  const device = key.slice(0, colon);
  const named = mapping.devices.get(device);
  const rule = mapping.keys.get(key.slice(colon + 1)) ?? null;
  const isDevice = rule !== null || named !== undefined || heard.has(device);
  return { machine: source.onlyMachine || !isDevice ? source.machine : (named ?? device), rule };
}

type Said = Readonly<Record<string, string | number>>;

/** @returns null for a counter that is not there at the moment: nothing is said about it */
function saidBy({ key, value }: ShdrItem, rule: Exclude<KeyRule, { kind: 'ignore' }>): Said | Rejection | null {
  const absent = value === '' || value.toUpperCase() === 'UNAVAILABLE';
  if (rule.kind === 'state') return { type: 'state', state: absent ? 'UNAVAILABLE' : value };
  return absent ? null : counterOf(key, value, rule.counter);
}

function counterOf(key: string, value: string, counter: CounterField): Said | Rejection {
  const reading = Number(value);
  if (Number.isInteger(reading) && reading >= 0) return { type: 'counter', [counter]: reading };
  return rejection(
    'OEE_SHDR_COUNTER',
    `${key} is "${value.slice(0, 40)}", no whole number`,
    'Map only keys that count pieces.',
  );
}
