// Partition worker: one ownership of one partition from beginning to end: own, load, work, give back.
// In: the journal. Out: commits; the partition's state for those who read it; how it ended.
// Touches the journal.
//
// Modes. owning: claiming → loading: reading the checkpoint → working: read, reduce, commit, until told to stop → leaving: the
// last commit is in, others finish what they do for the partition → ended: see WorkerEnd. Any trouble leads to ended.
// A state that is not for this program is given back at once, unharmed: ended as refused.

import { loadSteps } from '../core/checkpoint.ts';
import type { Checkpoint } from '../core/log-entry.ts';
import { newPartition, type Partition, type Share } from '../core/partition.ts';
import { StateRefused, upgradeState } from '../core/state-revision.ts';
import { LostOwnership } from '../journal/journal-error.ts';
import type { Ownership } from '../journal/lease.ts';
import type { Log } from '../log.ts';
import { collectChanges } from '../pipeline/collect-changes.ts';
import { breath, withBreath } from './breath.ts';
import { findPoison } from './find-poison.ts';
import { CHUNK_ENTRIES_MAX, chunkOf, ReduceFault, reduce } from './reduce.ts';
import { Wakeable } from './wakeable.ts';

/** An idle reader looks again after this long; appends of this process wake it at once. */
const IDLE_MS = 40;
/**
 * Work is committed after so long, and everything else has its turn: a chunk of old news can cost seconds, and an owner that
 * lost its lease before its first commit would leave the same chunk to the next one, for ever.
 */
const STRETCH_MS = 50;

export interface WorkerPorts {
  own(partition: number): Promise<Ownership | null>;
  onAppend(partition: number, wake: () => void): () => void;
  readonly share: Share;
  /** its state is loaded and grows from here on */
  onWorking?(worker: PartitionWorker): void;
  /** something new is in the outbox */
  onCommit?(partition: number): void;
  /** the last commit is in: what else is done for the partition ends before it is given back */
  onLeaving?(partition: number): Promise<void>;
  /** milliseconds that never jump; without it only the amount of work closes a commit */
  readonly steadyNow?: (() => number) | undefined;
  readonly log: Log;
}

export type WorkerMode = 'owning' | 'loading' | 'working' | 'leaving' | 'ended';
/**
 * released: we gave it back; taken: another owns it; lost: the fence moved, or the journal fell back; refused: the state is of
 * another program; failed: other trouble. All but the first two are told in the log.
 */
export type WorkerEnd = 'released' | 'taken' | 'lost' | 'refused' | 'failed';

export class PartitionWorker {
  readonly index: number;
  mode: WorkerMode = 'owning';
  /** why this program leaves the partition alone; null while it does not */
  refusal: StateRefused | null = null;
  /** as far as worked; a commit may still be under way */
  partition: Partition;
  /** the last entry worked in */
  offset = '0-0';
  /** commits that went through */
  commits = 0;
  readonly ended: Promise<WorkerEnd>;
  private readonly ports: WorkerPorts;
  private readonly nap = new Wakeable();
  private ownership: Ownership | null = null;
  private running = true;

  constructor(index: number, ports: WorkerPorts) {
    this.index = index;
    this.ports = ports;
    this.partition = newPartition(index, ports.share);
    this.ended = this.run();
  }

  /** Commits what is under way, gives the partition back, and ends. */
  async stop(): Promise<void> {
    this.running = false;
    this.nap.wake();
    await this.ended;
  }

  /** Whether nobody else can own it yet, by our own clock. */
  holds(): boolean {
    return this.mode !== 'ended' && (this.ownership?.holds?.() ?? this.ownership !== null);
  }

  private async run(): Promise<WorkerEnd> {
    const unhook = this.ports.onAppend(this.index, () => this.nap.wake());
    let end: WorkerEnd;
    try {
      this.ownership = await this.ports.own(this.index);
      end = this.ownership === null ? 'taken' : await this.work(this.ownership);
    } catch (error) {
      end = endBy(error);
      if (error instanceof StateRefused) this.refusal = error;
      this.ports.log('warn', 'partition dropped, to be loaded again', { partition: this.index, error: String(error) });
      // so that another may try; a lease that was lost has nothing to give back, and without Redis it runs out by itself
      await this.ownership?.release().catch(() => {});
    }
    unhook();
    this.mode = 'ended';
    return end;
  }

