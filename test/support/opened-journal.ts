// Opened journal: a journal as the engine opens it, with what it logged, and short ways to say what a test is about.
// In: a URL and what matters. Out: the journal; batches and changes made of little.
// Touches whatever the journal touches.

import { randomUUID } from 'node:crypto';
import type { Changes, DeadLetter } from '../../src/core/log-entry.ts';
import type { Output } from '../../src/core/result.ts';
import type { Batch } from '../../src/journal/append.ts';
import { type JournalOptions, type OpenJournal, openJournal } from '../../src/journal/journal.ts';

export const DAY_MS = 86_400_000;

export interface OpenedJournal extends OpenJournal {
  readonly logged: { level: string; message: string; fields?: object }[];
}

export async function openedJournal(url: string, more: Partial<JournalOptions> = {}): Promise<OpenedJournal> {
  const logged: OpenedJournal['logged'] = [];
  const journal = await openJournal({
    url,
    prefix: 'oee',
    partitions: 16,
    horizonMs: 2 * DAY_MS,
    owner: `worker-${randomUUID()}`,
    leaseMs: 60_000,
    log: (level, message, fields) =>
      void logged.push(fields === undefined ? { level, message } : { level, message, fields }),
    ...more,
  });
  return { ...journal, logged };
}

/** Events by their ids; the text says the id and, after a slash, a variant: `e1/other` is another event with the id e1. */
export function batchOf(ids: readonly string[], more: Partial<Batch> = {}): Batch {
  const events = ids.map(word => {
    const [id = '', variant = ''] = word.split('/');
    return { id, text: JSON.stringify({ id, variant }) };
  });
  return { events, ...more };
}

export function changesOf(offset: string, more: Partial<Changes> = {}): Changes {
  return { offset, append: new Map(), set: new Map(), drop: [], outputs: [], deadLetters: [], ...more };
}

export function outputOf(unit: string, at = 0): Output {
  return {
    type: 'state',
    unit,
    at,
    since: 0,
    category: 'producing',
    state: 'EXECUTE',
    reason: null,
    stopId: null,
    undecided: false,
    order: null,
    product: null,
    lastSign: null,
  };
}

export function letterOf(event: string, more: Partial<DeadLetter> = {}): DeadLetter {
  return {
    code: 'OEE_TEST_REFUSED',
    message: 'it was refused',
    remedy: 'mend it',
    entry: '1-1',
    index: 0,
    machine: null,
    event,
    count: 1,
    ...more,
  };
}
