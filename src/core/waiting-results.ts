// Waiting results: results of lines that reached a partition before its first plant said to which area they belong.
// In: packed results. Out: the same, once the plant is there.
// Pure.

import type { Partition } from './partition.ts';

/** Under which they are kept in the committed state. */
export const WAITING_SUFFIX = 'waiting';
/** The plant comes within seconds of the first owner; of more than so many the later ones are let go: lines say their windows again. */
const WAITING_MAX = 50_000;

/** @returns the text to append to what is kept */
export function keepWaiting(partition: Partition, packed: readonly string[]): string {
  const kept = packed.slice(0, Math.max(0, WAITING_MAX - partition.waiting.length));
  partition.waiting.push(...kept);
  return kept.map(text => `${text}\n`).join('');
}

/** All of them, in the order in which they came; none waits any more. */
export const takeWaiting = (partition: Partition): string[] => partition.waiting.splice(0);
