// Memory journal: what the intake needs of a journal, in an array: the ids it holds decide what is a repeat.
// In: batches. Out: which of them were new, repeated or reused; everything kept to look at.
// Touches its own memory; can be told to fail.

import { admissible, plantIndexOf } from '../../src/core/admission.ts';
import type { MachineModel, ProductModel } from '../../src/core/plant-model.ts';
import type { Claim } from '../../src/core/vocabulary.ts';
import type { AppendBatch, AppendResult, IntakePorts } from '../../src/ingest/intake.ts';

export interface MemoryJournal {
  readonly ports: IntakePorts;
  readonly batches: { partition: number; batch: AppendBatch }[];
  /** the events that are held, once each, as parsed JSON */
  events(): Record<string, unknown>[];
  /** the next appends fail with this, one after the other */
  readonly failures: unknown[];
  /** Holds every append back until `open` is called; `asked(n)` resolves once n of them wait. */
  hold(): { asked(n: number): Promise<void>; open(): void };
}

const PARTITIONS = 4;

export function machineModel(id: string, words: Readonly<Record<string, Claim>> = {}): MachineModel {
  return {
    id,
    name: id,
    line: 'line-1',
    area: 'area-1',
    site: 'site-1',
    calendar: 'always',
    vocabulary: words,
    reasons: {},
    microStopMs: 0,
    silenceMs: null,
    counters: {},
    maxRate: null,
    countEdge: 'starting',
    product: null,
    cycles: [],
    tags: [],
  };
}

/** A gate that lets everybody pass until it is held. */
function gateOf(): { hold: MemoryJournal['hold']; pass(): Promise<void> } {
  let gate: Promise<void> | null = null;
  let waiting = 0;
  let onWaiting = (): void => {};
  const hold: MemoryJournal['hold'] = () => {
    let open = (): void => {};
    gate = new Promise(resolve => {
      open = resolve;
    });
    const asked = (n: number): Promise<void> =>
      new Promise(resolve => {
        onWaiting = () => waiting >= n && resolve();
        onWaiting();
      });
    return { asked, open };
  };
  const pass = async (): Promise<void> => {
    waiting += 1;
    onWaiting();
    await gate;
    waiting -= 1;
  };
  return { hold, pass };
}

/** @param machines ids; their order gives the partition */
export function memoryJournal(machines: readonly MachineModel[], products: readonly string[] = []): MemoryJournal {
  const held = Array.from({ length: PARTITIONS }, () => new Map<string, string>());
  const texts: string[] = [];
  const everywhere = new Set<string>();
  const batches: MemoryJournal['batches'] = [];
  const failures: unknown[] = [];
  const index = plantIndexOf({
    machines,
    products: products.map((id): ProductModel => ({ id, name: id, piece: 'piece' })),
  });
  const { hold, pass } = gateOf();
  const append = (partition: number, batch: AppendBatch): AppendResult => {
    batches.push({ partition, batch });
    const duplicates: number[] = [];
    const reused: number[] = [];
    batch.events.forEach((item, place) => {
      const known = held[partition]?.get(item.id);
      if (known === undefined) {
        held[partition]?.set(item.id, item.fingerprint);
        if (!everywhere.has(item.text)) texts.push(item.text);
        everywhere.add(item.text);
      } else (known === item.fingerprint ? duplicates : reused).push(place);
    });
    return { duplicates, reused };
  };
  const journal: MemoryJournal = {
    batches,
    failures,
    hold,
    events: () => texts.map(text => JSON.parse(text) as Record<string, unknown>),
    ports: {
      async append(partition, batch) {
        await pass();
        if (failures.length > 0) throw failures.shift();
        return append(partition, batch);
      },
      partitionOfMachine: machine => {
        const place = machines.findIndex(each => each.id === machine);
        return place < 0 ? null : place % PARTITIONS;
      },
      partitionsAll: () => [...held.keys()],
      now: () => Date.UTC(2026, 10, 22, 6),
      admit: (event, hint) => admissible(event, index, hint),
    },
  };
  return journal;
}
