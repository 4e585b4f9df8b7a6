// Journal rig: a journal on a Redis of its own, behind a proxy that loses what it is told to; there for all tests of a file.
// In: nothing. Out: the three, from the first test to the last; ownership of a partition.
// Touches a child redis-server, loopback.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import type { Ownership } from '../../src/journal/lease.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { type OpenedJournal, openedJournal } from './opened-journal.ts';
import { type RedisChild, startRedisChild } from './redis-child.ts';

export class JournalRig {
  redis!: RedisChild;
  proxy!: FaultProxy;
  /** speaks to Redis through the proxy */
  journal!: OpenedJournal;

  constructor() {
    before(async () => {
      this.redis = await startRedisChild();
      this.proxy = await startFaultProxy(this.redis.port);
      this.journal = await openedJournal(this.proxy.url);
    });
    after(async () => {
      await this.journal?.close();
      await this.proxy?.close();
      await this.redis?.close();
    });
  }

  async owned(partition: number, by: OpenedJournal = this.journal): Promise<Ownership> {
    const own = await by.own(partition);
    assert.ok(own !== null);
    return own;
  }
}
