// Window age: whether a window's figures speak of now.
// In: a result. Out: it is over; it is behind.
// Pure.

import type { WireResult } from '../core/result-to-wire.ts';

/** The last one there was, shown until another begins: of last Friday on a Sunday. One that slides never ends. */
export const hasEnded = ({ window: { kind, edge, end } }: WireResult): boolean =>
  !kind.startsWith('last') && edge >= end;

/** A live window whose facts stopped coming in is no live figure. @param staleBefore epoch ms */
export function isStale(result: WireResult, staleBefore: number): boolean {
  // a sliding window ends at its edge, yet it always should be near now
  return !hasEnded(result) && Date.parse(result.window.edge) < staleBefore;
}
