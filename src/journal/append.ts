// Append: events and internal entries into a partition's log, each exactly once however often the call is repeated.
// In: batches of checked events as text. Out: receipts, only after Redis holds them.
// Touches Redis through the connection.

import { createHash } from 'node:crypto';
import type { EntryKind } from '../core/log-entry.ts';
import type { Connection } from './connection.ts';
import { BehindProducer, JournalAway, JournalFault } from './journal-error.ts';
import type { PartitionKeys } from './keys.ts';

export interface BatchEvent {
  readonly id: string;
  /** canonical JSON of one event */
  readonly text: string;
  /** what makes it the same event when its id comes again; by default a hash of the text */
  readonly fingerprint?: string;
}
export interface Batch {
  /** 1..EVENTS_MAX */
  readonly events: readonly BatchEvent[];
  readonly producer?: string;
  /** this producer's number of this batch, rising by one; with it ids are not looked at */
  readonly seq?: number;
  /**
   * The number before, as the producer was told it is held; null: none yet. A journal that fell back in a fail-over then takes
   * nothing but throws BehindProducer, and the producer sends again from the mark; without it, a jump is told as a gap and taken.
   */
  readonly previous?: number | null;
}

export interface Receipt {
  /** `duplicate`: the whole batch was there by its number. Both mean: the journal holds it. */
  readonly outcome: 'accepted' | 'duplicate';
  /** the log entry that holds the events; null when nothing new was among them */
  readonly entry: string | null;
  readonly accepted: number;
  /** places in the batch of events that were there before */
  readonly duplicates: readonly number[];
  /** places of events whose id was used for another event: not appended */
  readonly reused: readonly number[];
  /** batch numbers that never came; this batch was appended all the same */
  readonly gap: { readonly expected: number; readonly got: number } | null;
}

export interface Producer {
  readonly name: string;
  readonly seq: number;
}

export interface Appender {
  append(partition: number, batch: Batch): Promise<Receipt>;
  appendInternal(partition: number, kind: EntryKind, body: string, producer?: Producer): Promise<Receipt>;
  /** the producer's last number that was accepted, null when none is known: from there on it sends again */
  mark(partition: number, producer: string): Promise<number | null>;
}

export const EVENTS_MAX = 1_000;
/** Calls under way or waiting for their turn; beyond it callers are told to come back (memory: at most this many batches). */
export const APPENDS_WAITING_MAX = 4_096;
const DAY_MS = 86_400_000;
/** Looking an id up costs one read per bucket: about so many make up the horizon. */
const BUCKETS = 4;

/** They change once a day, and when a journal is emptied. */
const BUCKET_ATTEMPTS_MAX = 5;

/** Names one call, so that its repetition is told from another call: the same through all retries, unlike any other. */
export function tokensOf(owner: string): () => string {
  const who = createHash('sha1').update(owner).digest('base64url').slice(0, 10);
  let calls = 0;
  return () => `${who}${(calls++).toString(36)}`;
}

/** Bucket width: a part of the horizon in whole days. */
export const bucketMsOf = (horizonMs: number): number => Math.ceil(horizonMs / BUCKETS / DAY_MS) * DAY_MS;

export const fingerprintOf = (text: string): string => createHash('sha1').update(text).digest('base64url').slice(0, 8);

interface Door {
  readonly connection: Connection;
  keysOf(partition: number): PartitionKeys;
  readonly horizonMs: number;
  token(): string;
  appended(partition: number): void;
  readonly inTurn: ReturnType<typeof turns>;
  /** names of the buckets of ids per partition, as last heard */
  readonly buckets: Map<string, readonly string[]>;
}

export function openAppender(
  connection: Connection,
  keysOf: (partition: number) => PartitionKeys,
  horizonMs: number,
  token: () => string,
  appended: (partition: number) => void,
): Appender {
  const door: Door = { connection, keysOf, horizonMs, token, appended, inTurn: turns(), buckets: new Map() };
  return {
    append: async (partition, { events, producer, seq, previous }) => {
      const marks = keysOf(partition).hwm;
      if (events.length < 1 || events.length > EVENTS_MAX) throw wrongBatch(`it has ${events.length} events`);
      if (producer === undefined || seq === undefined) return appendById(door, partition, events);
      if (!Number.isSafeInteger(seq) || seq < 0) throw wrongBatch(`its number is ${seq}`);
      const body = events.map(event => event.text).join('\n');
      return appendCounted(door, partition, {
        kind: 'events',
        marks,
        field: producer,
        seq,
        previous,
        body,
        events: events.length,
      });
    },
    appendInternal: async (partition, kind, body, producer) => {
      // Marks of our own producers live in `meta`, where no name from outside can meet them.
      const [marks, field] = [keysOf(partition).meta, `mark:${producer?.name ?? kind}`];
      return appendCounted(door, partition, { kind, marks, field, seq: producer?.seq ?? null, body, events: 1 });
    },
    mark: async (partition, producer) => {
      const kept = (await connection.read('hget', [keysOf(partition).hwm, producer])) as string | null;
      return kept === null ? null : Number(kept.split(' ')[0]);
    },
  };
}

