// Worker roster: which workers live, so that each knows its fair share. A name is on it as long as its lease.
// In: our name. Out: the names of the living, in one order for all.
// Touches Redis through the connection.

import type { Connection } from './connection.ts';

export interface WorkerRoster {
  /** Says that we live; to be said again well within the lease. Fails at once when Redis is away. */
  meet(): Promise<readonly string[]>;
  leave(): Promise<void>;
  /** Who lives, without being one of them. */
  living(): Promise<readonly string[]>;
}

export function openWorkerRoster(connection: Connection, key: string, owner: string, leaseMs: number): WorkerRoster {
  const ask = async (name: string, ms: number, patienceMs?: number): Promise<readonly string[]> =>
    ((await connection.act('meet-workers', [key], [name, ms], patienceMs)) as string[]).sort();
  return {
    // the next meeting comes sooner than any patience would end
    meet: () => ask(owner, leaseMs, 0),
    leave: async () => void (await ask(owner, 0)),
    living: () => ask('', 0),
  };
}
