// Partition keeper: this process' fair share of the partitions: claims what is free, gives back what is too much.
// In: the roster of the living, the journal. Out: a worker for each partition that is ours.
// Touches the journal through its ports, and timers.
//
// Each round: say that we live and learn who else does; give back what is beyond our share, with drain; claim up to it. What
// nobody takes, since whose share it is cannot (an older program, say), is taken beyond the share until the living change; a few
// times it is offered meanwhile, for whose share it is may only have been cut off.

import type { StateRefused } from '../core/state-revision.ts';
import type { Ownership } from '../journal/lease.ts';
import type { Log } from '../log.ts';
import { dearestFirst, shareOf } from './fair-share.ts';
import { PartitionWorker, type WorkerEnd, type WorkerPorts } from './partition-worker.ts';
import { Wakeable } from './wakeable.ts';

/** Between two rounds: what a hand-over waits at most, twice; right after a change, what the next may bring at once. */
const ROUND_MS = 250;
const ROUND_AFTER_CHANGE_MS = 50;
/** A partition that made trouble is left alone for a while; one whose state is not for this program, for longer. */
const AGAIN_MS = 500;
const REFUSED_AGAIN_MS = 30_000;
/** So often in a row a lease is seen unrenewed before it is taken beyond the share: once, but for that of an owner who lives. */
const LOOKS = 1;
/** It missed its renewals, on a busy machine or a bad line, and claims again as soon as it notices. */
const LOOKS_AT_THE_LIVING = 4;
/** What was taken beyond the share is offered after so many looks, then after twice as many, and so on, so often among the same living. */
const LOOKS_BEFORE_OFFER = 2;
const OFFERS_MAX = 3;

export interface KeeperPorts {
  readonly partitions: readonly number[];
  /** our name on the roster */
  readonly owner: string;
  readonly leaseMs: number;
  readonly roster: { meet(): Promise<readonly string[]>; leave(): Promise<void> };
  own(partition: number): Promise<Ownership | null>;
  /** owner and lease end as they stand: a text that changes as long as somebody renews */
  leaseOf(partition: number): Promise<string>;
  /** what a worker needs besides its ownership */
  readonly worker: Omit<WorkerPorts, 'own' | 'share'> & { share(partition: number): WorkerPorts['share'] };
  /** the worker has ended, whichever way */
  onEnded(worker: PartitionWorker, end: WorkerEnd): void;
  readonly log: Log;
}

/** Partitions that came to this process and left it, by how. */
export type HandOvers = Readonly<Record<'claimed' | Exclude<WorkerEnd, 'taken'>, number>>;

export class PartitionKeeper {
  readonly workers = new Map<number, PartitionWorker>();
  /** partitions whose state this program cannot read, and why */
  readonly refusals = new Map<number, StateRefused>();
  living: readonly string[] = [];
  share = 0;
  private readonly ports: KeeperPorts;
  private readonly counts = { claimed: 0, released: 0, lost: 0, refused: 0, failed: 0 };
  /** of workers that have ended */
  private readonly commitsBefore = new Map<number, number>();
  private readonly order: readonly number[];
  private readonly resting = new Map<number, NodeJS.Timeout>();
  private readonly leaving = new Set<PartitionWorker>();
  /** taken beyond the share since nobody else did, and how many looks ago */
  private readonly fostered = new Map<number, number>();
  /** how often each was offered since the living changed */
  private readonly offers = new Map<number, number>();
  /** leases as they stood when looked at last, and how often in a row they stood so before */
  private leases = new Map<number, { readonly lease: string; readonly looks: number }>();
  private looksAt: NodeJS.Timeout | null = null;
  private readonly nap = new Wakeable();
  private running = true;
  private readonly done: Promise<void>;
  private settled: () => void = () => {};
  /** resolves when the first round is over, and what was free is claimed */
  readonly started = new Promise<void>(resolve => {
    this.settled = resolve;
  });

  constructor(ports: KeeperPorts) {
    this.ports = ports;
    this.order = dearestFirst(ports.owner, ports.partitions);
    this.done = this.run();
  }

  /** Has its share, and every partition of it is worked. */
  isReady(): boolean {
    const kept = this.kept();
    return this.living.length > 0 && kept.length >= this.share && kept.every(worker => worker.mode === 'working');
  }

  holds(partition: number): boolean {
    return this.workers.get(partition)?.holds() ?? false;
  }

  handOvers(): HandOvers {
    return { ...this.counts };
  }

  /** commits of this process per partition, since it started */
  commits(): ReadonlyMap<number, number> {
    const all = new Map(this.commitsBefore);
    for (const [partition, { commits }] of this.workers) all.set(partition, (all.get(partition) ?? 0) + commits);
    return all;
  }

  /** Leaves the roster, then gives everything back, each after its last commit. */
  async stop(): Promise<void> {
    this.running = false;
    this.nap.wake();
    await this.done;
    for (const timer of this.resting.values()) clearTimeout(timer);
    if (this.looksAt !== null) clearTimeout(this.looksAt);
    await this.ports.roster.leave().catch(() => {});
    await Promise.all([...this.workers.values()].map(worker => worker.stop()));
  }

