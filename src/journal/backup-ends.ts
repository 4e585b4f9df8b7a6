// Backup ends: a journal as something that is copied from, or restored into.
// In: a Redis, a prefix. Out: the copy of each partition; records put back, or a refusal before anything was touched.
// Touches the network.

import { type Connection, type ConnectOptions, connect } from './connection.ts';
import { type CopyRecord, copyPartition, copyRollupsAfter, HASHES, STREAMS } from './copy-partition.ts';
import { putQueue, queueKeys } from './copy-queues.ts';
import { JournalFault } from './journal-error.ts';
import { readInfo } from './journal-health.ts';
import { journalKey, type PartitionKeys, partitionKeys, workersKey } from './keys.ts';
import { journalNow } from './log-lag.ts';
import { readLuaLibrary } from './lua-library.ts';
import { openWorkerRoster } from './worker-roster.ts';

export interface BackupPlace extends Omit<ConnectOptions, 'replicas'> {
  readonly prefix: string;
}

export interface CopySource {
  readonly partitions: number;
  readonly redisVersion: string;
  /** by the journal's clock, epoch ms */
  readonly at: number;
  copy(partition: number): AsyncGenerator<CopyRecord, boolean>;
  /** what other partitions told it after an entry of its log; asked when all of them are copied */
  toldSince(partition: number, entry: string): AsyncGenerator<CopyRecord, boolean>;
  close(): void;
}

/** Stands where the number of partitions stands, so that no engine begins on half a journal. */
const RESTORING = 'restoring';
/** Keys taken away at once. */
const KEYS_AT_ONCE = 500;

