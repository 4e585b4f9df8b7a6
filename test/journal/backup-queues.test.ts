// Backup queues: what waits for webhook receivers is carried by a backup and put back, in place of what was there.
// In: journals on real Redis servers. Out: laws that hold.
// Touches child redis-servers.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type BackupPlace, openCopySource, openRestoreTarget } from '../../src/journal/backup-ends.ts';
import { contentOf, fillJournal } from '../support/journal-content.ts';
import { openedJournal } from '../support/opened-journal.ts';
import { type RedisChild, startRedisChild } from '../support/redis-child.ts';

let [from, to]: RedisChild[] = [];
before(async () => {
  [from, to] = await Promise.all([startRedisChild(), startRedisChild()]);
});
after(async () => {
  await Promise.all([from?.close(), to?.close()]);
});
const servers = (): [RedisChild, RedisChild] => [from ?? assert.fail(), to ?? assert.fail()];

/** Everything that is there, in place of everything there. */
async function copy(first: RedisChild, second: RedisChild): Promise<void> {
  const place = ({ url }: RedisChild): BackupPlace => ({ url, prefix: 'oee', log: () => {} });
  const [source, target] = [await openCopySource(place(first)), openRestoreTarget(place(second))];
  await target.begin(source.partitions, true);
  for (let partition = 0; partition < source.partitions; partition++) {
    for await (const record of source.copy(partition)) await target.put(partition, record);
  }
  await target.end(source.partitions);
  source.close();
  target.close();
}

test('what waits for webhook receivers is in a backup with its attempts; what a restore replaces is gone', async () => {
  const [first, second] = servers();
  const [journal, old] = [await openedJournal(first.url), await openedJournal(second.url)];
  await fillJournal(journal, 3);
  const message = { id: 'msg_1', unit: 'm', type: 'test' as const, body: '{}', at: 1 };
  for (let n = 0; n < 120; n++) await journal.webhooks.add(3, 'erp', { ...message, id: `msg_${n}` });
  await journal.webhooks.add(3, 'pager', message);
  const [head] = await journal.webhooks.read(3, 'erp', '0-0', 1);
  const note = {
    ...message,
    attempt: 2,
    status: 500,
    ms: 1,
    outcome: 'again' as const,
    code: 'OEE_TEST',
    message: 'no',
  };
  await journal.webhooks.note(3, 'erp', head?.entry ?? '', note, { attempts: 2, nextAt: 99 });
  await fillJournal(old, 3);
  await old.webhooks.add(3, 'gone', message);
  await old.close();
  await copy(first, second);
  const { ':{p003}:hooklog:erp': _, ...was } = await contentOf(first);
  assert.deepEqual(await contentOf(second), was);
  const again = await openedJournal(second.url);
  assert.equal(await again.webhooks.length(3, 'erp'), 120);
  assert.deepEqual([...(await again.webhooks.tries(3, 'erp')).values()], [{ attempts: 2, nextAt: 99 }]);
  await again.close();
  await journal.close();
});
