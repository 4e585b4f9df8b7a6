// Journal look: a Redis and the journal in it, seen by somebody who only looks: nothing is begun, owned or written.
// In: where it is. Out: the server's facts, missing rights, partitions as they stand.
// Touches the network.

import type { Checkpoint } from '../core/log-entry.ts';
import { HEAD_FIELD, stateRevisionOf } from '../core/state-revision.ts';
import type { BackupPlace } from './backup-ends.ts';
import { type Connection, connect } from './connection.ts';
import { JournalError } from './journal-error.ts';
import { type JournalInfo, readInfo } from './journal-health.ts';
import { FIRST_ID, journalKey, type PartitionKeys, partitionKeys } from './keys.ts';
import { readWriter, writerField } from './last-word.ts';
import { type LetterCount, openLetterTally } from './letter-tally.ts';
import { journalNow, type Lag, readLag } from './log-lag.ts';
import { openLogView } from './log-view.ts';
import { readLuaLibrary } from './lua-library.ts';

export interface ServerLook {
  readonly info: JournalInfo;
  /** the server's clock minus ours, and how far off that may be */
  readonly skewMs: number;
  readonly skewUnsureMs: number;
  /** null: no cluster */
  readonly cluster: ClusterLook | null;
  /** commands that the engine needs and this user may not use */
  readonly denied: readonly string[];
}

export interface ClusterLook {
  readonly state: string;
  readonly masters: number;
  readonly nodes: number;
  readonly slotsServed: number;
  readonly slotsFailing: number;
}

export interface PartitionLook {
  readonly partition: number;
  /** null: nobody, or whoever it was let the lease run out */
  readonly owner: string | null;
  readonly leaseLeftMs: number;
  readonly fence: number;
  readonly offset: string;
  readonly lag: Lag;
  readonly logLength: number;
  /** age of the oldest entry kept */
  readonly logAgeMs: number;
  readonly outLength: number;
  /** outputs that each sink has never acknowledged */
  readonly sinkLags: Readonly<Record<string, number>>;
  readonly letters: readonly LetterCount[];
  readonly holes: number;
  /** entries after this time are missing; null: none ever were, or since ever */
  readonly lastHoleAt: number | null;
  readonly gaps: number;
  readonly stateRevision: number | null;
  readonly plantRevision: string | null;
}

export interface JournalLook {
  server(now: () => number): Promise<ServerLook>;
  /** null: there is no journal; NaN: one is being restored */
  partitionCount(): Promise<number | null>;
  /** null: nothing was ever kept there */
  partition(index: number): Promise<PartitionLook | null>;
  /** the state of one instant, though its owner goes on committing meanwhile */
  kept(index: number): Promise<Checkpoint>;
  close(): void;
}

/** How long somebody who looks waits for a Redis that may be away. */
const LOOK_PATIENCE_MS = 2_000;

export function openJournalLook(place: BackupPlace, replicas: number): JournalLook {
  const connection = connect({ ...place, log: () => {} }, readLuaLibrary());
  const { prefix } = place;
  const view = openLogView(connection, partition => partitionKeys(prefix, partition));
  const tally = openLetterTally(connection, partition => partitionKeys(prefix, partition));
  return {
    server: async now => {
      await connection.read('ping', [], LOOK_PATIENCE_MS);
      const asked = now();
      const theirs = await journalNow(connection);
      const unsure = (now() - asked) / 2;
      return {
        info: await readInfo(connection, replicas),
        skewMs: theirs - asked - unsure,
        skewUnsureMs: unsure,
        cluster: await clusterOf(connection),
        denied: await deniedOf(connection, journalKey(prefix)),
      };
    },
    partitionCount: async () => {
      const kept = (await connection.read('hget', [journalKey(prefix), 'partitions'])) as string | null;
      return kept === null ? null : Number(kept);
    },
    partition: async index => {
      const look = await lookAt(connection, index, partitionKeys(prefix, index));
      return look === null ? null : { ...look, letters: (await tally(index)).counts };
    },
    kept: async index => (await view.snapshot(index)).checkpoint,
    close: () => connection.close(),
  };
}

async function clusterOf(connection: Connection): Promise<ClusterLook | null> {
  let text: string;
  try {
    text = (await connection.read('cluster', ['info'], 0)) as string;
  } catch (error) {
    if (error instanceof JournalError) return null;
    throw error;
  }
  const facts = new Map(text.split('\r\n').map(line => line.split(':') as [string, string]));
  const number = (name: string): number => Number(facts.get(name) ?? 0);
  return {
    state: facts.get('cluster_state') ?? 'unknown',
    masters: number('cluster_size'),
    nodes: number('cluster_known_nodes'),
    slotsServed: number('cluster_slots_ok'),
    slotsFailing: number('cluster_slots_pfail') + number('cluster_slots_fail'),
  };
}

/**
 * Rights are asked by trying: each of these changes nothing, for want of a value, of a key, or of the right kind of key; who
 * may not use the command is told so before that is looked at.
 */
