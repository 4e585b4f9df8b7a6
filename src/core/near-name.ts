// Near name: the known name that somebody probably meant when he wrote another.
// In: a word and the known names. Out: the nearest within two slips of the pen, or null.
// Pure.

/** Names compared by distance; a plant with more gets suggestions from its first ones only: a hint must stay cheap. */
const COMPARED_MAX = 1_000;
/** Longer words are not compared: nobody mistypes them, and the table of distances grows with the square. */
const LENGTH_MAX = 40;
const SLIPS_MAX = 2;

const plain = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** @returns the known name with the fewest slips (letter case, spaces and punctuation do not count), or null */
export function nearestName(word: string, known: Iterable<string>): string | null {
  if (word.length > LENGTH_MAX) return null;
  const wanted = plain(word);
  // short words differ by chance: P1 is no misspelling of M2
  const allowed = Math.min(SLIPS_MAX, Math.floor(wanted.length / 3));
  let best: string | null = null;
  let fewest = allowed + 1;
  let compared = 0;
  for (const name of known) {
    compared += 1;
    if (compared > COMPARED_MAX) break;
    const candidate = plain(name);
    if (Math.abs(candidate.length - wanted.length) >= fewest) continue;
    const slips = distance(wanted, candidate);
    if (slips < fewest) {
      fewest = slips;
      best = name;
      if (slips === 0) break;
    }
  }
  return best;
}

/** Levenshtein distance, one row at a time. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
