// SHDR truth: how long a recording held each value of one key, computed by another method than the product's.
// In: the recording's text and a key. Out: milliseconds per value, and the span that they sum to.
// Pure. Carried from one value to the next until the last line's time; whole times sorted, the file's order breaks ties.

export interface ShdrTruth {
  /** first value's time to the last line's time, epoch ms */
  readonly span: { readonly from: number; readonly to: number };
  /** milliseconds per value, each instant cut to its millisecond */
  readonly msByValue: Readonly<Record<string, number>>;
  /** how often the key was said */
  readonly said: number;
  /** the same time, saying by saying; some without length, where two came in one millisecond */
  readonly held: readonly Held[];
}
export interface Held {
  readonly from: number;
  readonly to: number;
  readonly value: string;
}

/** @param keys the key's names, in the lines as `|key|value` */
export function shdrTruth(text: string, ...keys: string[]): ShdrTruth {
  const { said, last } = sayings(text, keys);
  const held = said.map(({ time, value }, i) => ({ from: msOf(time), to: msOf(said[i + 1]?.time ?? last), value }));
  const msByValue: Record<string, number> = {};
  for (const { from, to, value } of held) msByValue[value] = (msByValue[value] ?? 0) + to - from;
  return { span: { from: msOf(said[0]?.time ?? last), to: msOf(last) }, msByValue, said: said.length, held };
}

/** Pieces by a cumulative counter: what it gained, and after a fall all that it shows; the first reading is a baseline. */
export function shdrPieces(text: string, key: string): number {
  const readings = sayings(text, [key])
    .said.filter(({ value }) => /^\d+$/.test(value))
    .map(({ value }) => Number(value));
  return readings.slice(1).reduce((sum, now, i) => {
    const before = readings[i] ?? 0;
    return sum + (now < before ? now : now - before);
  }, 0);
}

interface Said {
  readonly time: string;
  readonly value: string;
}

/** What was said of the keys, by time, and the time of the last line of all. */
function sayings(text: string, keys: readonly string[]): { said: Said[]; last: string } {
  const said: Said[] = [];
  let last = '';
  for (const line of text.split('\n')) {
    const columns = line.trim().split('|');
    if (!/^\d{4}-\d\d-\d\dT/.test(line) || columns[1]?.startsWith('@')) continue;
    const time = nineDigits(columns[0] ?? '');
    if (time > last) last = time;
    for (let i = 1; i < columns.length; i += 2) {
      if (keys.includes(columns[i] ?? '')) said.push({ time, value: columns[i + 1] ?? '' });
    }
  }
  // Array.prototype.sort is stable, so lines of one time stay in the file's order.
  said.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  return { said, last };
}

/** All times with nine digits of fraction, so that they compare as text. */
function nineDigits(stamp: string): string {
  const [whole = '', fraction = ''] = stamp.replace('Z', '').split('.');
  return `${whole}.${fraction.padEnd(9, '0')}`;
}

const msOf = (time: string): number => Date.parse(`${time.slice(0, 23)}Z`);
