// Chance: seeded random numbers with the distributions that a plant shows.
// In: a seed text. Out: numbers, the same for the same seed on every computer.
// Pure but for the generator's own state. Generator: sfc32 (PractRand), seeded by cyrb128.

export interface Chance {
  /** uniform in [0, 1) */
  next(): number;
  /** uniform in [low, high) */
  between(low: number, high: number): number;
  /** whole number in [low, high] */
  whole(low: number, high: number): number;
  /** true with the probability */
  hits(probability: number): boolean;
  /** waiting time until something that comes at random, by its mean */
  exponential(mean: number): number;
  /** life until a failure: shape above 1 ages, below 1 is infant mortality */
  weibull(scale: number, shape: number): number;
  /** durations of people and repairs: by the median, with a long tail */
  lognormal(median: number, spread: number): number;
  pick<T>(list: readonly T[]): T;
}

/** Four 32-bit words from a text. */
function cyrb128(text: string): [number, number, number, number] {
  let a = 1779033703;
  let b = 3144134277;
  let c = 1013904242;
  let d = 2773480762;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    a = b ^ Math.imul(a ^ code, 597399067);
    b = c ^ Math.imul(b ^ code, 2869860233);
    c = d ^ Math.imul(c ^ code, 951274213);
    d = a ^ Math.imul(d ^ code, 2716044179);
  }
  a = Math.imul(c ^ (a >>> 18), 597399067);
  b = Math.imul(d ^ (b >>> 22), 2869860233);
  c = Math.imul(a ^ (c >>> 17), 951274213);
  d = Math.imul(b ^ (d >>> 19), 2716044179);
  a ^= b ^ c ^ d;
  return [a >>> 0, (b ^ a) >>> 0, (c ^ a) >>> 0, (d ^ a) >>> 0];
}

function sfc32(seed: readonly [number, number, number, number]): () => number {
  let [a, b, c, d] = seed;
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  // The first words still look like the seed; its author's advice is to let a dozen go.
  for (let round = 0; round < 12; round += 1) next();
  return next;
}

/** The chance that belongs to a seed. Parts of a world take seeds of their own, so that none disturbs another. */
export function chanceOf(seed: string): Chance {
  const next = sfc32(cyrb128(seed));
  const between = (low: number, high: number): number => low + next() * (high - low);
  const whole = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return {
    next,
    between,
    whole,
    hits: probability => next() < probability,
    exponential: mean => -mean * Math.log(1 - next()),
    weibull: (scale, shape) => scale * (-Math.log(1 - next())) ** (1 / shape),
    lognormal: (median, spread) => median * Math.exp(spread * normal()),
    pick: list => {
      if (list.length === 0) throw new RangeError('nothing to pick from');
      return list[whole(0, list.length - 1)] as (typeof list)[number];
    },
  };
}
