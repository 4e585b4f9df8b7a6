// Replayed log: what a partition's log says when it is worked through once, from its first entry, by nobody who ever fails.
// In: the entries that survived. Out: state, newest outputs, dead letters, as they must be.
// Pure.

import { Subject } from 'rxjs';
import type { DeadLetter, LogEntry } from '../../src/core/log-entry.ts';
import { newPartition, type Partition } from '../../src/core/partition.ts';
import type { Output } from '../../src/core/result.ts';
import { collectChanges } from '../../src/pipeline/collect-changes.ts';
import { oeePipeline } from '../../src/pipeline/oee-pipeline.ts';
import type { Work } from '../../src/pipeline/work.ts';

export interface ReplayedLog {
  readonly partition: Partition;
  readonly fields: Map<string, string>;
  readonly texts: Map<string, string>;
  readonly outputs: Output[];
  readonly deadLetters: DeadLetter[];
}

export function replayedLog(
  entries: readonly LogEntry[],
  index: number,
  share: (unit: string) => boolean,
): ReplayedLog {
  const partition = newPartition(index, share);
  const replayed: ReplayedLog = { partition, fields: new Map(), texts: new Map(), outputs: [], deadLetters: [] };
  const { fields, texts, outputs, deadLetters } = replayed;
  const entries$ = new Subject<LogEntry>();
  let works: Work[] = [];
  oeePipeline(entries$, partition).subscribe(work => works.push(work));
  for (const entry of entries) {
    works = [];
    entries$.next(entry);
    const changes = collectChanges(partition, works);
    for (const suffix of changes.drop) texts.delete(suffix);
    for (const [suffix, text] of changes.append) texts.set(suffix, (texts.get(suffix) ?? '') + text);
    for (const [field, text] of changes.set) fields.set(field, text);
    outputs.push(...changes.outputs);
    deadLetters.push(...changes.deadLetters);
  }
  return replayed;
}
