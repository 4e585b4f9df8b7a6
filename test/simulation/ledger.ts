// Ledger: what really happened to the journal, written down by somebody who sees every act the moment it is carried out.
// In: acts with their replies, fail-overs. Out: the surviving log, outbox and commits of each partition; broken laws, as they break.
// Pure but for its own memory; it reads the slots and changes nothing.

import type { CarriedOut, ModelRedis } from '../support/model-redis.ts';
import { idLess, type ModelSlot, type StreamEntry } from '../support/model-store.ts';

interface Commit {
  readonly number: number;
  readonly previous: string;
  readonly offset: string;
}

/** What survives of a partition. Copied for a replica that is behind. */
export interface Account {
  log: StreamEntry[];
  out: StreamEntry[];
  commits: Commit[];
  /** of the last claim */
  fence: string;
  owner: string;
  /** acts of the sinks that moved a cursor */
  advances: number;
  /** texts of dead letters that went into the log again */
  replayed: string[];
}

const LOG = /:in$/;
const OUT = /:out$/;

export class Ledger {
  readonly accounts = new Map<string, Account>();
  readonly broken: string[] = [];
  commits = 0;
  staleRefused = 0;
  /** of each partition the highest checkpoint ever, a lost past included: whoever outside heard of it must see what replaces it */
  private readonly highest = new Map<string, number>();
  /** stream key -> entries ever added, as far as they are written down */
  private readonly seen = new Map<string, number>();

  constructor(private readonly slotOf: (tag: string) => ModelSlot) {}

  of(tag: string): Account {
    const known = this.accounts.get(tag);
    if (known !== undefined) return known;
    const account: Account = { log: [], out: [], commits: [], fence: '', owner: '', advances: 0, replayed: [] };
    this.accounts.set(tag, account);
    return account;
  }

  note(done: CarriedOut): void {
    const account = this.of(done.tag);
    const slot = this.slotOf(done.tag);
    const fresh = new Set<string>();
    for (const [key, stream] of slot.streams) {
      if (!LOG.test(key) && !OUT.test(key)) continue;
      const count = stream.added - (this.seen.get(key) ?? 0);
      if (count <= 0) continue;
      fresh.add(key);
      this.seen.set(key, stream.added);
      (LOG.test(key) ? account.log : account.out).push(...stream.entries.slice(-count));
    }
    if (done.act === 'replay-letter' && fresh.has(done.keys[1] ?? '')) account.replayed.push(done.args[2] ?? '');
    if (done.act === 'claim-lease') this.claimed(account, done);
    if (done.act === 'commit-step') this.committed(account, done);
    if (done.act === 'trim-streams') this.trimmed(account, slot, done);
    if (done.act === 'advance-cursor' && done.reply === 'done') account.advances += 1;
  }

  copyOf(tag: string): Account {
    const { log, out, commits, replayed, ...rest } = this.of(tag);
    return { ...rest, log: [...log], out: [...out], commits: [...commits], replayed: [...replayed] };
  }

  /** A replica took over with what it had by then. */
  fellBack(tag: string, past: Account): void {
    this.accounts.set(tag, past);
    // of a partition that the replica never heard of nothing is left to count on from: it begins anew
    if (past.fence === '') this.highest.delete(tag);
    // a stream that the replica has not yet is a new one when it comes: its first entries are to be written down
    for (const key of this.seen.keys()) if (key.startsWith(`oee:{${tag}}:`)) this.seen.delete(key);
    for (const [key, stream] of this.slotOf(tag).streams) this.seen.set(key, stream.added);
  }

  private claimed(account: Account, { args: [owner = ''], reply }: CarriedOut): void {
    const [fence] = reply as [number];
    if (fence === 0) return;
    if (fence <= Number(account.fence)) this.break(`fence ${fence} after ${account.fence}`);
    Object.assign(account, { fence: String(fence), owner });
  }

  private committed(account: Account, { tag, args, reply }: CarriedOut): void {
    const [fence = '', owner = '', previous = '', number = '', offset = ''] = args;
    const last = account.commits.at(-1);
    if (reply === 'lost') this.staleRefused += 1;
    if (reply === 'already' && !(last?.number === Number(number) && last.offset === offset)) {
      this.break(`${tag}: checkpoint ${number} is said to be there, and is not`);
    }
    if (reply === 'behind' && last?.number === Number(number) && last.offset === offset) {
      this.break(`${tag}: checkpoint ${number} is there, and whoever asks again is told that the journal fell back`);
    }
    if (reply !== 'done') return;
    this.commits += 1;
    if (fence !== account.fence || owner !== account.owner) {
      this.break(
        `${tag}: ${owner} committed ${number} with fence ${fence}, but ${account.owner} holds ${account.fence}`,
      );
    }
    const highest = this.highest.get(tag) ?? 0;
    if (Number(number) <= highest) this.break(`${tag}: checkpoint ${number} after ${highest}`);
    this.highest.set(tag, Math.max(highest, Number(number)));
    if (previous !== (last?.offset ?? '0-0')) {
      this.break(`${tag}: checkpoint ${number} goes on from ${previous}, but the last one ended at ${last?.offset}`);
    }
    account.commits.push({ number: Number(number), previous, offset });
  }

  /** Whatever a sink has not answered for is still there. */
  private trimmed(account: Account, slot: ModelSlot, { keys, args }: CarriedOut): void {
    const [, out = '', cur = ''] = keys;
    const kept = slot.stream(out).entries;
    for (const sink of args.slice(2)) {
      const cursor = slot.hash(cur).get(sink)?.split(' ')[0];
      // of a lost past it may be: what was read then and is left was read
      const behind = cursor === undefined ? -1 : account.out.findLastIndex(entry => !idLess(cursor, entry.id));
      const unread = account.out.length - 1 - behind;
      if (unread > kept.length) this.break(`${out}: trimmed what ${sink} has not read`);
    }
  }

  private break(law: string): void {
    this.broken.push(law);
  }
}

export const ledgerOf = (redis: () => ModelRedis): Ledger => new Ledger(tag => redis().slot(tag));
