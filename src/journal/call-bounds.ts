// Call bounds: how long one call to Redis may take, and what a failed one has taken.
// In: a call under way, an error. Out: its result or an error in time; milliseconds.
// Touches timers.

import { isOutOfRedirections, isTimeout, isUnreplicated } from './journal-error.ts';

/** How long the replicas may take to say that they have it: a round trip, unless one of them is in trouble. */
export const REPLICAS_MAX_MS = 1_000;
/** Cluster: pause times redirections must exceed the node timeout, or a fail-over ends calls that would have gone through. */
export const FAILOVER_PAUSE_MS = 250;
export const REDIRECTIONS_MAX = 16;

/** How long such a failure took; all others come at once. */
export function lengthOf(cause: unknown, commandMs: number): number {
  if (isTimeout(cause)) return commandMs;
  if (isUnreplicated(cause)) return REPLICAS_MAX_MS;
  return isOutOfRedirections(cause) ? FAILOVER_PAUSE_MS * REDIRECTIONS_MAX : 0;
}

/**
 * The result of a call, or an error that says that it timed out. The client library has bounds of its own, but loses calls of a
 * pipeline when a node of a cluster dies at the wrong moment: their promises never settle, and whoever waits for one waits for ever.
 * Beyond twice the longest way of a call nothing comes any more.
 */
export async function settledInTime<T>(call: Promise<T>, commandMs: number): Promise<T> {
  const longestMs = commandMs + REPLICAS_MAX_MS + FAILOVER_PAUSE_MS * REDIRECTIONS_MAX;
  let timer: NodeJS.Timeout | undefined;
  const never = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Command timed out: it never came to an end')), 2 * longestMs);
  });
  try {
    return await Promise.race([call, never]);
  } finally {
    clearTimeout(timer);
  }
}
