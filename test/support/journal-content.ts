// Journal content: a partition with work of every kind, one that is written to all the time, and everything that Redis holds under a prefix.
// In: a journal, a server. Out: what is in it, as redis-cli would show it.
// Touches a child redis-server.

import assert from 'node:assert/strict';
import { batchOf, changesOf, letterOf, type OpenedJournal, outputOf } from './opened-journal.ts';
import type { RedisChild } from './redis-child.ts';

/** Work of every kind in one partition: text of several bytes a letter, a dropped text, letters taken out, a trimmed log. */
export async function fillJournal(journal: OpenedJournal, partition: number): Promise<void> {
  const own = await journal.own(partition);
  assert.ok(own !== null);
  const first = await journal.append(partition, batchOf(['e1', 'e2']));
  await journal.append(partition, batchOf(['n1'], { producer: 'plc', seq: 7 }));
  const big = `${'{"text":"æøå 工場"}\n'.repeat(40_000)}`;
  await own.commit(
    changesOf(first.entry ?? '', {
      append: new Map([
        ['f:m:1', big],
        ['f:m:0', 'old\n'],
      ]),
      set: new Map([['p', '{"stateRevision":1}']]),
      outputs: Array.from({ length: 1_200 }, (_, n) => outputOf('m', n)),
      deadLetters: [letterOf('a'), letterOf('b')],
    }),
  );
  const [youngest] = await journal.deadLetters.list({ partition, countMax: 1 });
  await journal.deadLetters.discard(partition, youngest?.id ?? '');
  const second = await journal.append(partition, batchOf(['e3']));
  await own.commit(changesOf(second.entry ?? '', { drop: ['f:m:0'], append: new Map([['f:m:1', 'more\n']]) }));
  await journal.outbox.advance(partition, 'influx', `${(await journal.position(partition)).checkpoint - 1}-1`);
  await journal.trim(partition, { keepMs: 0, sinks: ['influx'] });
  await own.release();
}

export interface Writer {
  /** resolves when so many more steps are done */
  steps(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** Never rests: a step is an event, a commit with all that a commit has, now and then a letter discarded or everything trimmed. */
export async function keepWriting(journal: OpenedJournal, partition: number): Promise<Writer> {
  const own = await journal.own(partition);
  assert.ok(own !== null);
  let [running, step] = [true, 0];
  const writing = (async () => {
    for (; running; step++) {
      const { entry } = await journal.append(partition, batchOf([`e${step}`]));
      await own.commit(
        changesOf(entry ?? '', {
          set: new Map([['steps', String(step + 1)]]),
          append: new Map([['f:m:1', `${step}\n`]]),
          outputs: [outputOf('m', step)],
          deadLetters: step % 5 === 0 ? [letterOf(String(step))] : [],
        }),
      );
      if (step % 2 === 0) {
        const [letter] = await journal.deadLetters.list({ partition, countMax: 1 });
        if (letter !== undefined) await journal.deadLetters.discard(partition, letter.id);
      }
      if (step % 7 !== 0) continue;
      await journal.outbox.advance(partition, 'influx', `${(await journal.position(partition)).checkpoint}-1`);
      await journal.trim(partition, { keepMs: 0, sinks: ['influx'] });
    }
  })();
  return {
    steps: async count => {
      for (const until = step + count; step < until; ) await new Promise(resolve => setImmediate(resolve));
    },
    stop: async () => {
      running = false;
      await writing;
    },
  };
}

/** Everything under a prefix, as redis-cli would show it, without what a restore leaves out. */
export async function contentOf(redis: RedisChild, prefix = 'oee'): Promise<Record<string, unknown>> {
  const keys = ((await redis.command('KEYS', `${prefix}:*`)) as string[]).sort();
  const content: Record<string, unknown> = {};
  for (const key of keys) {
    const type = String(await redis.command('TYPE', key));
    const readers: Readonly<Record<string, () => Promise<unknown>>> = {
      hash: async () => pairsOf((await redis.command('HGETALL', key)) as string[]),
      stream: async () => [await redis.command('XRANGE', key, '-', '+'), await edgesOf(redis, key)],
      set: async () => ((await redis.command('SMEMBERS', key)) as string[]).sort(),
      zset: () => redis.command('ZRANGE', key, 0, -1, 'WITHSCORES'),
      string: () => redis.command('GET', key),
    };
    const value = await readers[type]?.();
    content[key.slice(prefix.length)] = [value, await redis.command('PEXPIRETIME', key)];
  }
  return content;
}
const pairsOf = (flat: readonly string[]): string[][] =>
  flat
    .flatMap((name, at) =>
      at % 2 === 0 && !['owner', 'lease', 'history'].includes(name) ? [[name, flat[at + 1] ?? '']] : [],
    )
    .sort();
async function edgesOf(redis: RedisChild, key: string): Promise<unknown[]> {
  const info = (await redis.command('XINFO', 'STREAM', key)) as unknown[];
  return ['length', 'entries-added', 'last-generated-id', 'max-deleted-entry-id'].map(
    name => info[info.indexOf(name) + 1],
  );
}
