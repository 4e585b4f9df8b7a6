// Log view: a partition for those who only look: its committed state and its log, claimed by nobody and written by nothing here.
// In: a partition. Out: a checkpoint of one instant, entries, whether the log still is the one that was read.
// Touches Redis through the connection; reads only.

import type { Checkpoint, LogEntry } from '../core/log-entry.ts';
import type { Connection } from './connection.ts';
import { JournalAway } from './journal-error.ts';
import type { PartitionKeys } from './keys.ts';
import { entriesAfter, fieldsOf, readTexts } from './reader.ts';

export interface Snapshot {
  readonly checkpoint: Checkpoint;
  /** the log holds the entry at the checkpoint's offset; always, unless nothing was committed or somebody else deleted it */
  readonly anchored: boolean;
  /** names the history that the server went on with then: another after everything that can shorten the past */
  readonly history: string;
}

export interface Look {
  /** the log holds the entry */
  readonly there: boolean;
  readonly lastId: string;
  /** how far the owner has committed, and its books at that place */
  readonly committed: string;
  readonly books: string;
  readonly history: string;
}

export interface LogView {
  /** The state of one instant, though its owner goes on committing meanwhile. */
  snapshot(partition: number): Promise<Snapshot>;
  read(partition: number, after: string, countMax: number): Promise<readonly LogEntry[]>;
  look(partition: number, id: string): Promise<Look>;
}

/** A text comes or goes about once a day and machine: to meet that twice while reading is odd, five times a fault. */
const SNAPSHOT_TRIES_MAX = 5;

export function openLogView(connection: Connection, keysOf: (partition: number) => PartitionKeys): LogView {
  const look: LogView['look'] = async (partition, id) => {
    const keys = keysOf(partition);
    const reply = (await connection.act('look-at-entry', [keys.in, keys.meta, keys.st], [id])) as [number, ...string[]];
    const [there, lastId = '', committed = '', books = '', history = ''] = reply;
    return { there: there === 1, lastId, committed, books, history };
  };
  return {
    look,
    read: (partition, after, countMax) => entriesAfter(connection, keysOf(partition), after, countMax),
    snapshot: async partition => {
      for (let tries = 0; tries < SNAPSHOT_TRIES_MAX; tries++) {
        const snapshot = await trySnapshot(connection, keysOf(partition));
        if (snapshot === null) continue;
        // a fail-over in between would have taken the entry, or the texts behind it, back
        const { history } = await look(partition, snapshot.checkpoint.offset);
        if (history === snapshot.history) return snapshot;
      }
      throw new JournalAway(
        'OEE_JOURNAL_AWAY',
        `the state of partition ${partition} changed under each of ${SNAPSHOT_TRIES_MAX} readings`,
        'It is read again; if it goes on, look for another program that writes under this prefix.',
      );
    },
  };
}

/** @returns null when texts came or went meanwhile */
async function trySnapshot(connection: Connection, keys: PartitionKeys): Promise<Snapshot | null> {
  const known = ((await connection.read('smembers', [keys.ts])) as string[]).sort();
  const names = [keys.in, keys.meta, keys.st, keys.ts, ...known.map(keys.text)];
  const reply = (await connection.act('snapshot-state', names, [])) as [
    string,
    number,
    string[],
    string[],
    number[],
    string,
  ];
  const [offset, there, fields, suffixes, lengths, history] = reply;
  const lengthOf = new Map(known.map((suffix, place) => [suffix, lengths[place] ?? 0]));
  if (!suffixes.every(suffix => lengthOf.has(suffix))) return null;
  const texts = new Map<string, string>();
  for (const [suffix, text] of await readTexts(connection, keys, suffixes.sort())) {
    const cut = text === null ? null : firstBytes(text, lengthOf.get(suffix) ?? 0);
    if (cut === null) return null;
    texts.set(suffix, cut);
  }
  return { checkpoint: { offset, fields: fieldsOf(fields), texts }, anchored: there === 1, history };
}

/** @returns null when there are fewer */
function firstBytes(text: string, bytes: number): string | null {
  const all = Buffer.from(text);
  if (all.length < bytes) return null;
  return all.length === bytes ? text : all.subarray(0, bytes).toString();
}
