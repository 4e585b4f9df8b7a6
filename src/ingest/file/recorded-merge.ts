// Recorded merge: several recordings as one, played side by side as their machines ran.
// In: readers in file order. Out: one sequence, always the recording whose next event is the oldest.
// Pure over the given readers.

import type { Recorded, Unreadable } from '../source.ts';

type Next = Recorded | Unreadable;

/** What has no time, and what cannot be read, goes at once: it holds nobody up. */
const timeOf = (next: Next): number => ('fault' in next ? null : next.at) ?? Number.NEGATIVE_INFINITY;

/** Within a recording its own order stays, even where its clock runs backwards. */
export async function* mergedByTime(readers: readonly AsyncGenerator<Next>[]): AsyncGenerator<Next> {
  const heads: { reader: AsyncGenerator<Next>; next: Next }[] = [];
  for (const reader of readers) {
    const first = await reader.next();
    if (first.done !== true) heads.push({ reader, next: first.value });
  }
  try {
    while (heads.length > 0) {
      // files on one command line are few: looking at each is cheaper than keeping a heap
      let oldest = 0;
      for (let i = 1; i < heads.length; i++) {
        const [mine, best] = [heads[i], heads[oldest]];
        if (mine !== undefined && best !== undefined && timeOf(mine.next) < timeOf(best.next)) oldest = i;
      }
      const head = heads[oldest];
      if (head === undefined) return;
      yield head.next;
      const following = await head.reader.next();
      if (following.done === true) heads.splice(oldest, 1);
      else head.next = following.value;
    }
  } finally {
    // whoever stops early leaves no file open
    for (const { reader } of heads) await reader.return(undefined);
  }
}
