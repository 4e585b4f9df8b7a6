// Fair share: how many partitions each worker should own, and in which order it goes after them.
// In: the living workers, our name, the partitions. Out: a number; the partitions, dearest first.
// Pure. The shares of those who see the same workers add up to all partitions, so that none is left over and none fought for.

/** @param living names in one order for all, ours among them; without ours we own nothing */
export function shareOf(me: string, living: readonly string[], partitions: number): number {
  const place = living.indexOf(me);
  if (place < 0) return 0;
  return Math.floor(partitions / living.length) + (place < partitions % living.length ? 1 : 0);
}

/** Each worker has an order of its own, so that two seldom reach for the same partition. */
export function dearestFirst(me: string, partitions: readonly number[]): number[] {
  return partitions
    .map(partition => ({ partition, weight: weightOf(`${me} ${partition}`) }))
    .sort((a, b) => b.weight - a.weight || a.partition - b.partition)
    .map(({ partition }) => partition);
}

/** FNV-1a, then stirred: names that differ in their last letter only must not stand side by side. */
function weightOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
