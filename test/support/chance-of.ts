// Chance: seeded chance for tests: the same seed, the same run.
// In: a seed. Out: numbers, shuffles.
// Pure (mulberry32).

export interface Chance {
  next(): number;
  below(n: number): number;
  shuffled<T>(items: readonly T[]): T[];
}

export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return {
    next,
    below,
    shuffled: items => {
      const deck = [...items];
      for (let i = deck.length - 1; i > 0; i -= 1) {
        const j = below(i + 1);
        [deck[i], deck[j]] = [deck[j] as (typeof deck)[number], deck[i] as (typeof deck)[number]];
      }
      return deck;
    },
  };
}
