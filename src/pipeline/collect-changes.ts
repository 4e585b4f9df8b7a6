// Collect changes: many pieces of work become one commit.
// In: finished work in log order. Out: the changes to commit in one act.
// Pure.

import { saveFields } from '../core/checkpoint.ts';
import type { Changes, DeadLetter } from '../core/log-entry.ts';
import type { Machine } from '../core/machine.ts';
import type { Partition } from '../core/partition.ts';
import type { Output } from '../core/result.ts';
import type { Work } from './work.ts';

/** @param works at least one piece of work */
export function collectChanges(partition: Partition, works: readonly Work[]): Changes {
  const append = new Map<string, string>();
  const machines = new Set<Machine>();
  const outputs: Output[] = [];
  const deadLetters: DeadLetter[] = [];
  const drop: string[] = [];
  let plant = false;
  for (const work of works) {
    for (const [suffix, text] of work.append) append.set(suffix, (append.get(suffix) ?? '') + text);
    for (const machine of work.touched) machines.add(machine);
    for (const output of work.outputs) outputs.push(output);
    deadLetters.push(...work.deadLetters);
    drop.push(...work.drop);
    plant ||= work.entry.kind === 'plant';
  }
  const gone = new Set(drop);
  for (const suffix of gone) append.delete(suffix);
  const touched = { machines: plant ? partition.machines.values() : machines, plant };
  const offset = works.at(-1)?.entry.id ?? '0-0';
  return { offset, append, set: saveFields(partition, touched), drop: [...gone], outputs, deadLetters };
}
