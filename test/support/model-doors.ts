// Model doors: the acts by which something gets into a partition's log, as the journal's Lua functions carry them out.
// In: a slot, keys and arguments of the act. Out: the reply that Redis would give.
// Pure but for the slot, which it changes; written from what the acts promise, not line by line.

import { addCount } from './model-counts.ts';
import { type ActCall, idLess, idOf, idText, type ModelSlot } from './model-store.ts';

const DAY_MS = 86_400_000;

export function appendCounted({ slot, keys, args, now }: ActCall): unknown {
  const [stream = '', marks = '', meta = ''] = keys;
  const [token = '', kind, field = '', seq = '-', events = '0', body = '', from] = args;
  const [mark = '-', last, entry, gap] = slot.hash(marks).get(field)?.split(' ') ?? [];
  if (last === token) return ['accepted', entry, gap];
  let expected = '-';
  if (seq !== '-' && mark !== '-') {
    if (Number(seq) <= Number(mark)) {
      addCount(slot, meta, 'duplicates', Number(events));
      return ['duplicate'];
    }
    if (from !== '*' && from !== mark) return ['behind', mark];
    if (Number(seq) > Number(mark) + 1) expected = String(Number(mark) + 1);
  }
  if (mark === '-' && from !== '*' && from !== '-') return ['behind', mark];
  const fields = kind === '' ? ['b', body] : ['k', kind ?? '', 'b', body];
  const id = slot.stream(stream).add(null, fields, now);
  if (kind === '') addCount(slot, meta, 'accepted', Number(events));
  slot.hash(marks).set(field, `${seq} ${token} ${id} ${expected}`);
  if (expected !== '-') addCount(slot, meta, 'gaps', 1);
  return ['accepted', id, expected];
}

interface Buckets {
  readonly live: string[];
  /** start of the youngest */
  readonly youngest: number | null;
}

/** The buckets by which a caller must know to ask: those that are listed, and the one that may begin today. */
function expectedBuckets(slot: ModelSlot, ids: string, now: number, width: number): string[] {
  const listed = bucketsOf(slot, ids);
  const names = listed.map(([name]) => `${ids}:${name}`);
  const youngest = listed.at(-1)?.[1];
  const today = `${ids}:${Math.floor(now / DAY_MS)}`;
  if ((youngest === undefined || now - youngest >= width) && names.at(-1) !== today) names.push(today);
  return names;
}

const bucketsOf = (slot: ModelSlot, ids: string): [string, number][] =>
  [...slot.ranked(ids)].sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1));

function letBucketsGo(slot: ModelSlot, ids: string, now: number, horizon: number, width: number): Buckets {
  const live: string[] = [];
  let youngest: number | null = null;
  for (const [name, start] of bucketsOf(slot, ids)) {
    if (start + width + horizon <= now) {
      slot.unlink(`${ids}:${name}`);
      slot.ranked(ids).delete(name);
    } else {
      live.push(`${ids}:${name}`);
      youngest = start;
    }
  }
  return { live, youngest };
}

/** The entry that this very call wrote before: all its ids are known, and the youngest entry among theirs carries its token. */
function ownEntry(slot: ModelSlot, stream: string, token: string, known: readonly (string | null)[]): string | null {
  let youngest: string | null = null;
  for (const value of known) {
    if (value === null) return null;
    const entry = value.slice(0, value.indexOf(' '));
    if (youngest === null || idLess(youngest, entry)) youngest = entry;
  }
  const fields = (youngest === null ? undefined : slot.stream(stream).get(youngest))?.fields ?? [];
  return fields[2] === 't' && fields[3] === token ? youngest : null;
}

export function appendById({ slot, keys, args, now }: ActCall): unknown {
  const [stream = '', ids = '', meta = '', ...named] = keys;
  const [token = '', horizon, width, ...told] = args;
  const expected = expectedBuckets(slot, ids, now, Number(width));
  if (expected.join() !== named.join()) return ['buckets', expected];
  const buckets = letBucketsGo(slot, ids, now, Number(horizon), Number(width));
  const events = Array.from({ length: told.length / 3 }, (_, i) => told.slice(3 * i, 3 * i + 3));
  const known = events.map(([id = '']) => {
    for (const bucket of [...buckets.live].reverse()) {
      const kept = slot.hash(bucket).get(id);
      if (kept !== undefined) return kept;
    }
    return null;
  });
  const mine = ownEntry(slot, stream, token, known);
  const here = new Map<string, string>();
  const bodies: string[] = [];
  const duplicates: number[] = [];
  const reused: number[] = [];
  for (const [place, [id = '', print = '', text = '']] of events.entries()) {
    const kept = known[place] ?? null;
    const before = here.get(id) ?? (kept === null || kept.startsWith(`${mine} `) ? null : kept.split(' ')[1]);
    if (before === null) {
      here.set(id, print);
      bodies.push(text);
    } else (before === print ? duplicates : reused).push(place);
  }
  if (mine !== null) return [mine, bodies.length, duplicates, reused];
  let entry = '-';
  if (bodies.length > 0) {
    entry = slot.stream(stream).add(null, ['b', bodies.join('\n'), 't', token], now);
    const bucket = slot.hash(bucketFor(slot, ids, buckets, now, Number(width)));
    for (const [id, print] of here) bucket.set(id, `${entry} ${print}`);
  }
  addCount(slot, meta, 'accepted', bodies.length);
  addCount(slot, meta, 'duplicates', duplicates.length);
  addCount(slot, meta, 'reused', reused.length);
  return [entry, bodies.length, duplicates, reused];
}

function bucketFor(slot: ModelSlot, ids: string, { live, youngest }: Buckets, now: number, width: number): string {
  if (youngest !== null && now - youngest < width) return live.at(-1) ?? '';
  const day = Math.floor(now / DAY_MS);
  slot.ranked(ids).set(String(day), day * DAY_MS);
  return `${ids}:${day}`;
}

export function replayLetter({ slot, keys, args, now }: ActCall): unknown {
  const [dlq = '', stream = '', meta = ''] = keys;
  const [token = '', id = '', text = ''] = args;
  const found = slot.stream(dlq).get(id);
  if (found === undefined) {
    const [last, entry] = slot.hash(meta).get('last:replay')?.split(' ') ?? [];
    return last === token ? entry : '-';
  }
  const entry = slot.stream(stream).add(null, ['b', text], now);
  slot.stream(dlq).delete(id);
  slot.hash(meta).set('last:replay', `${token} ${entry}`);
  addCount(slot, meta, 'replayed', Number(found.fields[1]));
  return entry;
}

export function restoreStream({ slot, keys: [key = ''], args, now }: ActCall): unknown {
  const [lastGiven = '', added = '0', deleted = '0-0'] = args;
  const stream = slot.stream(key);
  let written = 0;
  for (let at = 3; at < args.length; ) {
    const [id = '', values = '0'] = args.slice(at, at + 2);
    if (idLess(idText(stream.last), id)) {
      stream.add(id, args.slice(at + 2, at + 2 + Number(values)), now);
      written += 1;
    }
    at += 2 + Number(values);
  }
  if (lastGiven === '' || lastGiven === '0-0') return written;
  const youngest = stream.entries.at(-1)?.id ?? '0-0';
  if (idLess(lastGiven, youngest)) throw new Error('ERR The ID specified in XSETID is smaller than the target');
  Object.assign(stream, { last: idOf(lastGiven), added: Number(added), deleted: idOf(deleted) });
  return written;
}
