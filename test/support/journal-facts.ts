// Journal facts: all that a partition of a journal holds, in words that do not depend on any clock.
// In: a journal, a partition. Out: one object, to be held against another journal's.
// Touches the journal; owns the partition to look at it.

import type { Journal } from '../../src/journal/journal.ts';
import { compareIds } from '../../src/journal/keys.ts';
import { PRODUCERS, SINKS } from './journal-sequence.ts';

/** All facts of a partition that do not depend on a clock. */
export async function factsOf(journal: Journal, partition: number): Promise<object> {
  const { offset, fence, ...position } = await journal.position(partition);
  const { duplicates, reused, ...counts } = await journal.counts(partition);
  const own = await journal.own(partition);
  if (own === null) throw new Error(`partition ${partition} has another owner`);
  const entries = await own.read('0-0', 10_000);
  const { fields, texts } = await own.load();
  const marks = await Promise.all(PRODUCERS.map(producer => journal.mark(partition, producer)));
  const cursors = await Promise.all(SINKS.map(sink => journal.outbox.cursor(partition, sink)));
  const lags = await Promise.all(SINKS.map(sink => journal.outbox.lag(partition, sink)));
  const letters = await journal.deadLetters.list({ partition, countMax: 1_000 });
  return {
    position,
    inCalm: { fence, duplicates, reused },
    counts,
    log: entries.map(({ kind, body }) => [kind, body]),
    worked: entries.filter(({ id }) => compareIds(id, offset) <= 0).length,
    fields: [...fields].sort(),
    texts: [...texts].sort(),
    marks,
    cursors,
    lags,
    outbox: await journal.outbox.read(partition, '0-0', 10_000),
    letters: letters.map(kept => kept.letter),
  };
}
