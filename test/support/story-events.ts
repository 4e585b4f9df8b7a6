// Story events: the events table of a story becomes steps: events as neighbours send them, the clock, restarts, new plant files.
// In: rows of events. Out: steps in the order of the table, which is the order of arrival.
// Pure.

import { cell, type Row, StoryError } from './story-table.ts';

export type StoryStep = { readonly row: Row; readonly at: number } & (
  | { readonly kind: 'event'; readonly event: Readonly<Record<string, unknown>>; readonly refused: string | null }
  | { readonly kind: 'clock' }
  | { readonly kind: 'restart' }
  | { readonly kind: 'plant'; readonly change: Row }
);

type Instant = (row: Row, text: string) => number;
type Fields = Record<string, unknown>;

/** Words in pairs: `good 5 reject 2`. */
function pairs(row: Row, words: readonly string[], known: readonly string[]): Fields {
  const out: Fields = {};
  for (let index = 0; index < words.length; index += 2) {
    const [name = '', value] = words.slice(index);
    if (!known.includes(name) || value === undefined) {
      throw new StoryError(
        row.place,
        `"${words.slice(index).join(' ')}": write pairs of ${known.join(', ')} and a value`,
      );
    }
    out[name] = /^-?\d+$/.test(value) && name !== 'product' ? Number(value) : value;
  }
  return out;
}

const PIECES = ['total', 'good', 'reject', 'rework', 'energyWh'];

/** What each sentence becomes; the first word is the type. */
const SENTENCES: Readonly<Record<string, (row: Row, words: readonly string[], instant: Instant) => Fields>> = {
  state: (row, [state, ...rest]) => ({ state, ...pairs(row, rest, ['reason']) }),
  count: (row, words) => pairs(row, words, PIECES),
  counter: (row, words) => pairs(row, words, PIECES),
  requalify: (row, words) => pairs(row, words, PIECES),
  order: (row, [phase, order, ...rest]) => ({ phase, order, ...pairs(row, rest, ['product', 'quantity']) }),
  heartbeat: () => ({}),
  reclassify: (row, [span = '', category, ...rest], instant) => ({
    ...spanOf(row, span, instant),
    category,
    ...pairs(row, rest, ['reason']),
  }),
  shift: (row, [span = '', planned], instant) => ({ ...spanOf(row, span, instant), planned }),
  cycle: (row, [product, ms, , from = ''], instant) => ({
    product,
    idealCycleMs: Number(ms),
    from: instant(row, from),
  }),
  release: (_, [releases]) => ({ releases }),
  revoke: (_, [revokes]) => ({ revokes }),
};

/** `06:10-06:20`, `+1 02:00-+1 03:00` with `_` for the blank. */
export function spanOf(row: Row, text: string, instant: Instant): { from: number; to: number } {
  const [, from, to] = /^((?:[+-]\d+_)?[\d:.]+)-((?:[+-]\d+_)?[\d:.]+)$/.exec(text) ?? [];
  if (from === undefined || to === undefined)
    throw new StoryError(row.place, `"${text}" is no span: write 06:10-06:20, the next day as +1_06:10`);
  return { from: instant(row, from.replace('_', ' ')), to: instant(row, to.replace('_', ' ')) };
}

export function storySteps(rows: readonly Row[], instant: Instant): StoryStep[] {
  let arrival = 0;
  return rows.map((row, index) => {
    const time = instant(row, cell(row, 'time'));
    const arrives = cell(row, 'arrives');
    arrival = arrives === '' ? Math.max(time, arrival) : instant(row, arrives);
    const [type = '', ...words] = cell(row, 'what').split(/\s+/);
    if (type === 'clock' || type === 'restart') return { row, at: type === 'clock' ? time : arrival, kind: type };
    if (type === 'plant') return { row, at: arrival, kind: 'plant', change: changeOf(row) };
    const sentence = SENTENCES[type];
    if (sentence === undefined)
      throw new StoryError(
        row.place,
        `"${type}" is not one of clock, restart, plant, ${Object.keys(SENTENCES).join(', ')}`,
      );
    const person = ['reclassify', 'shift', 'cycle', 'release', 'revoke', 'requalify'].includes(type)
      ? { by: cell(row, 'by') || 'anna', why: cell(row, 'why') || 'seen on the floor' }
      : {};
    const id = cell(row, 'id') || `e${index}`;
    const event = { id, machine: cell(row, 'machine'), at: time, type, ...sentence(row, words, instant), ...person };
    return { row, at: arrival, kind: 'event', event, refused: cell(row, 'refused') || null };
  });
}

/** `plant break: early 09:00-09:30` is one row of settings in a new plant file. */
function changeOf(row: Row): Row {
  const [, setting, value] = /^plant ([^:]+): (.+)$/.exec(cell(row, 'what')) ?? [];
  if (setting === undefined || value === undefined) throw new StoryError(row.place, 'write "plant setting: value"');
  return { place: row.place, cells: { setting, value } };
}
