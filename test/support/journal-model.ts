// Journal model: the journal's contract on plain memory, by another method than Redis' functions: the reference of both.
// In: a clock, how many partitions, weather that may fail before or after any act. Out: a Journal per owner, all on the same facts.
// Pure but for its own memory; no timers: a lease runs out when the clock says so, and nobody renews it.

import type { EntryKind } from '../../src/core/log-entry.ts';
import { type Batch, fingerprintOf, type Producer, type Receipt } from '../../src/journal/append.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { BehindProducer } from '../../src/journal/journal-error.ts';
import type { Counts } from '../../src/journal/journal-health.ts';
import { partitionOfLine } from '../../src/journal/keys.ts';
import { modelLetters } from './model-letters.ts';
import { modelOutbox, trimModel } from './model-outbox.ts';
import { claimModel } from './model-ownership.ts';
import { type Act, checkpointOf, emptyPartition, type ModelPartition, put, rewound } from './model-partition.ts';

/** Called around each act, by its name. Throwing before: it never happened. Throwing after: it happened, and nobody heard. */
export interface Weather {
  before(act: string, partition: number): Promise<void>;
  after(act: string, partition: number): Promise<void>;
}

export interface ModelOptions {
  readonly partitions: number;
  readonly horizonMs: number;
  readonly now: () => number;
  readonly weather?: Weather;
}

export interface JournalModel {
  /** One program's view; many may be open at once. */
  open(owner: string, leaseMs: number): Journal;
  /** All that is kept of a partition, to look at or to keep for a fall-back. */
  state(partition: number): ModelPartition;
  /** A replica with a shorter past is promoted. `past` is a copy of an earlier state. */
  fallBack(partition: number, past: ModelPartition): void;
  /** Redis restarted and lost nothing: the next owner begins a new epoch all the same. */
  restart(): void;
}

const CALM: Weather = { before: async () => {}, after: async () => {} };

export function journalModel(options: ModelOptions): JournalModel {
  const { now, weather = CALM } = options;
  const states = Array.from({ length: options.partitions }, emptyPartition);
  const wakers = new Map<number, Set<() => void>>();
  let history = 1;
  const stateOf = (partition: number): ModelPartition => {
    const state = states[partition];
    if (state === undefined) throw new Error(`there is no partition ${partition}`);
    return state;
  };
  const act: Act = async (name, partition, run) => {
    await weather.before(name, partition);
    const result = run(stateOf(partition));
    await weather.after(name, partition);
    return result;
  };
  const wake = (partition: number): void => {
    for (const each of wakers.get(partition) ?? []) each();
  };
  const open = (owner: string, leaseMs: number): Journal => ({
    append: async (partition, batch) => {
      const receipt = await act('append', partition, state => appendBatch(state, batch, now(), options.horizonMs));
      if (receipt.accepted > 0) wake(partition);
      return receipt;
    },
    appendInternal: async (partition, kind, body, producer) => {
      const receipt = await act('append', partition, state => appendOwn(state, kind, body, producer, now()));
      if (receipt.accepted > 0) wake(partition);
      return receipt;
    },
    mark: (partition, producer) => act('mark', partition, state => state.marks.get(producer) ?? null),
    partitionOf: lineId => partitionOfLine(lineId, options.partitions),
    own: partition => claimModel({ act, partition, owner, leaseMs, now, history: () => history }),
    onAppend: (partition, listener) => {
      const those = wakers.get(partition) ?? new Set();
      wakers.set(partition, those.add(listener));
      return () => those.delete(listener);
    },
    outbox: modelOutbox(act, now),
    deadLetters: modelLetters(act, options.partitions, now, wake),
    trim: (partition, trimOptions) => act('trim', partition, state => trimModel(state, trimOptions, now())),
    counts: partition => act('counts', partition, countsOf),
    position: partition => act('position', partition, positionOf),
    info: async () => MODEL_INFO,
    close: async () => {},
  });
  return {
    open,
    state: stateOf,
    fallBack: (partition, past) => {
      states[partition] = rewound(past);
      history++;
    },
    restart: () => void history++,
  };
}

