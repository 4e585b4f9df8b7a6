// Reader: a partition's log in order, from one's own offset, and its checkpoint.
// In: an id. Out: the entries after it; an alarm when some vanished unread; the committed state.
// Touches Redis through the connection; reads only, and never blocks on the server: a blocked read may never settle after a reconnect.

import type { Checkpoint, EntryKind, LogEntry } from '../core/log-entry.ts';
import type { Connection, Log } from './connection.ts';
import { JournalFault, LostOwnership } from './journal-error.ts';
import { compareIds, FIRST_ID, type PartitionKeys } from './keys.ts';

type RawEntry = [id: string, fields: string[]];

/** Fields in which an outsider's packed batch is found. */
const BODY_FIELDS: readonly string[] = ['b', 'body', 'event', 'events'];
const KINDS: ReadonlySet<string> = new Set<EntryKind>(['events', 'tick', 'plant', 'rollup', 'alert-act', 'health']);
/** Texts fetched at once while loading: bounds the size of a reply, behind which the renewals of other leases wait. */
const TEXTS_AT_ONCE = 16;

/**
 * Reads an entry of ours, or one that somebody else put into the stream. What is neither is handed on as it stands, to be
 * refused with its text: nothing in the log is skipped.
 */
export function entryOf([id, fields]: RawEntry): LogEntry {
  const at = Number(id.slice(0, id.indexOf('-')));
  const [first = '', value = '', second, secondValue = ''] = fields;
  const token = second === 't' && fields.length === 4;
  if (BODY_FIELDS.includes(first) && (fields.length === 2 || token)) return { id, at, kind: 'events', body: value };
  if (first === 'k' && second === 'b' && fields.length === 4 && KINDS.has(value)) {
    return { id, at, kind: value as EntryKind, body: secondValue };
  }
  return { id, at, kind: 'events', body: JSON.stringify(Object.fromEntries(fieldsOf(fields))) };
}

export async function entriesAfter(
  connection: Connection,
  keys: PartitionKeys,
  after: string,
  countMax: number,
): Promise<readonly LogEntry[]> {
  const reply = (await connection.read('xread', ['COUNT', countMax, 'STREAMS', keys.in, after])) as
    | [string, RawEntry[]][]
    | null;
  return (reply?.[0]?.[1] ?? []).map(entryOf);
}

/** The owner that reads, as it knows itself. */
export interface Reader {
  readonly fence: number;
  readonly name: string;
  /** its last checkpoint */
  readonly number: number;
  readonly log: Log;
}

/** Entries for a partition's owner, who alarms when some vanished. */
export async function readEntries(
  connection: Connection,
  keys: PartitionKeys,
  after: string,
  countMax: number,
  owner: Reader,
): Promise<readonly LogEntry[]> {
  const entries = await entriesAfter(connection, keys, after, countMax);
  // Looked at after the read: what vanishes in between raises a false alarm rather than none.
  const [first, last] = [entries[0], entries.at(-1)];
  if (first !== undefined && last !== undefined) await watchForHoles(connection, keys, after, first.id, last.id, owner);
  return entries;
}

/**
 * Our own trimming leaves the entry at the committed offset, so the stream begins at or before `after`. If it does not,
 * somebody trimmed or deleted what was not read yet. What is gone is gone: we say so, count it, and go on.
 */
async function watchForHoles(
  connection: Connection,
  keys: PartitionKeys,
  after: string,
  next: string,
  reached: string,
  { fence, name, number, log }: Reader,
): Promise<void> {
  const reply = (await connection.act('stream-edges', [keys.in], [])) as string[];
  const [length = '0', added = '0', first = FIRST_ID, , deleted = FIRST_ID] = reply;
  const deletedHere = compareIds(deleted, after) > 0 && compareIds(deleted, reached) <= 0;
  const trimmed = after === FIRST_ID ? length !== added : compareIds(first, after) > 0;
  if (!deletedHere && !trimmed) return;
  const noted = await connection.act('note-hole', [keys.meta], [after, fence, name, number]);
  if (noted !== 1) return;
  log('error', 'entries vanished from the log unread', {
    code: 'OEE_JOURNAL_HOLE',
    stream: keys.in,
    after,
    next,
    remedy:
      'Only the engine may trim or delete here; look for another program that does. The span counts as what it shows.',
  });
}

export const fellBack = (how: string): LostOwnership =>
  new LostOwnership(
    'OEE_JOURNAL_FELL_BACK',
    `the journal fell back behind us: ${how}`,
    'Drop the state, own the partition anew and load; producers send again from their mark.',
  );

/** All of a partition's committed state. The caller owns the partition, so nobody writes meanwhile. */
export async function readCheckpoint(connection: Connection, keys: PartitionKeys): Promise<Checkpoint> {
  const [offset, fields, suffixes] = (await Promise.all([
    connection.read('hget', [keys.meta, 'offset']),
    connection.read('HGETALL', [keys.st]),
    connection.read('smembers', [keys.ts]),
  ])) as [string | null, string[], string[]];
  const texts = new Map<string, string>();
  for (const [suffix, text] of await readTexts(connection, keys, suffixes.sort())) {
    if (text === null) throw missingText(keys.text(suffix));
    texts.set(suffix, text);
  }
  return { offset: offset ?? FIRST_ID, fields: fieldsOf(fields), texts };
}

/** The texts of these suffixes; null for one that is not there. */
export async function readTexts(
  connection: Connection,
  keys: PartitionKeys,
  suffixes: readonly string[],
): Promise<[suffix: string, text: string | null][]> {
  const texts: [string, string | null][] = [];
  for (let from = 0; from < suffixes.length; from += TEXTS_AT_ONCE) {
    const some = suffixes.slice(from, from + TEXTS_AT_ONCE);
    const found = (await connection.read('mget', some.map(keys.text))) as (string | null)[];
    for (const [i, suffix] of some.entries()) texts.push([suffix, found[i] ?? null]);
  }
  return texts;
}

/** The server's flat reply as a map. */
export function fieldsOf(flat: readonly string[]): Map<string, string> {
  const fields = new Map<string, string>();
  for (let i = 0; i + 1 < flat.length; i += 2) fields.set(flat[i] ?? '', flat[i + 1] ?? '');
  return fields;
}

/** Going on without it would give wrong figures quietly. */
const missingText = (key: string): JournalFault =>
  new JournalFault(
    'OEE_JOURNAL_STATE_MISSING',
    `the committed text ${key} is gone`,
    'Something else deleted it, or Redis evicts keys: set maxmemory-policy noeviction and restore its file from a backup.',
  );
