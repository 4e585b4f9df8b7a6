// Memory log: a partition's journal in memory, as its one owner sees it: a log, a checkpoint, commits.
// In: entries. Out: an ownership for a worker; what was committed, and a promise for the place that the commits reach.
// Touches nothing.

import { Subject } from 'rxjs';
import { loadPartition } from '../../src/core/checkpoint.ts';
import type { Changes, Checkpoint, DeadLetter, EntryKind, LogEntry } from '../../src/core/log-entry.ts';
import type { Output } from '../../src/core/result.ts';
import type { Ownership } from '../../src/journal/lease.ts';
import { collectChanges } from '../../src/pipeline/collect-changes.ts';
import { oeePipeline } from '../../src/pipeline/oee-pipeline.ts';
import type { Work } from '../../src/pipeline/work.ts';

export class MemoryLog {
  readonly entries: LogEntry[] = [];
  readonly deadLetters: DeadLetter[] = [];
  readonly outputs: Output[] = [];
  readonly said: string[] = [];
  commits = 0;
  private readonly fields = new Map<string, string>();
  private readonly texts = new Map<string, string>();
  private offset = '0-0';
  private waiting: { readonly id: string; readonly settle: () => void }[] = [];
  private readonly wakers = new Set<() => void>();

  append(kind: EntryKind, body: string, at: number): string {
    const id = `${at}-${this.entries.length + 1}`;
    this.entries.push({ id, at, kind, body });
    for (const wake of this.wakers) wake();
    return id;
  }

  events(events: readonly object[], at: number): string {
    return this.append('events', events.map(event => JSON.stringify(event)).join('\n'), at);
  }

  last(): string {
    return this.entries.at(-1)?.id ?? '0-0';
  }

  onAppend(wake: () => void): () => void {
    this.wakers.add(wake);
    return () => this.wakers.delete(wake);
  }

  async own(): Promise<Ownership> {
    return {
      partition: 0,
      fence: 1,
      lost: new Promise(() => {}),
      load: async () => this.checkpoint(),
      read: async (after, countMax) => {
        const start = this.entries.findIndex(entry => entry.id === after) + 1;
        return this.entries.slice(start, start + countMax);
      },
      commit: async changes => this.commit(changes),
      release: async () => {},
    };
  }

  checkpoint(): Checkpoint {
    return { offset: this.offset, fields: new Map(this.fields), texts: new Map(this.texts) };
  }

  /** Resolves once the commits have reached the entry. */
  committed(id: string): Promise<void> {
    if (this.offset === id) return Promise.resolve();
    return new Promise(settle => this.waiting.push({ id, settle }));
  }

  /** Works everything in without a worker. @returns the state after it */
  workedAlone(): Checkpoint {
    const partition = loadPartition(0, () => true, this.checkpoint());
    const entries$ = new Subject<LogEntry>();
    const works: Work[] = [];
    oeePipeline(entries$, partition).subscribe(work => works.push(work));
    for (const entry of this.entries) entries$.next(entry);
    this.commit(collectChanges(partition, works));
    return this.checkpoint();
  }

  private commit(changes: Changes): void {
    this.commits += 1;
    for (const [suffix, text] of changes.append) this.texts.set(suffix, (this.texts.get(suffix) ?? '') + text);
    for (const suffix of changes.drop) this.texts.delete(suffix);
    for (const [field, text] of changes.set) {
      if (text === '') this.fields.delete(field);
      else this.fields.set(field, text);
    }
    this.outputs.push(...changes.outputs);
    this.deadLetters.push(...changes.deadLetters);
    this.offset = changes.offset;
    const reached = this.waiting.filter(({ id }) => id === changes.offset);
    this.waiting = this.waiting.filter(each => !reached.includes(each));
    for (const { settle } of reached) settle();
  }
}