function appendBatch(state: ModelPartition, batch: Batch, now: number, horizonMs: number): Receipt {
  const { events, producer, seq, previous } = batch;
  if (producer === undefined || seq === undefined) return appendById(state, batch, now, horizonMs);
  const numbered = { marks: state.marks, name: producer, seq, previous };
  const judged = judge(numbered);
  if (judged === 'duplicate') {
    state.counts.duplicates += events.length;
    return { ...NOTHING, outcome: 'duplicate', duplicates: events.map((_, place) => place) };
  }
  const body = events.map(event => event.text).join('\n');
  const entry = put(state, 'events', body, now);
  state.marks.set(producer, seq);
  state.counts.accepted += events.length;
  if (judged !== null) state.counts.gaps++;
  return { ...NOTHING, entry, accepted: events.length, gap: judged };
}

interface Numbered {
  readonly marks: ReadonlyMap<string, number>;
  readonly name: string;
  readonly seq: number;
  readonly previous?: number | null | undefined;
}

/** Whether a number was there before, or jumps, or (null) comes as it should. */
function judge({ marks, name, seq, previous }: Numbered): 'duplicate' | Receipt['gap'] {
  const mark = marks.get(name) ?? null;
  if (mark !== null && seq <= mark) return 'duplicate';
  if (previous !== undefined && previous !== mark) throw new BehindProducer(name, previous, mark);
  return mark !== null && seq > mark + 1 ? { expected: mark + 1, got: seq } : null;
}

function appendById(state: ModelPartition, { events }: Batch, now: number, horizonMs: number): Receipt {
  for (const [id, known] of state.ids) if (known.at < now - horizonMs) state.ids.delete(id);
  const fresh: string[] = [];
  const duplicates: number[] = [];
  const reused: number[] = [];
  for (const [place, event] of events.entries()) {
    const print = event.fingerprint ?? fingerprintOf(event.text);
    const known = state.ids.get(event.id);
    if (known === undefined) {
      state.ids.set(event.id, { print, at: now });
      fresh.push(event.text);
    } else (known.print === print ? duplicates : reused).push(place);
  }
  state.counts.accepted += fresh.length;
  state.counts.duplicates += duplicates.length;
  state.counts.reused += reused.length;
  const entry = fresh.length === 0 ? null : put(state, 'events', fresh.join('\n'), now);
  return { ...NOTHING, entry, accepted: fresh.length, duplicates, reused };
}

function appendOwn(
  state: ModelPartition,
  kind: EntryKind,
  body: string,
  from: Producer | undefined,
  now: number,
): Receipt {
  const judged = from === undefined ? null : judge({ marks: state.ownMarks, ...from });
  if (judged === 'duplicate') {
    state.counts.duplicates++;
    return { ...NOTHING, outcome: 'duplicate', duplicates: [0] };
  }
  if (from !== undefined) state.ownMarks.set(from.name, from.seq);
  if (judged !== null) state.counts.gaps++;
  if (kind === 'events') state.counts.accepted++;
  return { ...NOTHING, entry: put(state, kind, body, now), accepted: 1, gap: judged };
}

const NOTHING: Receipt = { outcome: 'accepted', entry: null, accepted: 0, duplicates: [], reused: [], gap: null };

const countsOf = (state: ModelPartition): Counts => ({ ...state.counts, commits: state.commits });

function positionOf(state: ModelPartition) {
  const { offset, epoch, fence, owner } = state;
  const checkpoint = checkpointOf(state);
  const lengths = { inLength: state.log.length, outLength: state.out.length, deadLetters: state.letters.length };
  return { offset, checkpoint, epoch, fence, owner, ...lengths };
}

const MODEL_INFO = {
  redisVersion: '7.0.0',
  nodes: 1,
  appendOnly: true,
  appendOnlyHealthy: true,
  appendFsync: 'always',
  maxmemoryPolicy: 'noeviction',
  usedMemoryBytes: 0,
  maxmemoryBytes: 1,
  warnings: [],
};