  private async run(): Promise<void> {
    while (this.running) {
      let changed = false;
      try {
        changed = await this.round();
      } catch (error) {
        this.ports.log('debug', 'partitions not shared out', { error: String(error) });
      }
      if (this.living.length > 0) this.settled();
      if (this.running) await this.nap.pause(changed ? ROUND_AFTER_CHANGE_MS : ROUND_MS);
    }
    this.settled();
  }

  /** @returns whether anything changed hands, or the living did */
  private async round(): Promise<boolean> {
    const { roster, owner, partitions } = this.ports;
    const living = await roster.meet();
    const isNews = living.join() !== this.living.join();
    if (isNews) {
      this.fostered.clear();
      this.offers.clear();
      // shares moved: who takes what nobody had is to be seen among these living
      this.leases.clear();
    }
    this.living = living;
    this.share = shareOf(owner, living, partitions.length);
    const given = this.giveBack();
    const claimed = await this.claimUpToShare();
    if (claimed === 0) await this.foster();
    return isNews || given + claimed > 0;
  }

  /** Workers that are not on their way out, the oldest first. */
  private kept(): PartitionWorker[] {
    return [...this.workers.values()].filter(worker => !this.leaving.has(worker));
  }

  /** The youngest first: what came when another was late is what goes when it is there. */
  private giveBack(): number {
    const excess = this.kept()
      .filter(worker => !this.fostered.has(worker.index))
      .slice(this.share);
    for (const worker of excess) {
      this.leaving.add(worker);
      void worker.stop();
    }
    return excess.length;
  }

  private async claimUpToShare(): Promise<number> {
    let claimed = 0;
    for (const partition of this.order) {
      if (!this.running || this.kept().length >= this.share) break;
      if (await this.claim(partition)) claimed += 1;
    }
    return claimed;
  }

  private async claim(partition: number): Promise<boolean> {
    if (this.workers.has(partition) || this.resting.has(partition)) return false;
    const ownership = await this.ports.own(partition);
    if (ownership === null) return false;
    this.counts.claimed += 1;
    const worker = new PartitionWorker(partition, {
      ...this.ports.worker,
      share: this.ports.worker.share(partition),
      own: async () => ownership,
    });
    this.workers.set(partition, worker);
    void worker.ended.then(end => this.onEnded(worker, end));
    return true;
  }

  private onEnded(worker: PartitionWorker, end: WorkerEnd): void {
    const { index, refusal } = worker;
    this.workers.delete(index);
    this.leaving.delete(worker);
    this.fostered.delete(index);
    this.commitsBefore.set(index, (this.commitsBefore.get(index) ?? 0) + worker.commits);
    if (end !== 'taken') this.counts[end] += 1;
    if (refusal === null) this.refusals.delete(index);
    else this.refusals.set(index, refusal);
    if (end === 'failed' || end === 'refused') this.rest(index, end === 'refused' ? REFUSED_AGAIN_MS : AGAIN_MS);
    this.ports.onEnded(worker, end);
  }

  private rest(partition: number, ms: number): void {
    const timer = setTimeout(() => this.resting.delete(partition), ms);
    timer.unref();
    this.resting.set(partition, timer);
  }

  /**
   * Looks at the leases now and then: one that nobody renewed in between is nobody's. Two leases apart, so that of a worker that
   * died the living take what is their share first.
   */
  private async foster(): Promise<void> {
    if (this.looksAt !== null) return;
    this.looksAt = setTimeout(() => {
      this.looksAt = null;
    }, 2 * this.ports.leaseMs);
    this.looksAt.unref();
    this.offer();
    const before = this.leases;
    this.leases = new Map();
    for (const partition of this.order) {
      if (this.workers.has(partition)) continue;
      const lease = await this.ports.leaseOf(partition);
      const seen = before.get(partition);
      const looks = seen?.lease === lease ? seen.looks + 1 : 0;
      this.leases.set(partition, { lease, looks });
      const ownerLives = this.living.includes(lease.slice(0, lease.lastIndexOf(' ')));
      if (looks < (ownerLives ? LOOKS_AT_THE_LIVING : LOOKS) || !(await this.claim(partition))) continue;
      this.fostered.set(partition, 0);
      this.ports.log('info', 'partition taken beyond the share: nobody else did', { partition });
    }
  }

  /** What is offered counts as beyond the share again: the next round gives it back. */
  private offer(): void {
    for (const [partition, looks] of this.fostered) {
      const offered = this.offers.get(partition) ?? 0;
      this.fostered.set(partition, looks + 1);
      if (offered >= OFFERS_MAX || looks + 1 < LOOKS_BEFORE_OFFER * 2 ** offered) continue;
      this.offers.set(partition, offered + 1);
      this.fostered.delete(partition);
    }
  }
}
