// Copy partition: everything that the journal keeps of one partition, as of one instant, while it goes on being written.
// In: a partition. Out: its records, and whether they fit together.
// Touches Redis through the connection, reading only.
//
// What is small is read in one act. What only grows (texts, streams, ids) has its length read in that act and its content
// afterwards, up to that length: the beginning of something that only grows stays as it is. What was let go meanwhile shows,
// and the copy is then made anew.

import type { Connection } from './connection.ts';
import { copyQueues, type QueueRecord } from './copy-queues.ts';
import { compareIds, FIRST_ID, type PartitionKeys } from './keys.ts';

export const HASHES = ['meta', 'st', 'cur', 'hwm'] as const;
export const STREAMS = ['in', 'out', 'dlq'] as const;
export type HashName = (typeof HASHES)[number];
export type StreamName = (typeof STREAMS)[number];
export type CopiedEntry = readonly [id: string, fields: readonly string[]];

export type CopyRecord =
  | QueueRecord
  /** field, value, field, value … */
  | { readonly hash: HashName; readonly pairs: readonly string[] }
  /** the next part of a text, whole lines */
  | { readonly text: string; readonly part: string }
  | { readonly stream: StreamName; readonly entries: readonly CopiedEntry[] }
  | { readonly edges: StreamName; readonly last: string; readonly added: string; readonly deleted: string }
  /** a part of a bucket of event ids: id, where it is, id … */
  | { readonly ids: string; readonly start: number; readonly expiresAt: number; readonly pairs: readonly string[] };

interface Edges {
  readonly length: number;
  readonly added: string;
  readonly last: string;
  readonly deleted: string;
}

interface Snapshot {
  readonly hashes: Readonly<Record<HashName, readonly string[]>>;
  readonly buckets: readonly { readonly name: string; readonly start: number }[];
  readonly texts: readonly { readonly suffix: string; readonly length: number }[];
  readonly streams: Readonly<Record<StreamName, Edges>>;
}

/** Pairs, entries and characters of one record: a line of a backup stays readable by any tool. */
const PAIRS = 1_000;
const ENTRIES = 50;
const PART_LENGTH = 262_144;
/** Texts come and go at the change of a day only. */
const TEXTS_ATTEMPTS_MAX = 5;

/** @returns whether the records fit together; false: something that belongs to them was let go meanwhile, copy again */
export async function* copyPartition(connection: Connection, keys: PartitionKeys): AsyncGenerator<CopyRecord, boolean> {
  const snapshot = await snapshotOf(connection, keys);
  if (snapshot === null) return false;
  const { hashes, streams } = snapshot;
  // First what is let go soonest: the outbox, as soon as every sink has it.
  for (const name of STREAMS) {
    const first = yield* copyStream(connection, keys[name], name, streams[name]);
    if (!isWhole(first, name, snapshot)) return false;
  }
  yield* copyQueues(connection, keys);
  for (const name of HASHES) {
    for (const pairs of slices(hashes[name], PAIRS)) yield { hash: name, pairs };
  }
  for (const { suffix, length } of snapshot.texts) {
    const text = (await connection.read('getrange', [keys.text(suffix), 0, length - 1])) as string;
    if (Buffer.byteLength(text) < length) return false;
    for (const part of partsOf(text)) yield { text: suffix, part };
  }
  for (const bucket of snapshot.buckets) yield* copyIds(connection, keys, bucket, streams.in.last);
  return true;
}

/**
 * What lines told this partition's areas and sites after it was copied. Another partition, copied later, may count on their
 * having it. Taking it in twice, or early, changes nothing: a roll-up keeps the newest part of each line and window.
 */
export async function* copyRollupsAfter(
  connection: Connection,
  keys: PartitionKeys,
  last: string,
): AsyncGenerator<CopyRecord, boolean> {
  let after = last;
  for (;;) {
    const range = [keys.in, `(${after}`, '+', 'COUNT', ENTRIES];
    const found = (await connection.read('xrange', range)) as CopiedEntry[];
    const entries = found.filter(([, [kind, name]]) => kind === 'k' && name === 'rollup');
    if (entries.length > 0) yield { stream: 'in', entries };
    if (found.length < ENTRIES) return true;
    after = found.at(-1)?.[0] ?? after;
  }
}