export async function openCopySource(place: BackupPlace): Promise<CopySource> {
  const connection = connect(place, readLuaLibrary());
  try {
    const partitions = await partitionsOf(connection, place.prefix);
    if (partitions === null) {
      throw new JournalFault(
        'OEE_BACKUP_NO_JOURNAL',
        `there is no journal under the prefix "${place.prefix}"`,
        'Check REDIS_URL and OEE_PREFIX.',
      );
    }
    const { redisVersion } = await readInfo(connection, 0);
    return {
      partitions,
      redisVersion,
      at: await journalNow(connection),
      copy: partition => copyPartition(connection, partitionKeys(place.prefix, partition)),
      toldSince: (partition, entry) => copyRollupsAfter(connection, partitionKeys(place.prefix, partition), entry),
      close: () => connection.close(),
    };
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** @returns null when there is none; 0 when a restore into it was not finished */
async function partitionsOf(connection: Connection, prefix: string): Promise<number | null> {
  const kept = (await connection.read('hget', [journalKey(prefix), 'partitions'])) as string | null;
  if (kept === RESTORING) return 0;
  return kept === null ? null : Number(kept);
}

export interface RestoreTarget {
  /** @throws JournalFault before anything is changed: an engine works there, or there is a journal and it may not be replaced */
  begin(partitions: number, replace: boolean): Promise<void>;
  put(partition: number, record: CopyRecord): Promise<void>;
  end(partitions: number): Promise<void>;
  close(): void;
}

export function openRestoreTarget(place: BackupPlace): RestoreTarget {
  const connection = connect(place, readLuaLibrary());
  const { prefix } = place;
  const journal = journalKey(prefix);
  const put = putter(connection);
  return {
    begin: async (partitions, replace) => {
      const there = await partitionsOf(connection, prefix);
      const before = Number(((await connection.read('hget', [journal, 'before'])) as string | null) ?? 0);
      const all = Array.from({ length: Math.max(there ?? 0, before, partitions) }, (_, p) => partitionKeys(prefix, p));
      await refuseWhereWorked(connection, prefix, all);
      const used = there === 0 || (await Promise.all(all.map(keys => isUsed(connection, keys)))).includes(true);
      if (used && !replace) throw notEmpty(prefix, there === 0);
      await connection.read('hset', [journal, 'before', all.length, 'partitions', RESTORING]);
      for (const keys of all) await clear(connection, keys);
    },
    put: (partition, record) => put(partitionKeys(prefix, partition), record),
    end: async partitions => {
      await connection.read('hset', [journal, 'partitions', partitions]);
      await connection.read('hdel', [journal, 'before']);
    },
    close: () => connection.close(),
  };
}

const notEmpty = (prefix: string, unfinished: boolean): JournalFault =>
  new JournalFault(
    'OEE_BACKUP_NOT_EMPTY',
    unfinished
      ? `a restore under the prefix "${prefix}" was not finished`
      : `there is a journal under the prefix "${prefix}" already`,
    'Restore into another Redis or under another OEE_PREFIX, or replace what is there with --force: it is lost then.',
  );

async function isUsed(connection: Connection, { meta, in: log }: PartitionKeys): Promise<boolean> {
  return Number(await connection.read('exists', [meta, log])) > 0;
}

async function refuseWhereWorked(connection: Connection, prefix: string, all: readonly PartitionKeys[]): Promise<void> {
  const [someone] = await openWorkerRoster(connection, workersKey(prefix), '', 0).living();
  if (someone !== undefined) throw inUse(someone);
  const now = await journalNow(connection);
  for (const { meta } of all) {
    const [owner, lease] = (await connection.read('hmget', [meta, 'owner', 'lease'])) as (string | null)[];
    if (owner != null && owner !== '' && Number(lease ?? 0) > now) throw inUse(owner);
  }
}

const inUse = (owner: string): JournalFault =>
  new JournalFault(
    'OEE_BACKUP_IN_USE',
    `${owner} works on this journal`,
    'Stop every engine first; the lease of one that died runs out after some seconds.',
  );

async function clear(connection: Connection, keys: PartitionKeys): Promise<void> {
  const [texts, buckets] = (await Promise.all([
    connection.read('smembers', [keys.ts]),
    connection.read('zrange', [keys.id, 0, -1]),
  ])) as [string[], string[]];
  const fixed = [...HASHES, ...STREAMS].map(name => keys[name]);
  const hooks = await queueKeys(connection, keys);
  const named = [...texts.map(keys.text), ...buckets.map(name => `${keys.id}:${name}`), ...hooks];
  const all = [...fixed, ...named, keys.ts, keys.id];
  for (let from = 0; from < all.length; from += KEYS_AT_ONCE) {
    await connection.read('unlink', all.slice(from, from + KEYS_AT_ONCE));
  }
}

/** Not restored: who owned it, until when, and of which Redis it was the history: the next owner begins a new epoch. */
const NOT_RESTORED: ReadonlySet<string> = new Set(['owner', 'lease', 'history']);

/** Every write may be repeated without harm, for a lost reply makes the connection repeat it. */
function putter(connection: Connection): (keys: PartitionKeys, record: CopyRecord) => Promise<void> {
  let text = { key: '', bytes: 0 };
  const putText = async (keys: PartitionKeys, suffix: string, part: string): Promise<void> => {
    const key = keys.text(suffix);
    if (text.key !== key) {
      text = { key, bytes: 0 };
      await connection.read('set', [key, '']);
      await connection.read('sadd', [keys.ts, suffix]);
    }
    if (part !== '') await connection.read('setrange', [key, text.bytes, part]);
    text.bytes += Buffer.byteLength(part);
  };
  return async (keys, record) => {
    if ('hash' in record) {
      const pairs = record.hash === 'meta' ? withoutOwner(record.pairs) : record.pairs;
      if (pairs.length > 0) await connection.read('hset', [keys[record.hash], ...pairs]);
    } else if ('hooks' in record || 'hook' in record) await putQueue(connection, keys, record);
    else if ('text' in record) await putText(keys, record.text, record.part);
    else if ('stream' in record) {
      const entries = record.entries.flatMap(([id, fields]) => [id, fields.length, ...fields]);
      await connection.act('restore-stream', [keys[record.stream]], ['', '', '', ...entries]);
    } else if ('edges' in record) {
      const { last, added, deleted } = record;
      await connection.act('restore-stream', [keys[record.edges]], [last, added, deleted]);
    } else {
      const key = `${keys.id}:${record.ids}`;
      await connection.read('hset', [key, ...record.pairs]);
      if (record.expiresAt > 0) await connection.read('pexpireat', [key, record.expiresAt]);
      await connection.read('zadd', [keys.id, record.start, record.ids]);
    }
  };
}

function withoutOwner(pairs: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    if (!NOT_RESTORED.has(pairs[i] ?? '')) kept.push(pairs[i] ?? '', pairs[i + 1] ?? '');
  }
  return kept;
}
