// Memory outbox: what a delivery follows, in memory, with failures at will.
// In: entries. Out: cursors and dead letters as a delivery left them; a promise for each place that a cursor reaches.
// Touches nothing.

import type { DeadLetter } from '../../src/core/log-entry.ts';
import type { OutboxEntry, OutboxPort } from '../../src/sinks/deliver.ts';
import { madeUpResult, T0 } from './made-up-outputs.ts';

export class MemoryOutbox implements OutboxPort {
  readonly entries = new Map<number, OutboxEntry[]>();
  readonly cursors = new Map<number, string>();
  readonly letters: DeadLetter[] = [];
  /** the next calls of these names fail, in this order */
  readonly failures: string[] = [];
  private readonly waiting: { partition: number; id: string; settle: () => void }[] = [];

  put(partition: number, id: string, ...units: string[]): void {
    const outputs = units.map((unit, index) => madeUpResult(unit, 'hour', { start: T0 + index }));
    this.entries.set(partition, [...(this.entries.get(partition) ?? []), { id, outputs }]);
  }

  reached(partition: number, id: string): Promise<void> {
    if (this.cursors.get(partition) === id) return Promise.resolve();
    return new Promise(settle => this.waiting.push({ partition, id, settle }));
  }

  private failNow(act: string): void {
    if (this.failures[0] !== act) return;
    this.failures.shift();
    throw Object.assign(new Error(`${act} failed`), { code: 'OEE_JOURNAL_AWAY', remedy: 'wait' });
  }

  async cursor(partition: number): Promise<string> {
    return this.cursors.get(partition) ?? '0-0';
  }

  async read(partition: number, after: string, countMax: number): Promise<OutboxEntry[]> {
    this.failNow('read');
    const all = this.entries.get(partition) ?? [];
    return all.slice(all.findIndex(entry => entry.id === after) + 1).slice(0, countMax);
  }

  async advance(partition: number, _: string, id: string, refused: readonly DeadLetter[]): Promise<void> {
    this.failNow('advance');
    this.cursors.set(partition, id);
    this.letters.push(...refused);
    for (const each of this.waiting) if (each.partition === partition && each.id === id) each.settle();
  }
}
