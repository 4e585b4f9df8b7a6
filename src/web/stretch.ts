// Stretch: a piece of a machine's timeline as the page works with it.
// In: intervals as they come over the wire. Out: the same with instants as numbers.
// Pure.

import type { WireInterval } from '../core/result-to-wire.ts';

/** An interval with its instants as numbers, ascending by `from` in every list. */
export interface Stretch extends Omit<WireInterval, 'from' | 'to'> {
  readonly from: number;
  readonly to: number;
}

export const stretchOf = (told: WireInterval): Stretch => ({
  ...told,
  from: Date.parse(told.from),
  to: Date.parse(told.to),
});
