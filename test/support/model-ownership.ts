// Model ownership: owning a partition of the journal model: fence, load, read, commit, release.
// In: who claims, for how long. Out: an Ownership with the promises of the real one.
// Pure but for the model's memory.

import type { Changes, Checkpoint } from '../../src/core/log-entry.ts';
import type { Output } from '../../src/core/result.ts';
import { LostOwnership } from '../../src/journal/journal-error.ts';
import { compareIds } from '../../src/journal/keys.ts';
import type { Ownership } from '../../src/journal/lease.ts';
import { type Act, checkpointOf, type ModelPartition, nextId } from './model-partition.ts';

export interface ClaimOptions {
  readonly act: Act;
  readonly partition: number;
  readonly owner: string;
  readonly leaseMs: number;
  readonly now: () => number;
  readonly history: () => number;
}

/** As the journal packs them: at most so many outputs in one entry of the outbox. */
const OUTPUTS_PER_ENTRY_MAX = 500;

export async function claimModel(options: ClaimOptions): Promise<Ownership | null> {
  const { act, partition, owner, leaseMs, now } = options;
  const claimed = await act('own', partition, state => {
    if (state.owner !== null && state.owner !== owner && state.leaseEnd > now()) return null;
    if (state.history !== options.history()) {
      if (state.history !== 0 || state.commits > 0) state.epoch++;
      state.history = options.history();
    }
    state.fence++;
    state.owner = owner;
    state.leaseEnd = now() + leaseMs;
    return { fence: state.fence, number: checkpointOf(state), offset: state.offset };
  });
  return claimed === null ? null : new ModelOwnership(options, claimed);
}

class ModelOwnership implements Ownership {
  readonly partition: number;
  readonly fence: number;
  readonly lost: Promise<Error>;
  private lose: (error: Error) => void = () => {};
  private over: LostOwnership | null = null;
  private number: number;
  private offset: string;

  constructor(
    private readonly options: ClaimOptions,
    claimed: { fence: number; number: number; offset: string },
  ) {
    this.partition = options.partition;
    this.fence = claimed.fence;
    this.number = claimed.number;
    this.offset = claimed.offset;
    this.lost = new Promise(resolve => {
      this.lose = resolve;
    });
  }

  load(): Promise<Checkpoint> {
    return this.ask('load', state => {
      this.mustBeOwner(state);
      if (state.offset !== this.offset) throw this.end('OEE_JOURNAL_FELL_BACK');
      return { offset: state.offset, fields: new Map(state.fields), texts: new Map(state.texts) };
    });
  }

  read(after: string, countMax: number) {
    return this.ask('read', state => state.log.filter(({ id }) => compareIds(id, after) > 0).slice(0, countMax));
  }

  async commit(changes: Changes): Promise<void> {
    try {
      await this.ask('commit', state => {
        this.mustBeOwner(state);
        if (checkpointOf(state) !== this.number || state.offset !== this.offset)
          throw this.end('OEE_JOURNAL_FELL_BACK');
        commitTo(state, changes, this.options.now());
      });
    } catch (error) {
      // In doubt beyond patience: the state is given up, whichever way it went.
      if (error instanceof LostOwnership) throw error;
      throw this.end('OEE_JOURNAL_LOST_OWNERSHIP', error);
    }
    this.number++;
    this.offset = changes.offset;
  }

  async release(): Promise<void> {
    if (this.over !== null) return;
    this.over = lostBecause('OEE_JOURNAL_LOST_OWNERSHIP');
    await this.options.act('release', this.partition, state => {
      if (state.fence !== this.fence || state.owner !== this.options.owner) return;
      state.owner = null;
      state.leaseEnd = 0;
    });
  }

  private async ask<T>(name: string, run: (state: ModelPartition) => T): Promise<T> {
    if (this.over !== null) throw this.over;
    return this.options.act(name, this.partition, run);
  }

  private mustBeOwner(state: ModelPartition): void {
    if (state.fence !== this.fence || state.owner !== this.options.owner) throw this.end('OEE_JOURNAL_LOST_OWNERSHIP');
  }

  private end(code: string, cause?: unknown): LostOwnership {
    this.over ??= lostBecause(code, cause);
    this.lose(this.over);
    return this.over;
  }
}

const lostBecause = (code: string, cause?: unknown): LostOwnership =>
  new LostOwnership(code, 'the partition is not ours any more', 'Drop the state.', { cause });

function commitTo(state: ModelPartition, changes: Changes, now: number): void {
  state.commits++;
  for (const suffix of changes.drop) state.texts.delete(suffix);
  for (const [suffix, text] of changes.append) state.texts.set(suffix, (state.texts.get(suffix) ?? '') + text);
  for (const [field, json] of changes.set) state.fields.set(field, json);
  for (const [i, outputs] of inEntries(changes.outputs).entries()) {
    state.out.push({ id: `${checkpointOf(state)}-${i + 1}`, outputs, before: state.counts.outputs });
    state.counts.outputs += outputs.length;
  }
  for (const letter of changes.deadLetters) {
    state.lastLetterId = nextId(state.lastLetterId, now);
    state.letters.push({ id: state.lastLetterId, letter });
    state.counts.deadLettered += letter.count;
  }
  state.offset = changes.offset;
}

function inEntries(outputs: readonly Output[]): Output[][] {
  const entries: Output[][] = [];
  for (let from = 0; from < outputs.length; from += OUTPUTS_PER_ENTRY_MAX) {
    entries.push(outputs.slice(from, from + OUTPUTS_PER_ENTRY_MAX));
  }
  return entries;
}
