// Reduce: entries of the log through the pipeline into a partition's state, for its owner and for those who only follow.
// In: entries in order. Out: groups of work, each fit for one commit; how many entries to ask for next.
// Pure but for the partition's state.

import { Subject } from 'rxjs';
import type { LogEntry } from '../core/log-entry.ts';
import type { Partition } from '../core/partition.ts';
import { oeePipeline } from '../pipeline/oee-pipeline.ts';
import type { Poison } from '../pipeline/read-events.ts';
import type { Work } from '../pipeline/work.ts';

/** Entries of one read: as many as make up about this much text, within the bounds; the next read goes on from there. */
const CHUNK_BYTES = 1_000_000;
export const CHUNK_ENTRIES_MAX = 500;
/** A commit is closed at this many outputs, so that it stays a few milliseconds of the server's time. */
const OUTPUTS_PER_COMMIT = 4_000;

/** The pipeline failed on an entry: the partition's state is worthless from here on. */
export class ReduceFault extends Error {
  constructor(
    readonly entry: LogEntry,
    cause: unknown,
  ) {
    super(`the pipeline failed on ${entry.id}: ${String(cause)}`, { cause });
  }
}

const never = (): boolean => false;

/**
 * @param isDue asked after each entry: whether what is done so far should be committed before it goes on
 * @throws ReduceFault
 */
export function* reduce(
  entries: readonly LogEntry[],
  partition: Partition,
  poison?: Poison,
  isDue = never,
): Generator<Work[]> {
  const entries$ = new Subject<LogEntry>();
  let works: Work[] = [];
  let outputs = 0;
  let fault: unknown = null;
  oeePipeline(entries$, partition, poison).subscribe({
    next: work => {
      works.push(work);
      outputs += work.outputs.length;
    },
    error: error => {
      fault = error;
    },
  });
  for (const entry of entries) {
    entries$.next(entry);
    if (fault !== null) throw new ReduceFault(entry, fault);
    if (outputs < OUTPUTS_PER_COMMIT && !isDue()) continue;
    yield works;
    works = [];
    outputs = 0;
  }
  if (works.length > 0) yield works;
}

/** How many entries like these make up a chunk. */
export function chunkOf(entries: readonly LogEntry[]): number {
  let bytes = 0;
  for (const entry of entries) bytes += entry.body.length;
  const each = Math.max(1, bytes / Math.max(1, entries.length));
  return Math.max(1, Math.min(CHUNK_ENTRIES_MAX, Math.floor(CHUNK_BYTES / each)));
}