interface CountedBody {
  readonly kind: EntryKind;
  /** where the mark is kept, and under which name */
  readonly marks: string;
  readonly field: string;
  /** null: not numbered, but still not twice for one call */
  readonly seq: number | null;
  readonly previous?: number | null | undefined;
  readonly body: string;
  readonly events: number;
}

async function appendCounted(door: Door, partition: number, counted: CountedBody): Promise<Receipt> {
  const { kind, marks, field, seq, previous, body, events } = counted;
  const keys = door.keysOf(partition);
  const from = previous === undefined ? '*' : (previous ?? '-');
  const args = [door.token(), kind === 'events' ? '' : kind, field, seq ?? '-', events, body, from];
  const act = kind === 'rollup' ? 'append-rollup' : 'append-counted';
  // Never two at once of one producer: were the later one to get in first, the earlier would come as an old one and be lost.
  const reply = (await door.inTurn(`${marks} ${field}`, () =>
    door.connection.act(act, [keys.in, marks, keys.meta], args),
  )) as string[];
  const [outcome, entry = null, expected = '-'] = reply;
  if (outcome === 'behind') throw new BehindProducer(field, previous ?? null, entry === '-' ? null : Number(entry));
  if (outcome === 'duplicate') {
    const duplicates = Array.from({ length: events }, (_, place) => place);
    return { outcome, entry: null, accepted: 0, duplicates, reused: [], gap: null };
  }
  door.appended(partition);
  const gap = expected === '-' || seq === null ? null : { expected: Number(expected), got: seq };
  return { outcome: 'accepted', entry, accepted: events, duplicates: [], reused: [], gap };
}

async function appendById(door: Door, partition: number, events: readonly BatchEvent[]): Promise<Receipt> {
  const keys = door.keysOf(partition);
  const args: (string | number)[] = [door.token(), door.horizonMs, bucketMsOf(door.horizonMs)];
  for (const event of events) args.push(event.id, event.fingerprint ?? fingerprintOf(event.text), event.text);
  const run = (): Promise<unknown> => actOnBuckets(door, keys, args);
  const reply = (await door.inTurn(null, run)) as [string, number, number[], number[]];
  const [entry, accepted, duplicates, reused] = reply;
  if (accepted > 0) door.appended(partition);
  return { outcome: 'accepted', entry: entry === '-' ? null : entry, accepted, duplicates, reused, gap: null };
}

/** Asks with the buckets of ids as they were last; told that they are others by now, with those. */
async function actOnBuckets(door: Door, keys: PartitionKeys, args: readonly (string | number)[]): Promise<unknown> {
  for (let attempt = 0; attempt < BUCKET_ATTEMPTS_MAX; attempt++) {
    const buckets = door.buckets.get(keys.id) ?? [];
    const reply = (await door.connection.act(
      'append-by-id',
      [keys.in, keys.id, keys.meta, ...buckets],
      args,
    )) as unknown[];
    if (reply[0] !== 'buckets') return reply;
    door.buckets.set(keys.id, reply[1] as string[]);
  }
  throw new JournalAway('OEE_JOURNAL_AWAY', 'append by id: its buckets change all the time', 'Send the same again.');
}

/**
 * One after another per key (null: at once). Those waiting behind a failed one fail with it: were number 6 let in before 5
 * is tried again, 5 would come as an old one and be lost.
 */
function turns(): <T>(key: string | null, run: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  let waiting = 0;
  return async (key, run) => {
    if (waiting >= APPENDS_WAITING_MAX) {
      throw new JournalAway(
        'OEE_JOURNAL_AWAY',
        `${APPENDS_WAITING_MAX} appends are waiting for Redis`,
        'Come back in a while: Redis is slower than what comes in.',
      );
    }
    waiting++;
    const before = key === null ? undefined : last.get(key);
    const mine = before === undefined ? run() : before.then(run);
    if (key !== null) last.set(key, mine);
    try {
      return await mine;
    } finally {
      waiting--;
      if (key !== null && last.get(key) === mine) last.delete(key);
    }
  };
}

const wrongBatch = (trouble: string): JournalFault =>
  new JournalFault(
    'OEE_JOURNAL_BATCH',
    `this batch cannot be appended: ${trouble}`,
    `A batch holds 1 to ${EVENTS_MAX} events; its number is a whole one from 0 up.`,
  );