async function snapshotOf(connection: Connection, keys: PartitionKeys): Promise<Snapshot | null> {
  let suffixes: string[] = [];
  for (let attempt = 0; attempt < TEXTS_ATTEMPTS_MAX; attempt++) {
    const fixed = [keys.in, keys.hwm, keys.meta, keys.st, keys.ts, keys.out, keys.cur, keys.dlq, keys.id];
    const reply = (await connection.act(
      'snapshot-partition',
      [...fixed, ...suffixes.map(keys.text)],
      suffixes,
    )) as unknown[];
    if (reply[0] === 'snapshot') return readSnapshot(reply, suffixes);
    suffixes = (reply[1] as string[]).sort();
  }
  return null;
}

function readSnapshot(reply: readonly unknown[], suffixes: readonly string[]): Snapshot {
  const [, meta, st, cur, hwm, buckets, lengths, ...edges] = reply as [string, ...string[][]];
  const edgesOf = (place: number): Edges => {
    const [length = '0', added = '0', last = FIRST_ID, deleted = FIRST_ID] = edges[place] ?? [];
    return { length: Number(length), added, last, deleted };
  };
  return {
    hashes: { meta: meta ?? [], st: st ?? [], cur: cur ?? [], hwm: hwm ?? [] },
    buckets: slices(buckets ?? [], 2).map(([name = '', start = '0']) => ({ name, start: Number(start) })),
    texts: suffixes.map((suffix, place) => ({ suffix, length: Number(lengths?.[place] ?? 0) })),
    streams: { in: edgesOf(0), out: edgesOf(1), dlq: edgesOf(2) },
  };
}

/** @returns the first id that was still there, and how many entries */
async function* copyStream(
  connection: Connection,
  key: string,
  stream: StreamName,
  { last, added, deleted, length }: Edges,
): AsyncGenerator<CopyRecord, { first: string | null; entries: number }> {
  let [after, first, entries] = ['-', null as string | null, 0];
  while (length > 0) {
    const found = (await connection.read('xrange', [key, after, last, 'COUNT', ENTRIES])) as CopiedEntry[];
    if (found.length > 0) yield { stream, entries: found };
    first ??= found[0]?.[0] ?? null;
    entries += found.length;
    if (found.length < ENTRIES) break;
    after = `(${found.at(-1)?.[0] ?? last}`;
  }
  if (last !== FIRST_ID) yield { edges: stream, last, added, deleted };
  return { first, entries };
}

/**
 * Streams lose entries at their beginning: of the log below the offset, of the outbox below every cursor. Those are not
 * needed; all others must be there. A dead letter may be taken out anywhere.
 */
function isWhole(
  { first, entries }: { readonly first: string | null; readonly entries: number },
  name: StreamName,
  { streams, hashes }: Snapshot,
): boolean {
  if (entries === streams[name].length) return true;
  if (first === null || name === 'dlq') return false;
  const field = (pairs: readonly string[], wanted: string): string | undefined =>
    slices(pairs, 2).find(([key]) => key === wanted)?.[1];
  if (name === 'in') return compareIds(first, field(hashes.meta, 'offset') ?? FIRST_ID) <= 0;
  const cursors = slices(hashes.cur, 2).map(([, value = FIRST_ID]) => value.split(' ')[0] ?? FIRST_ID);
  return cursors.length > 0 && cursors.every(cursor => compareIds(first, cursor) <= 0);
}

/** Ids that were seen by the instant of the snapshot: what each is followed by begins with the entry that holds it. */
async function* copyIds(
  connection: Connection,
  keys: PartitionKeys,
  { name, start }: Snapshot['buckets'][number],
  last: string,
): AsyncGenerator<CopyRecord> {
  const key = `${keys.id}:${name}`;
  const expiresAt = Number(await connection.read('pexpiretime', [key]));
  let cursor = '0';
  do {
    const [next, found] = (await connection.read('hscan', [key, cursor, 'COUNT', PAIRS])) as [string, string[]];
    const seen = slices(found, 2).filter(([, value = '']) => compareIds(value.split(' ')[0] ?? '', last) <= 0);
    if (seen.length > 0) yield { ids: name, start, expiresAt, pairs: seen.flat() };
    cursor = next;
  } while (cursor !== '0');
}

function slices<T>(values: readonly T[], size: number): T[][] {
  const some: T[][] = [];
  for (let from = 0; from < values.length; from += size) some.push(values.slice(from, from + size));
  return some;
}

/** Cut behind line ends; an empty text is one empty part. */
function* partsOf(text: string): Generator<string> {
  for (let from = 0; from < text.length || from === 0; ) {
    const end = text.lastIndexOf('\n', from + PART_LENGTH);
    const to = from + PART_LENGTH >= text.length || end < from ? text.length : end + 1;
    yield text.slice(from, to);
    if (to >= text.length) return;
    from = to;
  }
}
