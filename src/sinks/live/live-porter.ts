// Live porter: who is let in at the socket, and who may stay: asked when somebody comes, and again with every heartbeat.
// In: the request, a token. Out: a guest, or nobody.
// Pure, but for what whoever knows the callers touches.

import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Somebody who was let in. */
export interface LiveGuest {
  /** Resolves to false when what let them in holds no more. */
  stays(): Promise<boolean>;
}

export interface LivePorter {
  /** @param token of the request or of the first message; null: none was shown; @returns null: a stranger */
  greet(request: IncomingMessage, token: string | null): Promise<LiveGuest | null>;
}

/** One token for everybody. */
export function tokenPorter(token: string): LivePorter {
  const guest: LiveGuest = { stays: async () => true };
  return { greet: async (_request, shown) => (shown !== null && isSame(shown, token) ? guest : null) };
}

/** Digests have one length, so that the comparison takes the same time for every guess. */
const isSame = (a: string, b: string): boolean => timingSafeEqual(digestOf(a), digestOf(b));
const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();
