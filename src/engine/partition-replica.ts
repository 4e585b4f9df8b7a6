// Partition replica: the state of a partition that another process owns, for questions: the same log through the same pipeline.
// In: the journal's view of the partition. Out: the partition's state, equal to its owner's at every entry.
// Touches the journal, reading only.
//
// Modes. loading: nothing to show yet, or what was shown is no longer what the log says → following: reads on from the
// committed state; commits nothing → (trimmed past, the journal fell back, books unlike the owner's) → loading → …

import { loadSteps } from '../core/checkpoint.ts';
import type { Partition, Share } from '../core/partition.ts';
import { HEAD_FIELD, STATE_LAW, StateRefused, stateRevisionOf, upgradeState } from '../core/state-revision.ts';
import type { LogView } from '../journal/log-view.ts';
import type { Log } from '../log.ts';
import { collectChanges } from '../pipeline/collect-changes.ts';
import { withBreath } from './breath.ts';
import { CHUNK_ENTRIES_MAX, chunkOf, ReduceFault, reduce } from './reduce.ts';
import { Wakeable } from './wakeable.ts';

/** An idle replica looks again after this long; appends of this process wake it at once. */
const IDLE_MS = 80;
/** How often it is compared with the log and its owner's books while nothing comes in. */
const COMPARE_EVERY_MS = 1_000;
/** After trouble: wait, then load anew. What it trips over again and again, it meets ever more slowly. */
const AGAIN_MIN_MS = 500;
const AGAIN_MAX_MS = 30_000;

export interface ReplicaPorts {
  readonly view: LogView;
  onAppend(partition: number, wake: () => void): () => void;
  readonly share: Share;
  readonly log: Log;
}

/** A state and the last entry worked into it, taken over from an owner that gave the partition back. */
export interface Inherited {
  readonly partition: Partition;
  readonly offset: string;
}

export class PartitionReplica {
  readonly index: number;
  /** null before it is loaded, and after the pipeline failed on it */
  partition: Partition | null = null;
  offset = '0-0';
  /** why its state is not for this program; null while it is */
  refusal: StateRefused | null = null;
  /** times that the state was loaded */
  loads = 0;
  private readonly ports: ReplicaPorts;
  private readonly nap = new Wakeable();
  private readonly done: Promise<void>;
  private running = true;
  private entriesMax = CHUNK_ENTRIES_MAX;
  /** history that the state belongs to; null: to be asked */
  private history: string | null = null;
  /** the log held the entry at our offset, so it must go on holding it */
  private anchored = false;
  /** as our state would be booked; null: unknown until the next entry */
  private books: string | null = null;
  private idleMs = 0;
  private againMs = AGAIN_MIN_MS;

  constructor(index: number, ports: ReplicaPorts, inherited: Inherited | null = null) {
    this.index = index;
    this.ports = ports;
    if (inherited !== null) Object.assign(this, inherited, { anchored: inherited.offset !== '0-0' });
    this.done = this.run(inherited === null);
  }

  async stop(): Promise<void> {
    this.running = false;
    this.nap.wake();
    await this.done;
  }

  /** How old the youngest entry is that it has not worked in, at most; 0 when it has all. */
  async lagMs(): Promise<number> {
    const { lastId } = await this.ports.view.look(this.index, this.offset);
    const msOf = (id: string): number => Number(id.slice(0, id.indexOf('-')));
    return lastId === this.offset ? 0 : Math.max(0, msOf(lastId) - msOf(this.offset));
  }

  private async run(isNew: boolean): Promise<void> {
    const unhook = this.ports.onAppend(this.index, () => this.nap.wake());
    let stale = isNew;
    while (this.running) {
      try {
        if (stale) await this.load();
        stale = false;
        if (!(await this.step())) await this.nap.pause(IDLE_MS);
        else this.againMs = AGAIN_MIN_MS;
      } catch (error) {
        this.ports.log('warn', 'replica to be loaded again', { partition: this.index, error: String(error) });
        this.refusal = error instanceof StateRefused ? error : null;
        // what was shown before goes on being shown, unless it is worthless, or will never go on here
        if (error instanceof ReduceFault || error instanceof StateRefused) this.partition = null;
        stale = true;
        if (!this.running) break;
        await this.nap.pause(this.againMs);
        this.againMs = Math.min(this.againMs * 2, AGAIN_MAX_MS);
      }
    }
    unhook();
  }

  private async load(): Promise<void> {
    const { checkpoint: committed, anchored, history } = await this.ports.view.snapshot(this.index);
    const { checkpoint } = upgradeState(committed);
    this.partition = await withBreath(loadSteps(this.index, this.ports.share, checkpoint));
    this.books = checkpoint.fields.get(HEAD_FIELD) ?? null;
    this.offset = checkpoint.offset;
    Object.assign(this, { anchored, history });
    this.refusal = null;
    this.loads += 1;
  }

  /** @returns whether there was something */
  private async step(): Promise<boolean> {
    const { index, partition, ports } = this;
    if (partition === null) throw new Error('nothing is loaded');
    const entries = await ports.view.read(index, this.offset, this.entriesMax);
    this.idleMs += IDLE_MS;
    // looked at after the read: entries of another history than ours are never worked in
    if (entries.length > 0 || this.idleMs >= COMPARE_EVERY_MS) await this.compare();
    const last = entries.at(-1);
    if (last === undefined) return false;
    for (const works of reduce(entries, partition)) {
      // what the owner commits is thrown away here, but for its books
      this.books = collectChanges(partition, works).set.get(HEAD_FIELD) ?? null;
    }
    this.offset = last.id;
    this.anchored = true;
    this.entriesMax = chunkOf(entries);
    return true;
  }

  /** @throws Error when our state is not that of the log any more */
  private async compare(): Promise<void> {
    this.idleMs = 0;
    const { there, committed, books, history } = await this.ports.view.look(this.index, this.offset);
    this.history ??= history;
    if (history !== this.history) throw new Error('Redis was restarted or failed over: the log may have fallen back');
    if (this.anchored && !there) throw new Error(`the log was trimmed past ${this.offset}, or fell back behind it`);
    if (committed !== this.offset || this.books === null || books === this.books) return;
    // an older program owns it: what it writes in its books is not to be compared with ours
    if ((stateRevisionOf(books) ?? STATE_LAW.revision) < STATE_LAW.revision) return;
    throw new Error(`at ${this.offset} the owner's books say ${books}, ours ${this.books}`);
  }
}
