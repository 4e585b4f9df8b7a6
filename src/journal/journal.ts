// Journal: everything that the engine needs of Redis, assembled.
// In: a URL, a prefix, who we are. Out: append, own, outbox, dead letters, trim, books, health.
// Touches the network: two connections, so that a caller's receipt never waits behind megabytes of log.

import type { AccessBook } from '../core/access.ts';
import type { WebhookQueues } from '../core/webhook-queue.ts';
import { openAccessBook } from './access-book.ts';
import { type Appender, openAppender, tokensOf } from './append.ts';
import { type Connection, connect, type Log, type Waits } from './connection.ts';
import { type DeadLetters, openDeadLetters } from './dead-letters.ts';
import { JournalFault } from './journal-error.ts';
import { type Counts, type JournalInfo, type Position, readCounts, readInfo, readPosition } from './journal-health.ts';
import { journalKey, type PartitionKeys, partitionKeys, partitionOfLine, webhooksKey, workersKey } from './keys.ts';
import { claim, type Held, type Ownership } from './lease.ts';
import { openLetterTally, type PartitionTally } from './letter-tally.ts';
import { type Lag, readLag } from './log-lag.ts';
import { type LogView, openLogView } from './log-view.ts';
import { readLuaLibrary } from './lua-library.ts';
import { type Outbox, openOutbox } from './outbox.ts';
import { OPEN_PATIENCE_MS, settleJournal } from './settle-journal.ts';
import { type TrimOptions, trimPartition } from './trim.ts';
import { openWebhookQueues } from './webhook-queues.ts';
import { openWorkerRoster, type WorkerRoster } from './worker-roster.ts';

export interface JournalOptions {
  /** redis://, rediss://, or several separated by commas: a cluster */
  readonly url: string;
  /** first part of every key */
  readonly prefix: string;
  /** chosen once: a journal that was begun with another number is refused */
  readonly partitions: number;
  /** how long an event's id is remembered, for producers that do not number their batches */
  readonly horizonMs: number;
  /** unique per process */
  readonly owner: string;
  readonly leaseMs: number;
  /** PEM text of the CA to trust with `rediss:`; left out: those whom Node trusts */
  readonly ca?: string | null;
  /** Appends are answered only when so many replicas have them: what was acknowledged then outlives a fail-over. 0 when left out. */
  readonly replicas?: number;
  /** how long a reply may take, and how long a socket may be silent with a reply due */
  readonly waits?: Waits;
  readonly log: Log;
  /** milliseconds that never jump, by which a lease is known to have run out */
  readonly steadyNow?: () => number;
}

export interface Journal extends Appender {
  /** which partition a line belongs to, for ever */
  partitionOf(lineId: string): number;
  /** @returns null while another living owner has it */
  own(partition: number): Promise<Ownership | null>;
  /** Wakes readers in this process when something was appended from here. @returns how to stop */
  onAppend(partition: number, wake: () => void): () => void;
  readonly outbox: Outbox;
  readonly deadLetters: DeadLetters;
  /** Lets go of what everybody has behind them. @returns entries removed */
  trim(partition: number, options: TrimOptions): Promise<number>;
  counts(partition: number): Promise<Counts>;
  position(partition: number): Promise<Position>;
  info(): Promise<JournalInfo>;
  /** Ends all connections; what is under way is refused. Partitions are released before, by their owner. */
  close(): Promise<void>;
}

/** What an administrator asks of it beside. */
export interface JournalBooks {
  /** how many partitions there are: 0 to one less */
  readonly partitionCount: number;
  /** how far the work is behind the log */
  lag(partition: number): Promise<Lag>;
  /** how many dead letters are kept, by reason and machine */
  tally(partition: number): Promise<PartitionTally>;
  /** commits of this process whose reply was lost, each then found out to be there or not */
  doubts(): number;
}

/** What a process of several needs to share the partitions with the others. */
export interface JournalCrew {
  /** our name among the workers */
  readonly owner: string;
  readonly leaseMs: number;
  readonly roster: WorkerRoster;
  /** owner and lease end of a partition as they stand: a text that changes as long as somebody renews */
  leaseOf(partition: number): Promise<string>;
  /** partitions of others, for those who only look */
  readonly view: LogView;
}

/** What waits for webhook receivers. */
export interface JournalHooks {
  readonly webhooks: WebhookQueues;
}

/** Who may come in, and what they did. */
export interface JournalAccess {
  readonly access: AccessBook;
}

export type OpenJournal = Journal & JournalBooks & JournalCrew & JournalHooks & JournalAccess;

/** More partitions than this gain nothing: a partition does some 10^4 events a second. */
const PARTITIONS_MAX = 4_096;

