// Model letters: dead letters of the journal model.
// In: acts on a partition. Out: DeadLetters with the promises of the real ones.
// Pure but for the model's memory.

import type { DeadLetters, KeptLetter, LetterQuery } from '../../src/journal/dead-letters.ts';
import { compareIds } from '../../src/journal/keys.ts';
import { type Act, type ModelPartition, nextId, put } from './model-partition.ts';

export function modelLetters(
  act: Act,
  partitions: number,
  now: () => number,
  wake: (partition: number) => void,
): DeadLetters {
  /** Youngest first, at one instant the higher partition first. */
  const order = (a: KeptLetter, b: KeptLetter): number => compareIds(b.id, a.id) || b.partition - a.partition;
  return {
    list: async ({ partition, countMax, before }: LetterQuery) => {
      const those = partition === undefined ? Array.from({ length: partitions }, (_, p) => p) : [partition];
      const all = (await Promise.all(those.map(p => act('letters', p, state => keptIn(p, state))))).flat().sort(order);
      const [id, of] = before?.split('@') ?? [];
      const rest =
        id === undefined
          ? all
          : all.filter(kept => compareIds(kept.id, id) < 0 || (kept.id === id && kept.partition < Number(of)));
      return rest.slice(0, countMax);
    },
    get: (partition, id) =>
      act('letter', partition, state => keptIn(partition, state).find(kept => kept.id === id) ?? null),
    add: (partition, letters) =>
      act('add letters', partition, state => {
        for (const letter of letters) {
          state.lastLetterId = nextId(state.lastLetterId, now());
          state.letters.push({ id: state.lastLetterId, letter });
          state.counts.refused += letter.count;
        }
      }),
    discard: (partition, id) =>
      act('discard', partition, state => {
        const events = take(state, id);
        state.counts.discarded += events ?? 0;
        return events !== null;
      }),
    replay: async (partition, id, mended) => {
      const entry = await act('replay', partition, state => {
        const text = mended ?? state.letters.find(each => each.id === id)?.letter.event ?? '';
        const events = take(state, id);
        if (events === null) return null;
        state.counts.replayed += events;
        return put(state, 'events', text, now());
      });
      if (entry !== null) wake(partition);
      return entry;
    },
  };
}

const keptIn = (partition: number, state: ModelPartition): KeptLetter[] =>
  state.letters.map(({ id, letter }) => ({
    partition,
    id,
    at: Number(id.split('-')[0]),
    letter,
    cursor: `${id}@${partition}`,
  }));

/** @returns how many events it stood for; null when it is not there */
const take = (state: ModelPartition, id: string): number | null => {
  const place = state.letters.findIndex(each => each.id === id);
  if (place < 0) return null;
  const [taken] = state.letters.splice(place, 1);
  return taken?.letter.count ?? 0;
};
