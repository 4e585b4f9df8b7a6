// Pipeline rig: the whole pipeline over a log in memory, without Redis: what a worker does, minus the journal.
// In: a plant, entries of events and ticks. Out: outputs, the partition's state, dead letters.
// Pure: the clock is the entries' own.

import { Subject } from 'rxjs';
import { loadPartition } from '../../src/core/checkpoint.ts';
import type { Changes, DeadLetter, EntryKind, LogEntry } from '../../src/core/log-entry.ts';
import { newPartition, type Partition } from '../../src/core/partition.ts';
import type { Plant } from '../../src/core/plant-model.ts';
import { type Output, packOutput, type WindowResult } from '../../src/core/result.ts';
import { collectChanges } from '../../src/pipeline/collect-changes.ts';
import { oeePipeline } from '../../src/pipeline/oee-pipeline.ts';
import type { Work } from '../../src/pipeline/work.ts';

export class PipelineRig {
  partition: Partition;
  readonly outputs: Output[] = [];
  readonly deadLetters: DeadLetter[] = [];
  readonly fields = new Map<string, string>();
  readonly texts = new Map<string, string>();
  private sequence = 0;
  private offset = '0-0';

  constructor(plant: Plant, at = 0) {
    this.partition = newPartition(0, () => true);
    this.entry('plant', JSON.stringify(plant), at);
  }

  /** Events arrive in one entry. */
  events(events: readonly object[], at: number): this {
    return this.entry('events', events.map(event => JSON.stringify(event)).join('\n'), at);
  }

  tick(at: number): this {
    return this.entry('tick', '', at);
  }

  changePlant(plant: Plant, at: number): this {
    return this.entry('plant', JSON.stringify(plant), at);
  }

  entry(kind: EntryKind, body: string, at: number): this {
    this.sequence += 1;
    const entry: LogEntry = { id: `${at}-${this.sequence}`, at, kind, body };
    const entries$ = new Subject<LogEntry>();
    const works: Work[] = [];
    oeePipeline(entries$, this.partition).subscribe(work => works.push(work));
    entries$.next(entry);
    this.commit(collectChanges(this.partition, works));
    return this;
  }

  private commit(changes: Changes): void {
    this.offset = changes.offset;
    for (const [suffix, text] of changes.append) this.texts.set(suffix, (this.texts.get(suffix) ?? '') + text);
    for (const suffix of changes.drop) this.texts.delete(suffix);
    for (const [field, text] of changes.set) {
      if (text === '') this.fields.delete(field);
      else this.fields.set(field, text);
    }
    this.outputs.push(...changes.outputs);
    this.deadLetters.push(...changes.deadLetters);
    // area and site results need line results as entries, as the roll-up sink gives them
    const lines = changes.outputs.filter(output =>
      output.type === 'result' ? output.level === 'line' : output.type === 'report' && output.result.level === 'line',
    );
    if (lines.length > 0) this.entry('rollup', lines.map(packOutput).join('\n'), Number(this.offset.split('-')[0]));
  }

  /** What a kill -9 leaves: only what was committed. */
  restart(): this {
    this.partition = loadPartition(0, () => true, { offset: this.offset, fields: this.fields, texts: this.texts });
    return this;
  }

  results(): WindowResult[] {
    return this.outputs.filter(output => output.type === 'result');
  }

  /** The newest result of a window. */
  latest(unit: string, kind: string, start?: number): WindowResult | undefined {
    return this.results()
      .filter(r => r.unit === unit && r.kind === kind && (start === undefined || r.start === start))
      .at(-1);
  }

  /** Newest result per unit, tumbling window and start: what Influx would hold. */
  rows(): Map<string, WindowResult> {
    const rows = new Map<string, WindowResult>();
    for (const r of this.results()) if (!r.kind.startsWith('last')) rows.set(`${r.unit} ${r.kind} ${r.start}`, r);
    return rows;
  }
}
