// Lease: owning a partition. The lease says who should work, for liveness; the fence in every commit says who may, for safety.
// In: a partition. Out: its ownership (load, read, commit, release), or null while another lives.
// Touches Redis through the connection, and a timer that renews.
//
// Modes of an ownership: held (claimed; loads, reads, commits, renews) → lost (fence moved, journal fell back, doubt not
// resolved: every commit throws, `lost` resolves) or released (given back: every commit throws, `lost` stays open).

import type { Changes, Checkpoint, LogEntry } from '../core/log-entry.ts';
import { changesToArgs } from './changes-to-args.ts';
import { commitStep, lostTo } from './commit.ts';
import type { Connection, Log } from './connection.ts';
import { JournalFault, LostOwnership } from './journal-error.ts';
import type { PartitionKeys } from './keys.ts';
import { fellBack, readCheckpoint, readEntries } from './reader.ts';

export interface Ownership {
  readonly partition: number;
  readonly fence: number;
  load(): Promise<Checkpoint>;
  /** Entries after an id, at most countMax, without waiting for any. */
  read(after: string, countMax: number): Promise<readonly LogEntry[]>;
  /** All or nothing, exactly once; one at a time. @throws LostOwnership: drop the state. */
  commit(changes: Changes): Promise<void>;
  release(): Promise<void>;
  /** Whether nobody else can own it yet, by our own clock: what must not come late, as a word to a neighbour, asks this first. */
  holds?(): boolean;
  /** Resolves (never rejects) when this ownership is over without our asking. */
  readonly lost: Promise<Error>;
}

export interface LeaseOptions {
  readonly owner: string;
  readonly leaseMs: number;
  readonly log: Log;
  /** milliseconds that never jump; without it `holds` goes by what Redis last said */
  readonly steadyNow?: () => number;
  /** hears of commits whose reply was lost */
  readonly onDoubt?: () => void;
}

/** A renewal that fails is simply tried again a third of a lease later: two may fail before anybody else may claim. */
const RENEWALS_PER_LEASE = 3;

export async function claim(
  connection: Connection,
  partition: number,
  keys: PartitionKeys,
  options: LeaseOptions,
): Promise<Held | null> {
  const asked = options.steadyNow?.() ?? 0;
  const reply = (await connection.act('claim-lease', [keys.in, keys.meta], [options.owner, options.leaseMs])) as (
    | number
    | string
  )[];
  const [fence, number, offset, mended] = reply;
  if (fence === 0) return null;
  if (mended === 1) {
    options.log('error', 'the log ended before what was worked off', {
      code: 'OEE_JOURNAL_FELL_BACK',
      stream: keys.in,
      offset: String(offset),
      remedy:
        'Somebody emptied the stream, or restored a part of it: what was in it unread is gone. New entries are read.',
    });
  }
  return new Held(connection, partition, keys, options, Number(fence), Number(number), String(offset), asked);
}

export class Held implements Ownership {
  readonly lost: Promise<Error>;
  private readonly lose: (error: Error) => void;
  private over: LostOwnership | null = null;
  private committing = false;
  private renewal: NodeJS.Timeout | null = null;

  constructor(
    private readonly connection: Connection,
    readonly partition: number,
    private readonly keys: PartitionKeys,
    private readonly options: LeaseOptions,
    readonly fence: number,
    /** last checkpoint and offset known as committed */
    private number: number,
    private offset: string,
    /** when the claim, or the last renewal that was granted, was sent */
    private grantedAt: number,
  ) {
    let lose: (error: Error) => void = () => {};
    this.lost = new Promise(resolve => {
      lose = resolve;
    });
    this.lose = lose;
    this.renewLater();
  }

  async load(): Promise<Checkpoint> {
    this.mustHold();
    const checkpoint = await readCheckpoint(this.connection, this.keys);
    // Another owner may have claimed and committed between two of our reads: then they do not fit together.
    const held = (await this.connection.read('hmget', [this.keys.meta, 'fence', 'owner'])) as (string | null)[];
    if (held[0] !== String(this.fence) || held[1] !== this.options.owner) {
      throw this.end(lostTo(`partition of ${this.keys.meta} has a new owner`));
    }
    if (checkpoint.offset !== this.offset) {
      throw this.end(fellBack(`loaded offset ${checkpoint.offset}, not ${this.offset}`));
    }
    return checkpoint;
  }

  holds(): boolean {
    const { steadyNow, leaseMs } = this.options;
    return this.over === null && (steadyNow === undefined || steadyNow() < this.grantedAt + leaseMs);
  }

  async read(after: string, countMax: number): Promise<readonly LogEntry[]> {
    this.mustHold();
    const { fence, number, options } = this;
    const reader = { fence, name: options.owner, number, log: options.log };
    return this.endOnLoss(readEntries(this.connection, this.keys, after, countMax, reader));
  }

  async commit(changes: Changes): Promise<void> {
    this.mustHold();
    if (this.committing) {
      throw new JournalFault(
        'OEE_JOURNAL_COMMIT_OVERLAP',
        `two commits of partition ${this.partition} at once`,
        'Await one commit before the next: their order is their meaning.',
      );
    }
    this.committing = true;
    try {
      const { fence, offset: previous } = this;
      const from = { fence, owner: this.options.owner, previous, number: this.number + 1 };
      const call = changesToArgs(changes, from, this.keys);
      await this.endOnLoss(commitStep(this.connection, this.keys, from, changes.offset, call, this.options.onDoubt));
      this.number = from.number;
      this.offset = changes.offset;
    } finally {
      this.committing = false;
    }
  }

  async release(): Promise<void> {
    if (this.over !== null) return;
    this.stop(lostTo(`partition ${this.partition} was released`));
    await this.connection.act('release-lease', [this.keys.meta], [this.fence, this.options.owner]);
  }

  /** The journal is closing: renew no more. */
  abandon(): void {
    this.stop(lostTo(`journal is closed`));
  }

  private mustHold(): void {
    if (this.over !== null) throw this.over;
  }

  private stop(why: LostOwnership): void {
    this.over ??= why;
    if (this.renewal !== null) clearTimeout(this.renewal);
    this.renewal = null;
  }

  private end(why: LostOwnership): LostOwnership {
    if (this.over === null) {
      this.stop(why);
      this.options.log('warn', 'partition lost', { partition: this.partition, fence: this.fence, why: why.message });
      this.lose(why);
    }
    return why;
  }

  private async endOnLoss<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (error instanceof LostOwnership) this.end(error);
      throw error;
    }
  }

  private renewLater(): void {
    if (this.over !== null) return;
    const { leaseMs } = this.options;
    this.renewal = setTimeout(
      () => void this.renew(leaseMs).then(() => this.renewLater()),
      leaseMs / RENEWALS_PER_LEASE,
    );
    this.renewal.unref();
  }

  private async renew(leaseMs: number): Promise<void> {
    const args = [this.fence, this.options.owner, this.number, leaseMs];
    const asked = this.options.steadyNow?.() ?? 0;
    try {
      const verdict = await this.connection.act('renew-lease', [this.keys.meta], args, 0);
      if (verdict === 'lost') this.end(lostTo(`partition of ${this.keys.meta} has a new owner`));
      else if (verdict === 'behind') this.end(fellBack(`${this.keys.meta} is before checkpoint ${args[2]}`));
      else this.grantedAt = asked;
    } catch (error) {
      if (this.over === null) {
        this.options.log('warn', 'lease not renewed', { partition: this.partition, error: (error as Error).message });
      }
    }
  }
}
