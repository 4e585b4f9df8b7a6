// Made-up delivery: the ways in which one list of events can come in: any order, any repetition, any batching, any interruption.
// In: fast-check's chance. Out: steps that tell every event at least once.
// Pure.

import fc from 'fast-check';
import { instant } from './made-up-shift.ts';

/** What comes in one step: some events (indices), the clock, or a kill -9. */
export type Step = { readonly events: readonly number[] } | { readonly tick: number } | { readonly restart: true };

/** Any order, any repetition, any batching, ticks and restarts anywhere: every event comes at least once. */
export function deliveries(count: number): fc.Arbitrary<readonly Step[]> {
  const indices = Array.from({ length: count }, (_, index) => index);
  const order = fc
    .tuple(fc.shuffledSubarray(indices, { minLength: count }), fc.array(fc.nat({ max: count - 1 }), { maxLength: 10 }))
    .chain(([all, again]) => fc.shuffledSubarray([...all, ...again], { minLength: all.length + again.length }));
  return fc
    .tuple(order, fc.array(fc.nat({ max: 6 }), { minLength: 1, maxLength: 12 }), fc.array(stop, { maxLength: 12 }))
    .map(([all, sizes, stops]) => {
      const steps: Step[] = [];
      let next = 0;
      for (let round = 0; next < all.length; round += 1) {
        const size = 1 + (sizes[round % sizes.length] ?? 0);
        steps.push({ events: all.slice(next, next + size) });
        next += size;
        const between = stops[round];
        if (between !== undefined) steps.push(between);
      }
      return steps;
    });
}
const stop: fc.Arbitrary<Step> = fc.oneof(
  instant.map(tick => ({ tick })),
  fc.constant({ restart: true as const }),
);
