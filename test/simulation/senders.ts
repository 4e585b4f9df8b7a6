// Senders: gateways that number their batches, and machines that number nothing: each keeps what it has until it is told that it is held.
// In: what they have to send, by and by; ways to send. Out: every event acknowledged at last; receipts, for the books.
// Touches virtual time and the doors that it is given.

import { fingerprintOf } from '../../src/ingest/event-text.ts';
import type { SubmitReceipt } from '../../src/ingest/source.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { BehindProducer } from '../../src/journal/journal-error.ts';
import type { RawEvent, Sending } from './made-up-traffic.ts';
import type { VirtualTime } from './virtual-time.ts';

/** sent = accepted + duplicate + rejected. */
export interface Books {
  sent: number;
  accepted: number;
  duplicate: number;
  rejected: number;
  /** batches that came too late for a mark and were sent again */
  behind: number;
}
export const emptyBooks = (): Books => ({ sent: 0, accepted: 0, duplicate: 0, rejected: 0, behind: 0 });

const AGAIN_MS = 300;

/** A gateway's spool on its disk: batches for one partition, numbered from 1, and the last number that it noted as held. */
export interface Spool {
  readonly name: string;
  readonly partition: number;
  readonly batches: readonly (readonly Sending[])[];
  held: number;
}

/** How often a gateway that has nothing to send asks whether all is still held: a fail-over tells nobody that it lost the last. */
const ASK_AGAIN_MS = 2_000;

/**
 * Works off a spool, and goes on asking whether all of it is held until that cannot change any more. A gateway that died
 * begins anew from what it noted: `held` may be behind, never ahead.
 */
export async function sendSpool(
  spool: Spool,
  journal: Journal,
  time: VirtualTime,
  books: Books,
  settled: () => boolean,
): Promise<void> {
  let held = spool.held;
  const { chance } = time;
  for (;;) {
    if (held === spool.batches.length) {
      const sure = settled();
      await pauseOf(time, ASK_AGAIN_MS);
      const mark = await journal.mark(spool.partition, spool.name).catch(() => undefined);
      if (mark === undefined) continue;
      held = Math.min(held, mark ?? 0);
      spool.held = Math.min(spool.held, held);
      if (sure && held === spool.batches.length) return;
      continue;
    }
    const seq = held + 1;
    const batch = spool.batches[held] ?? [];
    const ready = Math.max(...batch.map(sending => sending.from));
    if (ready > time.now) await pauseOf(time, ready - time.now);
    const events = batch.map(({ event }) => textOf(event));
    try {
      const previous = held === 0 ? null : held;
      const receipt = await journal.append(spool.partition, { events, producer: spool.name, seq, previous });
      held = seq;
      books.sent += events.length;
      books.accepted += receipt.accepted;
      books.duplicate += receipt.duplicates.length;
    } catch (error) {
      if (error instanceof BehindProducer) {
        books.behind += 1;
        held = error.mark ?? 0;
        spool.held = held;
      } else await pauseOf(time, AGAIN_MS * (1 + chance.next()));
    }
    if (held > 0 && chance.below(6) === 0) await sendFirstAgain(spool, journal, books);
    // it notes what is held now and then, not at once
    if (chance.below(3) === 0) spool.held = held;
  }
}

/** A nervous gateway: its first batch once more, and no word of what it goes on from, as if it had begun just now. */
async function sendFirstAgain({ partition, name, batches }: Spool, journal: Journal, books: Books): Promise<void> {
  const events = (batches[0] ?? []).map(({ event }) => textOf(event));
  const receipt = await journal.append(partition, { events, producer: name, seq: 1 }).catch(() => null);
  if (receipt === null) return;
  books.sent += events.length;
  books.accepted += receipt.accepted;
  books.duplicate += receipt.duplicates.length;
}

const pauseOf = (time: VirtualTime, ms: number): Promise<void> =>
  new Promise(resolve => void time.after(ms, time.current, resolve));

function textOf(event: RawEvent): { id: string; text: string; fingerprint: string } {
  const text = JSON.stringify(event);
  return { id: event.id, text, fingerprint: fingerprintOf(text) };
}

/** One request to whichever engine answers. @throws when nobody does, or says to come again */
export type Submit = (
  events: readonly RawEvent[],
  origin: { producer?: string; seq?: number },
) => Promise<SubmitReceipt>;

/** Sends its events in small batches, each until it is told what became of it; and some of them once more, for good measure. */
export async function sendUnnumbered(
  sendings: readonly Sending[],
  submit: Submit,
  time: VirtualTime,
  books: Books,
): Promise<void> {
  const { chance } = time;
  let next = 0;
  const done: RawEvent[] = [];
  while (next < sendings.length) {
    const size = 1 + chance.below(4);
    const batch = sendings.slice(next, next + size);
    const ready = Math.max(...batch.map(sending => sending.from));
    if (ready > time.now) await pauseOf(time, ready - time.now);
    const again = chance.below(6) === 0 ? chance.shuffled(done).slice(0, 2) : [];
    const events = chance.shuffled([...batch.map(sending => sending.event), ...again]);
    for (;;) {
      try {
        const receipt = await submit(events, {});
        books.sent += events.length;
        books.accepted += receipt.accepted;
        books.duplicate += receipt.duplicates;
        books.rejected += receipt.rejected.length;
        break;
      } catch {
        await pauseOf(time, AGAIN_MS * (1 + chance.next()));
      }
    }
    done.push(...batch.map(sending => sending.event));
    next += size;
  }
}
