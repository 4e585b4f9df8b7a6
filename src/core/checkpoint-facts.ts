// Checkpoint facts: the texts of a checkpoint, each a machine's facts of one day, read back in steps.
// In: texts by their suffix. Out: each machine's facts, sorted.
// Pure.

import type { FactEvent } from './event.ts';
import { compareFacts } from './fact.ts';
import { DAY_MS } from './time.ts';

export const factsSuffix = (machine: string, at: number): string => `f:${machine}:${Math.floor(at / DAY_MS)}`;

/** Facts that are read or folded in one step of loading: some 10 ms. */
export const FACTS_PER_STEP = 2_000;
/** As much text holds about so many. */
const TEXT_PER_STEP = 95 * FACTS_PER_STEP;

export type MachineFacts = ReadonlyMap<string, readonly FactEvent[]>;

/** A text holds the facts of one machine and day: days in their order, and sorted within, they are sorted as a whole. */
export function* factsByMachine(texts: ReadonlyMap<string, string>): Generator<void, MachineFacts> {
  const facts = new Map<string, FactEvent[]>();
  const dayOf = (suffix: string): number => Number(suffix.slice(suffix.lastIndexOf(':') + 1));
  const suffixes = [...texts.keys()].filter(suffix => suffix.startsWith('f:'));
  let unbroken = 0;
  for (const suffix of suffixes.sort((a, b) => dayOf(a) - dayOf(b))) {
    const machine = suffix.slice(2, suffix.lastIndexOf(':'));
    const known = facts.get(machine) ?? [];
    const day: FactEvent[] = [];
    for (const part of partsOf(texts.get(suffix) ?? '')) {
      for (const fact of linesOf<FactEvent>(part)) day.push(fact);
      unbroken += part.length;
      if (unbroken < TEXT_PER_STEP) continue;
      unbroken = 0;
      yield;
    }
    for (const fact of day.sort(compareFacts)) known.push(fact);
    facts.set(machine, known);
  }
  return facts;
}

/** Whole lines, as many as one step may read. */
function* partsOf(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from + TEXT_PER_STEP);
    const to = end < 0 ? text.length : end + 1;
    yield text.slice(from, to);
    from = to;
  }
}

export const readJson = <T>(text: string | undefined): T | null =>
  text === undefined || text === '' ? null : (JSON.parse(text) as T);

export const linesOf = <T>(text: string | undefined): T[] =>
  text === undefined || text === '' ? [] : (JSON.parse(`[${text.trimEnd().replaceAll('\n', ',')}]`) as T[]);
