// Journal crew: a producer, a worker and a sink as they are in a plant: each does what its contract says when trouble comes.
// In: an open journal, a partition. Out: what was acknowledged, worked in and delivered, to be held to what was sent.
// Touches the journal.

import { setTimeout as wait } from 'node:timers/promises';
import type { Journal } from '../../src/journal/journal.ts';
import { BehindProducer, JournalAway, JournalFull, LostOwnership } from '../../src/journal/journal-error.ts';
import type { Ownership } from '../../src/journal/lease.ts';
import { batchOf, changesOf, outputOf } from './opened-journal.ts';

const PAUSE_MS = 10;
/** Whoever needs more than this many tries is not in trouble but wrong. */
const TRIES_MAX = 2_000;
/** Nothing new so often, a millisecond apart: then nothing will come. */
const IDLE_MAX = 20_000;

/** Waits a moment for what is to come. */
function idling(what: string): () => Promise<void> {
  let idle = 0;
  return async () => {
    if (idle++ > IDLE_MAX) throw new Error(`${what} waits in vain`);
    await wait(1);
  };
}

async function patiently<T>(run: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await run();
    } catch (error) {
      const passing = error instanceof JournalAway || error instanceof JournalFull;
      if (!passing || tries > TRIES_MAX) throw error;
      await wait(PAUSE_MS);
    }
  }
}

export interface Producer {
  /** Sends its batches up to this number, again from the mark where the journal fell back. */
  sendUpTo(last: number): Promise<void>;
  /** how often the journal had fallen back behind it */
  readonly sentAgain: number;
}

/** Numbers its batches 1, 2, 3 …, each with one event `name-number`, and keeps them. */
export function producerOf(journal: Journal, partition: number, name: string): Producer {
  let held = 0;
  const producer = {
    sentAgain: 0,
    sendUpTo: async (last: number): Promise<void> => {
      while (held < last) {
        const seq = held + 1;
        const batch = batchOf([`${name}-${seq}`], { producer: name, seq, previous: held === 0 ? null : held });
        try {
          await patiently(() => journal.append(partition, batch));
          held = seq;
        } catch (error) {
          if (!(error instanceof BehindProducer)) throw error;
          producer.sentAgain++;
          held = error.mark ?? 0;
        }
      }
    },
  };
  return producer;
}

/** Numbers nothing: an event is known by its id. */
export async function sendById(journal: Journal, partition: number, name: string, last: number): Promise<void> {
  for (let n = 1; n <= last; n++) await patiently(() => journal.append(partition, batchOf([`${name}-${n}`])));
}

export interface Worker {
  /** Works entry by entry until its state knows so many events. */
  workUntil(events: number): Promise<void>;
  /** what the committed state knows, in the order in which it came to know it */
  seen(): Promise<readonly string[]>;
  readonly lost: readonly string[];
}

/** Notes the id of each event in the state and says it in an output; drops its state and loads anew when it must. */
export function workerOf(journal: Journal, partition: number): Worker {
  let own: Ownership | null = null;
  let offset = '0-0';
  let known: string[] = [];
  const lost: string[] = [];
  const idle = idling('the worker');
  const load = async (): Promise<void> => {
    own = await journal.own(partition);
    if (own === null) return void (await wait(PAUSE_MS));
    const checkpoint = await own.load();
    offset = checkpoint.offset;
    known = (checkpoint.texts.get('seen') ?? '').split('\n').slice(0, -1);
  };
  const work = async (owned: Ownership): Promise<void> => {
    const entries = await owned.read(offset, 5);
    if (entries.length === 0) await idle();
    for (const entry of entries) {
      const { id } = JSON.parse(entry.body) as { id: string };
      await owned.commit(
        changesOf(entry.id, {
          append: new Map([['seen', `${id}\n`]]),
          set: new Map([['last', JSON.stringify(id)]]),
          outputs: [outputOf(id)],
        }),
      );
      offset = entry.id;
      known.push(id);
    }
  };
  const step = async (): Promise<void> => {
    try {
      await (own === null ? load() : work(own));
    } catch (error) {
      if (!(error instanceof LostOwnership || error instanceof JournalAway)) throw error;
      if (error instanceof LostOwnership) lost.push(error.code);
      own = null;
      await wait(PAUSE_MS);
    }
  };
  return {
    lost,
    workUntil: async events => {
      while (known.length < events) await step();
    },
    seen: async () => {
      while (own === null) await step();
      return known;
    },
  };
}

export interface SinkCrew {
  /** Follows the outbox until it has told of so many units. */
  followUntil(units: number): Promise<void>;
  /** units told, each once, sorted */
  told(): readonly string[];
  readonly fellBack: number;
}

/** Remembers what it told by the identity of an output, as a neighbour that overwrites does. */
export function sinkOf(journal: Journal, partition: number, name: string): SinkCrew {
  const told = new Set<string>();
  let after: string | null = null;
  const idle = idling('the sink');
  const sink = {
    fellBack: 0,
    told: () => [...told].sort(),
    followUntil: async (units: number): Promise<void> => {
      while (told.size < units) {
        try {
          after ??= await patiently(() => journal.outbox.cursor(partition, name));
          const from = after;
          const entries = await patiently(() => journal.outbox.read(partition, from, 10));
          if (entries.length === 0) await idle();
          for (const { outputs, id } of entries) {
            for (const output of outputs) told.add(output.unit);
            await patiently(() => journal.outbox.advance(partition, name, id));
            after = id;
          }
        } catch (error) {
          if (!(error instanceof LostOwnership)) throw error;
          sink.fellBack++;
          after = null;
          await wait(PAUSE_MS);
        }
      }
    },
  };
  return sink;
}
