// Model counts: the running counts of a partition, and its dead letters, as the acts of the journal keep them.
// In: a slot, names, letters. Out: nothing; the slot is changed.
// Pure but for the slot.

import type { ModelSlot } from './model-store.ts';

export function addCount(slot: ModelSlot, meta: string, name: string, by: number): void {
  if (by <= 0) return;
  const hash = slot.hash(meta);
  hash.set(`n:${name}`, String(Number(hash.get(`n:${name}`) ?? 0) + by));
}

/** @param letters (events it stands for, JSON) per letter. @returns events they stand for */
export function bury(slot: ModelSlot, dlq: string, letters: readonly string[], now: number): number {
  let events = 0;
  for (let i = 0; i + 1 < letters.length; i += 2) {
    slot.stream(dlq).add(null, ['n', letters[i] ?? '', 'l', letters[i + 1] ?? ''], now);
    events += Number(letters[i]);
  }
  return events;
}
