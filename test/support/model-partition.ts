// Model partition: all facts of one partition of the journal model, as plain data.
// In: nothing. Out: an empty one; copies; ids in the order of a stream.
// Pure.

import type { DeadLetter, EntryKind, LogEntry } from '../../src/core/log-entry.ts';
import type { Output } from '../../src/core/result.ts';
import type { Counts } from '../../src/journal/journal-health.ts';

export interface ModelPartition {
  log: LogEntry[];
  lastId: string;
  /** last number of each producer outside, and of our own ones */
  marks: Map<string, number>;
  ownMarks: Map<string, number>;
  ids: Map<string, { print: string; at: number }>;
  offset: string;
  fields: Map<string, string>;
  texts: Map<string, string>;
  out: { id: string; outputs: readonly Output[]; before: number }[];
  cursors: Map<string, { id: string; passed: number }>;
  letters: { id: string; letter: DeadLetter }[];
  lastLetterId: string;
  fence: number;
  owner: string | null;
  leaseEnd: number;
  epoch: number;
  commits: number;
  /** which life of Redis the epoch belongs to; 0 before the first owner */
  history: number;
  counts: { -readonly [name in Exclude<keyof Counts, 'commits'>]: number };
}

export const emptyPartition = (): ModelPartition => ({
  log: [],
  lastId: '0-0',
  marks: new Map(),
  ownMarks: new Map(),
  ids: new Map(),
  offset: '0-0',
  fields: new Map(),
  texts: new Map(),
  out: [],
  cursors: new Map(),
  letters: [],
  lastLetterId: '0-0',
  fence: 0,
  owner: null,
  leaseEnd: 0,
  epoch: 0,
  commits: 0,
  history: 0,
  counts: {
    accepted: 0,
    duplicates: 0,
    reused: 0,
    gaps: 0,
    deadLettered: 0,
    refused: 0,
    discarded: 0,
    replayed: 0,
    outputs: 0,
    holes: 0,
  },
});

/** A copy that shares nothing which is ever changed. */
export const rewound = (past: ModelPartition): ModelPartition => structuredClone(past);

/** As a stream gives them: by the clock, and never backwards. */
export function nextId(last: string, now: number): string {
  const [ms = 0, n = 0] = last.split('-').map(Number);
  return now > ms ? `${now}-0` : `${ms}-${n + 1}`;
}

/** Carries an act out on a partition, in whatever weather. */
export type Act = <T>(name: string, partition: number, run: (state: ModelPartition) => T) => Promise<T>;

export function put(state: ModelPartition, kind: EntryKind, body: string, now: number): string {
  const id = nextId(state.lastId, now);
  state.lastId = id;
  state.log.push({ id, at: Number(id.split('-')[0]), kind, body });
  return id;
}

const EPOCH = 100_000_000_000;
export const checkpointOf = ({ epoch, commits }: ModelPartition): number => epoch * EPOCH + commits;
