// Copy queues: what waits for webhook receivers, for a backup, and its way back.
// In: a partition. Out: records; keys that belong to it.
// Touches Redis through the connection.
//
// Read after the instant of the copy: what was put since is in the outbox behind the copied cursor, too, and is then told twice under
// one id, which a receiver knows; what was delivered since is not told again. The delivery log is not copied: it is no state.

import type { Connection } from './connection.ts';
import type { PartitionKeys } from './keys.ts';
import { hooksOf, queuesIn } from './webhook-queues.ts';

export type QueueRecord =
  /** field, value, field, value …: which queues there are, attempts, last answers, counts */
  | { readonly hooks: readonly string[] }
  | { readonly hook: string; readonly entries: readonly (readonly [id: string, fields: readonly string[]])[] };

/** Entries of one record. */
const ENTRIES = 50;

export async function* copyQueues(connection: Connection, keys: PartitionKeys): AsyncGenerator<QueueRecord> {
  const fields = await hooksOf(connection, keys);
  if (fields.size > 0) yield { hooks: [...fields].flat() };
  for (const receiver of queuesIn(fields)) {
    for (let after = '-'; ; ) {
      const range = [keys.hook(receiver), after, '+', 'COUNT', ENTRIES];
      const entries = (await connection.read('xrange', range)) as [string, string[]][];
      if (entries.length > 0) yield { hook: receiver, entries };
      if (entries.length < ENTRIES) break;
      after = `(${entries.at(-1)?.[0]}`;
    }
  }
}

export async function putQueue(connection: Connection, keys: PartitionKeys, record: QueueRecord): Promise<void> {
  if ('hooks' in record) {
    await connection.read('hset', [keys.hooks, ...record.hooks]);
    return;
  }
  const entries = record.entries.flatMap(([id, fields]) => [id, fields.length, ...fields]);
  await connection.act('restore-stream', [keys.hook(record.hook)], ['', '', '', ...entries]);
}

/** All keys of the webhooks in a partition. */
export async function queueKeys(connection: Connection, keys: PartitionKeys): Promise<string[]> {
  const receivers = queuesIn(await hooksOf(connection, keys));
  return [keys.hooks, ...receivers.flatMap(receiver => [keys.hook(receiver), keys.hooklog(receiver)])];
}