  private async work(ownership: Ownership): Promise<WorkerEnd> {
    for (let fault: ReduceFault | null = null; ; ) {
      this.mode = 'loading';
      if (fault !== null) await this.goAround(ownership, fault);
      const checkpoint = await this.loadToday(ownership);
      this.partition = await withBreath(loadSteps(this.index, this.ports.share, checkpoint));
      this.offset = checkpoint.offset;
      this.mode = 'working';
      this.ports.onWorking?.(this);
      fault = await this.follow(ownership);
      if (fault === null) break;
    }
    this.mode = 'leaving';
    await this.ports.onLeaving?.(this.index);
    await ownership.release();
    return 'released';
  }

  /** The state in today's shape, and committed so. @throws StateRefused when it is not for us */
  private async loadToday(ownership: Ownership): Promise<Checkpoint> {
    const { checkpoint, changes } = upgradeState(await ownership.load());
    if (changes === null) return checkpoint;
    await ownership.commit(changes);
    this.ports.log('info', 'state upgraded', { partition: this.index });
    return checkpoint;
  }

  /** Until told to stop. @returns the fault on which the state became worthless, if any; everything before it is committed */
  private async follow(ownership: Ownership): Promise<ReduceFault | null> {
    const read = (entriesMax: number) => {
      const entries = ownership.read(this.offset, entriesMax);
      // looked at in its turn; until then its failure is nobody's surprise
      entries.catch(() => {});
      return entries;
    };
    let entriesMax = CHUNK_ENTRIES_MAX;
    let commit: Promise<void> = Promise.resolve();
    let next = read(entriesMax);
    try {
      while (this.running) {
        const entries = await next;
        const last = entries.at(-1);
        if (last === undefined) {
          await commit;
          if (this.running) await this.nap.pause(IDLE_MS);
          next = read(entriesMax);
          continue;
        }
        const reached = this.offset;
        this.offset = last.id;
        entriesMax = chunkOf(entries);
        // the next chunk is fetched while this one is worked, and its commit runs while the next is worked
        next = read(entriesMax);
        try {
          const stretch = this.stretches();
          for (const works of reduce(entries, this.partition, undefined, stretch.isOver)) {
            await commit;
            commit = ownership.commit(collectChanges(this.partition, works)).then(() => this.committed());
            commit.catch(() => {});
            if (stretch.wasOver()) await breath();
          }
        } catch (error) {
          if (!(error instanceof ReduceFault)) throw error;
          this.offset = reached;
          await commit;
          return error;
        }
      }
      await commit;
      return null;
    } catch (error) {
      await commit.catch(() => {});
      throw error;
    }
  }

  /** The pipeline failed on an entry: its state is worthless. Load again, work up to the entry, and through it without the poison. */
  private async goAround(ownership: Ownership, { entry, cause }: ReduceFault): Promise<void> {
    const { index, ports } = this;
    ports.log('error', 'the pipeline failed on an entry', { partition: index, entry: entry.id, error: String(cause) });
    for (;;) {
      const checkpoint = await ownership.load();
      this.partition = await withBreath(loadSteps(index, ports.share, checkpoint));
      const [before] = await ownership.read(checkpoint.offset, 1);
      if (before === undefined) throw new Error(`entry ${entry.id} is not in the log any more`);
      const poison = before.id === entry.id ? await findPoison(entry, checkpoint, index, ports.share) : undefined;
      for (const works of reduce([before], this.partition, poison)) {
        await ownership.commit(collectChanges(this.partition, works));
        this.committed();
      }
      if (before.id === entry.id) return;
    }
  }

  /** Whether a stretch of work is over, and whether one ended since that was last asked. */
  private stretches(): { isOver(): boolean; wasOver(): boolean } {
    const now = this.ports.steadyNow ?? (() => 0);
    let began = now();
    let ended = false;
    return {
      isOver: () => {
        const at = now();
        if (at - began < STRETCH_MS) return false;
        began = at;
        ended = true;
        return true;
      },
      wasOver: () => {
        const was = ended;
        ended = false;
        return was;
      },
    };
  }

  private committed(): void {
    this.commits += 1;
    this.ports.onCommit?.(this.index);
  }
}

function endBy(error: unknown): WorkerEnd {
  if (error instanceof StateRefused) return 'refused';
  return error instanceof LostOwnership ? 'lost' : 'failed';
}
