// Journal health: what a doctor asks Redis, and a partition's books.
// In: INFO texts; a partition's meta. Out: facts, warnings with a remedy, monotone counts, positions.
// Touches Redis through the connection; reads only.

import type { Connection, NodeInfo } from './connection.ts';
import { FIRST_ID, type PartitionKeys } from './keys.ts';

export interface JournalInfo {
  /** of the oldest node */
  readonly redisVersion: string;
  /** nodes that take writes */
  readonly nodes: number;
  /** append-only file on, and its last write good, on every node */
  readonly appendOnly: boolean;
  readonly appendOnlyHealthy: boolean;
  /**
   * `always`: what was acknowledged outlives any crash. `everysec`: a crash of Redis itself may take the last second or two,
   * as a consistent prefix: state, offset and marks fall back together. null when we may not ask.
   */
  readonly appendFsync: string | null;
  readonly maxmemoryPolicy: string;
  /** of the fullest node; maxmemoryBytes 0 = no limit set */
  readonly usedMemoryBytes: number;
  readonly maxmemoryBytes: number;
  /** what endangers the data, each a sentence with its remedy */
  readonly warnings: readonly string[];
}

/** Rising for ever, kept beside what they count, so that no restart forgets them. */
export interface Counts {
  /** events appended for the first time */
  readonly accepted: number;
  /** repeats, as often as they were met: a call that is made again because its reply was lost meets them again */
  readonly duplicates: number;
  readonly reused: number;
  /** jumps in a producer's numbers */
  readonly gaps: number;
  /** events that a commit gave to the dead letters */
  readonly deadLettered: number;
  /** outputs that a sink's neighbour refused for good */
  readonly refused: number;
  readonly discarded: number;
  readonly replayed: number;
  /** outputs committed */
  readonly outputs: number;
  readonly commits: number;
  /** times that entries vanished from the log unread */
  readonly holes: number;
}

export interface Position {
  readonly offset: string;
  readonly checkpoint: number;
  /** raised when Redis may have lost its last moments: after a restart or a fail-over */
  readonly epoch: number;
  readonly fence: number;
  readonly owner: string | null;
  readonly inLength: number;
  readonly outLength: number;
  readonly deadLetters: number;
}

const COUNTED = [
  'accepted',
  'duplicates',
  'reused',
  'gaps',
  'deadLettered',
  'refused',
  'discarded',
  'replayed',
  'outputs',
  'commits',
  'holes',
] as const;

export async function readCounts(connection: Connection, keys: PartitionKeys): Promise<Counts> {
  const fields = COUNTED.map(name => `n:${name}`);
  const values = (await connection.read('hmget', [keys.meta, ...fields])) as (string | null)[];
  return Object.fromEntries(COUNTED.map((name, i) => [name, Number(values[i] ?? 0)])) as unknown as Counts;
}

export async function readPosition(connection: Connection, keys: PartitionKeys): Promise<Position> {
  const [meta, inLength, outLength, deadLetters] = (await Promise.all([
    connection.read('hmget', [keys.meta, 'offset', 'cp', 'epoch', 'fence', 'owner']),
    connection.read('xlen', [keys.in]),
    connection.read('xlen', [keys.out]),
    connection.read('xlen', [keys.dlq]),
  ])) as [(string | null)[], number, number, number];
  const [offset, cp, epoch, fence, owner] = meta;
  return {
    offset: offset ?? FIRST_ID,
    checkpoint: Number(cp ?? 0),
    epoch: Number(epoch ?? 0),
    fence: Number(fence ?? 0),
    owner: owner === '' || owner == null ? null : owner,
    inLength,
    outLength,
    deadLetters,
  };
}

interface NodeFacts {
  readonly version: string;
  readonly appendOnly: boolean;
  readonly healthy: boolean;
  readonly fsync: string | null;
  readonly policy: string;
  readonly used: number;
  readonly limit: number;
}

/** @param replicas how many have an event before it is acknowledged */
export async function readInfo(connection: Connection, replicas: number): Promise<JournalInfo> {
  const nodes = (await connection.infoOfNodes()).map(factsOf);
  const fullest = nodes.reduce((a, b) => (fill(b) > fill(a) ? b : a));
  const evicting = nodes.find(node => node.policy !== 'noeviction');
  const info = {
    redisVersion: nodes.map(node => node.version).reduce((a, b) => (compareVersions(b, a) < 0 ? b : a)),
    nodes: nodes.length,
    appendOnly: nodes.every(node => node.appendOnly),
    appendOnlyHealthy: nodes.every(node => node.healthy),
    appendFsync: (nodes.find(node => node.fsync !== 'always') ?? fullest).fsync,
    maxmemoryPolicy: (evicting ?? fullest).policy,
    usedMemoryBytes: fullest.used,
    maxmemoryBytes: fullest.limit,
  };
  return { ...info, warnings: warningsOf(info, replicas) };
}

const fill = (node: NodeFacts): number => (node.limit > 0 ? node.used / node.limit : 0);

function factsOf({ info, appendFsync }: NodeInfo): NodeFacts {
  const facts = new Map(info.split('\r\n').map(line => [line.split(':')[0] ?? '', line.slice(line.indexOf(':') + 1)]));
  return {
    version: facts.get('redis_version') ?? '0',
    appendOnly: facts.get('aof_enabled') === '1',
    healthy: facts.get('aof_last_write_status') !== 'err',
    fsync: appendFsync,
    policy: facts.get('maxmemory_policy') ?? 'unknown',
    used: Number(facts.get('used_memory') ?? 0),
    limit: Number(facts.get('maxmemory') ?? 0),
  };
}

export function compareVersions(a: string, b: string): number {
  const [aMajor = 0, aMinor = 0] = a.split('.').map(Number);
  const [bMajor = 0, bMinor = 0] = b.split('.').map(Number);
  return aMajor - bMajor || aMinor - bMinor;
}

function warningsOf(info: Omit<JournalInfo, 'warnings'>, replicas: number): string[] {
  const warnings: string[] = [];
  if (!info.appendOnly) {
    warnings.push(
      'Redis keeps no append-only file: a crash loses everything since its last snapshot. Set appendonly yes.',
    );
  } else if (!info.appendOnlyHealthy) {
    warnings.push('Redis could not write its append-only file. Look at its disk.');
  } else if (info.appendFsync !== null && info.appendFsync !== 'always') {
    warnings.push(
      `appendfsync is ${info.appendFsync}: a crash of Redis may take the last moments of what was acknowledged. Set appendfsync always.`,
    );
  }
  if (info.nodes > 1 && replicas === 0) {
    warnings.push(
      'Redis is a cluster, and events are acknowledged before a replica has them: a fail-over may take the last moments. Set REDIS_REPLICAS=1.',
    );
  }
  if (info.maxmemoryPolicy !== 'noeviction') {
    warnings.push(
      `maxmemory-policy is ${info.maxmemoryPolicy}: Redis may delete state. Set maxmemory-policy noeviction.`,
    );
  }
  if (info.maxmemoryBytes === 0) {
    warnings.push(
      'Redis has no memory limit: instead of refusing it may be killed. Set maxmemory below what the machine has.',
    );
  }
  return warnings;
}
