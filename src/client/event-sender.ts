// Event sender: many events in requests that the engine takes whole, their receipts added up to one.
// In: events with ids. Out: one receipt, places counted over all of them.
// Touches the engine through the door it is given.

import type { SentEvent } from '../core/sent-event.ts';
import { type HttpDoor, OeeError } from './http-door.ts';

/** An event whose id the client may choose; whoever is signed in may leave out by whom it is. */
export type UnnamedEvent = SentEvent extends infer E
  ? E extends SentEvent
    ? Omit<E, 'id' | 'by'> & { id?: string } & ('by' extends keyof E ? { by?: string } : unknown)
    : never
  : never;

export interface EventReceipt {
  readonly sent: number;
  readonly accepted: number;
  readonly duplicates: number;
  /** of each request the first thousand */
  readonly rejected: readonly {
    /** its place among those that were sent, from 0 */
    readonly index: number;
    readonly code: string;
    readonly message: string;
    readonly remedy: string;
  }[];
}

/** Events of one request: a second's worth of a busy hall, and far below every bound of the engine. */
const EVENTS_MAX = 1_000;

/** One request after the other, so that the order is kept. @throws OeeError when the engine did not take a request at all */
export async function sendEvents(
  ask: HttpDoor,
  events: readonly SentEvent[],
  signal: AbortSignal | undefined,
): Promise<EventReceipt> {
  const sum = { sent: 0, accepted: 0, duplicates: 0, rejected: [] as EventReceipt['rejected'][number][] };
  for (let first = 0; first < events.length; first += EVENTS_MAX) {
    const receipt = await ask<EventReceipt>('v1/events', {
      body: events.slice(first, first + EVENTS_MAX),
      signal,
    }).catch(receiptOf);
    sum.sent += receipt.sent;
    sum.accepted += receipt.accepted;
    sum.duplicates += receipt.duplicates;
    sum.rejected.push(...receipt.rejected.map(each => ({ ...each, index: each.index + first })));
  }
  return sum;
}

/** A request of which nothing could be taken is refused as a whole, and says of each event why. */
function receiptOf(error: unknown): EventReceipt {
  const body = error instanceof OeeError && error.status === 400 ? (error.body as Partial<EventReceipt> | null) : null;
  if (body?.rejected === undefined || body.rejected.length === 0) throw error;
  return body as EventReceipt;
}
