// Model outbox: outbox, cursors and trimming of the journal model.
// In: acts on a partition. Out: an Outbox with the promises of the real one.
// Pure but for the model's memory.

import { LostOwnership } from '../../src/journal/journal-error.ts';
import { compareIds } from '../../src/journal/keys.ts';
import type { Outbox } from '../../src/journal/outbox.ts';
import type { TrimOptions } from '../../src/journal/trim.ts';
import { type Act, checkpointOf, type ModelPartition, nextId } from './model-partition.ts';

export function modelOutbox(act: Act, now: () => number): Outbox {
  return {
    read: (partition, after, countMax) =>
      act('outbox read', partition, state =>
        state.out
          .filter(({ id }) => compareIds(id, after) > 0)
          .slice(0, countMax)
          .map(({ id, outputs }) => ({ id, outputs })),
      ),
    cursor: (partition, sink) => act('cursor', partition, state => state.cursors.get(sink)?.id ?? '0-0'),
    advance: (partition, sink, id, refused = []) =>
      act('advance', partition, state => {
        const kept = state.cursors.get(sink);
        if (kept !== undefined && compareIds(kept.id, id) >= 0) return;
        if (Number(id.split('-')[0]) > checkpointOf(state)) {
          throw new LostOwnership('OEE_JOURNAL_FELL_BACK', `sink ${sink} is ahead`, 'Read on from cursor().');
        }
        const entry = state.out.find(each => each.id === id);
        const passed = entry === undefined ? (kept?.passed ?? 0) : entry.before + entry.outputs.length;
        state.cursors.set(sink, { id, passed });
        for (const letter of refused) {
          state.lastLetterId = nextId(state.lastLetterId, now());
          state.letters.push({ id: state.lastLetterId, letter });
          state.counts.refused += letter.count;
        }
      }),
    lag: (partition, sink) =>
      act('lag', partition, state => Math.max(0, state.counts.outputs - (state.cursors.get(sink)?.passed ?? 0))),
    forget: (partition, sink) => act('forget', partition, state => void state.cursors.delete(sink)),
  };
}

/** What is below the boundary goes; the entry at it stays. @returns how many went */
export function trimModel(state: ModelPartition, { keepMs, sinks }: TrimOptions, now: number): number {
  const before = state.log.length + state.out.length;
  if (state.commits > 0) {
    const oldest = `${Math.max(0, now - keepMs)}-0`;
    const boundary = compareIds(state.offset, oldest) < 0 ? state.offset : oldest;
    state.log = state.log.filter(({ id }) => compareIds(id, boundary) >= 0);
  }
  const cursors = [...state.cursors.values()].map(({ id }) => id).sort(compareIds);
  const [lowest] = cursors;
  if (lowest !== undefined && sinks.every(sink => state.cursors.has(sink))) {
    state.out = state.out.filter(({ id }) => compareIds(id, lowest) >= 0);
  }
  return before - state.log.length - state.out.length;
}