export async function openJournal(options: JournalOptions): Promise<OpenJournal> {
  checkOptions(options);
  const library = readLuaLibrary();
  const { replicas = 0, ...shared } = options;
  const work = connect({ ...shared, replicas: 0 }, library);
  const door = connect({ ...shared, replicas, log: () => {} }, library);
  try {
    await settleJournal(work, options);
    await door.read('exists', [journalKey(options.prefix)], OPEN_PATIENCE_MS);
  } catch (error) {
    work.close();
    door.close();
    throw error;
  }
  return assembleJournal(options, work, door);
}

/** The journal over two connections, whatever is at their other end. */
export function assembleJournal(options: JournalOptions, work: Connection, door: Connection): OpenJournal {
  const { prefix, partitions, horizonMs, owner } = options;
  const keys = Array.from({ length: partitions }, (_, partition) => partitionKeys(prefix, partition));
  const keysOf = (partition: number): PartitionKeys => {
    const found = keys[partition];
    if (found === undefined) throw noPartition(partition, partitions);
    return found;
  };
  const token = tokensOf(owner);
  const { onAppend, appended } = openWakers();
  const deadLetters = openDeadLetters(work, keysOf, partitions, token);
  const held = new Set<Held>();
  let doubts = 0;
  const leasing = { ...options, onDoubt: () => void doubts++ };

  return {
    ...openCrew(options, work, keysOf),
    ...openAppender(door, keysOf, horizonMs, token, appended),
    partitionCount: partitions,
    partitionOf: lineId => partitionOfLine(lineId, partitions),
    own: async partition => {
      const ownership = await claim(work, partition, keysOf(partition), leasing);
      if (ownership !== null) {
        // At most one per partition: an earlier one of ours lost its fence by this claim.
        for (const earlier of held) if (earlier.partition === partition) held.delete(earlier);
        held.add(ownership);
      }
      return ownership;
    },
    onAppend,
    outbox: openOutbox(work, keysOf),
    deadLetters: {
      ...deadLetters,
      replay: async (partition, id, mended) => {
        const entry = await deadLetters.replay(partition, id, mended);
        if (entry !== null) appended(partition);
        return entry;
      },
    },
    webhooks: openWebhookQueues(work, keysOf, webhooksKey(prefix)),
    access: openAccessBook(work, prefix),
    trim: (partition, trimOptions) => trimPartition(work, keysOf(partition), trimOptions, horizonMs),
    counts: partition => readCounts(work, keysOf(partition)),
    position: partition => readPosition(work, keysOf(partition)),
    lag: partition => readLag(work, keysOf(partition)),
    tally: openLetterTally(work, keysOf),
    doubts: () => doubts,
    info: () => readInfo(work, options.replicas ?? 0),
    close: async () => {
      for (const ownership of held) ownership.abandon();
      work.close();
      door.close();
    },
  };
}

function openCrew(
  { owner, prefix, leaseMs }: JournalOptions,
  work: Connection,
  keysOf: (partition: number) => PartitionKeys,
): JournalCrew {
  return {
    owner,
    leaseMs,
    roster: openWorkerRoster(work, workersKey(prefix), owner, leaseMs),
    leaseOf: async partition =>
      ((await work.read('hmget', [keysOf(partition).meta, 'owner', 'lease'])) as (string | null)[]).join(' '),
    view: openLogView(work, keysOf),
  };
}

/** Readers of this process that want to know when something was appended from here. */
function openWakers(): Pick<Journal, 'onAppend'> & { appended(partition: number): void } {
  const wakers = new Map<number, Set<() => void>>();
  return {
    appended: partition => {
      for (const wake of wakers.get(partition) ?? []) wake();
    },
    onAppend: (partition, wake) => {
      const those = wakers.get(partition) ?? new Set();
      wakers.set(partition, those.add(wake));
      return () => those.delete(wake);
    },
  };
}

function checkOptions({ prefix, partitions, horizonMs, leaseMs, owner }: JournalOptions): void {
  const faults: string[] = [];
  if (prefix === '' || /[{}\s]/.test(prefix)) faults.push(`prefix "${prefix}" is empty or holds braces or blanks`);
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > PARTITIONS_MAX) {
    faults.push(`partitions is ${partitions}, not 1 to ${PARTITIONS_MAX}`);
  }
  if (!Number.isSafeInteger(horizonMs) || horizonMs < 1)
    faults.push(`horizonMs is ${horizonMs}, not a whole number above 0`);
  if (!Number.isSafeInteger(leaseMs) || leaseMs < 1) faults.push(`leaseMs is ${leaseMs}, not a whole number above 0`);
  if (owner === '') faults.push('owner is empty');
  if (faults.length === 0) return;
  throw new JournalFault('OEE_JOURNAL_OPTIONS', faults.join('; '), 'Mend these options of the journal.');
}

const noPartition = (partition: number, partitions: number): JournalFault =>
  new JournalFault(
    'OEE_JOURNAL_PARTITION',
    `there is no partition ${partition}`,
    `Partitions are numbered 0 to ${partitions - 1}.`,
  );