async function deniedOf(connection: Connection, journal: string): Promise<string[]> {
  const nowhere = `${journal}:nothing`;
  const tries: [command: string, args: (string | number)[]][] = [
    ['fcall', ['nothing', 1, nowhere]],
    ['function', ['load', '']],
    ['xread', ['COUNT', 1, 'STREAMS', nowhere, FIRST_ID]],
    ['xrange', [nowhere, '-', '+', 'COUNT', 1]],
    ['xrevrange', [nowhere, '+', '-', 'COUNT', 1]],
    ['xlen', [nowhere]],
    ['xinfo', ['stream', nowhere]],
    ['hget', [nowhere, 'f']],
    ['hmget', [nowhere, 'f']],
    ['HGETALL', [nowhere]],
    ['hscan', [nowhere, 0]],
    ['smembers', [nowhere]],
    ['mget', [nowhere]],
    ['zrange', [nowhere, 0, -1]],
    ['info', ['memory']],
    ['xadd', [nowhere, 'NOMKSTREAM', '*', 'f', 'v']],
    ['xdel', [nowhere, FIRST_ID]],
    ['xtrim', [nowhere, 'MAXLEN', 0]],
    ['hset', [nowhere, 'f', 'v', 'f']],
    ['hincrby', [nowhere, 'f', 'none']],
    ['hdel', [nowhere, 'f']],
    ['unlink', [nowhere]],
    ['srem', [nowhere, 'm']],
    ['zrem', [nowhere, 'm']],
    ['zadd', [nowhere, 'XX', 1, 'm']],
    ['pexpireat', [nowhere, 'none']],
  ];
  // Where there is a journal, its own hash is the wrong kind of key for these.
  if (Number(await connection.read('exists', [journal])) > 0) {
    tries.push(['append', [journal, 'v']], ['sadd', [journal, 'm']], ['strlen', [journal]], ['scard', [journal]]);
  }
  const denied: string[] = [];
  for (const [command, args] of tries) {
    const code = await connection.read(command, args, 0).then(
      () => null,
      error => (error as { code?: string }).code,
    );
    if (code === 'OEE_JOURNAL_DENIED') denied.push(command.toLowerCase());
  }
  return denied;
}

async function lookAt(
  connection: Connection,
  partition: number,
  keys: PartitionKeys,
): Promise<Omit<PartitionLook, 'letters'> | null> {
  const [flat, logLength, outLength] = (await Promise.all([
    connection.read('HGETALL', [keys.meta]),
    connection.read('xlen', [keys.in]),
    connection.read('xlen', [keys.out]),
  ])) as [string[], number, number];
  if (flat.length === 0 && logLength === 0) return null;
  const meta = pairsOf(flat);
  const [cursors, state, oldest, now, lag] = (await Promise.all([
    connection.read('HGETALL', [keys.cur]),
    connection.read('hmget', [keys.st, HEAD_FIELD, 'plant']),
    connection.read('xrange', [keys.in, '-', '+', 'COUNT', 1]),
    journalNow(connection),
    readLag(connection, keys),
  ])) as [string[], [string | null, string | null], [string, unknown][], number, Lag];
  const number = (name: string): number => Number(meta.get(name) ?? 0);
  const leaseLeftMs = Math.max(0, number('lease') - now);
  const owner = meta.get('owner') ?? '';
  const lagOf = (sink: string, value: string): number => {
    const told = readWriter(meta.get(writerField(sink))).told ?? 0;
    return Math.max(0, number('n:outputs') - Math.max(told, Number(value.split(' ')[1] ?? 0)));
  };
  const hole = meta.get('last:hole');
  return {
    partition,
    owner: owner === '' || leaseLeftMs === 0 ? null : owner,
    leaseLeftMs,
    fence: number('fence'),
    offset: meta.get('offset') ?? FIRST_ID,
    lag,
    logLength,
    logAgeMs: oldest[0] === undefined ? 0 : Math.max(0, now - msOf(oldest[0][0])),
    outLength,
    sinkLags: Object.fromEntries([...pairsOf(cursors)].map(([sink, value]) => [sink, lagOf(sink, value)])),
    holes: number('n:holes'),
    lastHoleAt: hole === undefined || hole === FIRST_ID ? null : msOf(hole),
    gaps: number('n:gaps'),
    stateRevision: stateRevisionOf(state[0] ?? undefined),
    plantRevision: (JSON.parse(state[1] ?? 'null') as { revision?: string } | null)?.revision ?? null,
  };
}

const msOf = (id: string): number => Number(id.slice(0, id.indexOf('-')));

function pairsOf(flat: readonly string[]): Map<string, string> {
  const pairs = new Map<string, string>();
  for (let i = 0; i + 1 < flat.length; i += 2) pairs.set(flat[i] ?? '', flat[i + 1] ?? '');
  return pairs;
}
