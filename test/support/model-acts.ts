// Model acts: what the journal's functions do on Redis, done on plain memory: the reference of the journal's contract.
// In: a slot, keys and arguments of an act, the server's clock. Out: the reply that Redis would give.
// Pure but for the slot, which it changes; written from what the acts promise, not line by line.

import { addCount, bury } from './model-counts.ts';
import { appendById, appendCounted, replayLetter, restoreStream } from './model-doors.ts';
import { moveCursor, noteHook, putHooks } from './model-hooks.ts';
import { lookAtEntry, meetWorkers, snapshotPartition, snapshotState, streamEdges } from './model-looks.ts';
import { type ActCall, idLess, idText, type ModelSlot } from './model-store.ts';
import { latePlaces, WRITER_ACTS } from './model-writers.ts';

const NUMBERS_PER_MS = 1_000;
const LOST_MAX = 1_000_000;

function claimLease({ slot, keys, args, now, history }: ActCall): unknown {
  const [stream = '', metaKey = ''] = keys;
  const [owner = '', leaseMs = '0'] = args;
  const meta = slot.hash(metaKey);
  const holder = meta.get('owner') ?? '';
  if (holder !== '' && holder !== owner && Number(meta.get('lease') ?? 0) > now) {
    // given before the clock was set back: it ends its own length from now
    const latest = now + Number(meta.get('length') ?? leaseMs);
    if (Number(meta.get('lease')) > latest) meta.set('lease', String(latest));
    return [0, holder];
  }
  let number = Number(meta.get('cp') ?? 0);
  const offset = meta.get('offset') ?? '0-0';
  if (meta.get('history') !== history) {
    if (meta.has('history') || number > 0) {
      number = Math.max(number + LOST_MAX, now * NUMBERS_PER_MS);
      meta.set('epoch', String(Number(meta.get('epoch') ?? 0) + 1));
    }
    meta.set('history', history).set('cp', String(number));
  }
  const mended = mendLog(slot, stream, offset, now);
  const fence = Number(meta.get('fence') ?? 0) + 1;
  meta
    .set('fence', String(fence))
    .set('owner', owner)
    .set('lease', String(now + Number(leaseMs)))
    .set('length', leaseMs);
  return [fence, String(number), offset, mended];
}

/** A log that ended before the offset goes on from there. */
function mendLog(slot: ModelSlot, stream: string, offset: string, now: number): number {
  const last = slot.streams.get(stream)?.last;
  if (!idLess(last === undefined ? '0-0' : idText(last), offset)) return 0;
  slot.stream(stream).add(offset, ['b', ''], now);
  slot.stream(stream).delete(offset);
  return 1;
}

const isHeldBy = (slot: ModelSlot, meta: string, fence = '', owner = ''): boolean =>
  slot.hash(meta).get('fence') === fence && slot.hash(meta).get('owner') === owner;

function renewLease({ slot, keys: [meta = ''], args, now }: ActCall): unknown {
  const [fence, owner, number, leaseMs] = args;
  if (!isHeldBy(slot, meta, fence, owner)) return 'lost';
  if (Number(slot.hash(meta).get('cp') ?? 0) < Number(number)) return 'behind';
  slot.hash(meta).set('lease', String(now + Number(leaseMs)));
  return 'kept';
}

function releaseLease({ slot, keys: [meta = ''], args: [fence, owner] }: ActCall): unknown {
  if (!isHeldBy(slot, meta, fence, owner)) return 0;
  slot.hash(meta).set('owner', '').set('lease', '0');
  return 1;
}

function commitStep(call: ActCall): unknown {
  const { slot, keys, args } = call;
  const [metaKey = ''] = keys;
  const [fence, owner, previous, number = '0', offset = '0-0'] = args;
  const meta = slot.hash(metaKey);
  if (!isHeldBy(slot, metaKey, fence, owner)) return 'lost';
  const reached = Number(meta.get('cp') ?? 0);
  const at = meta.get('offset') ?? '0-0';
  if (reached === Number(number) && at === offset) return 'already';
  if (reached !== Number(number) - 1 || at !== previous) return 'behind';
  if (meta.get('history') !== call.history) return 'restarted';
  applyStep(call, number);
  meta.set('cp', number).set('offset', offset);
  return 'done';
}

function applyStep({ slot, keys, args, now }: ActCall, number: string): void {
  const [meta = '', st = '', ts = '', out = '', dlq = '', ...texts] = keys;
  const [appends = 0, drops = 0, fields = 0, entries = 0] = args.slice(5, 9).map(Number);
  const rest = args.slice(10);
  const take = (count: number): string[] => rest.splice(0, count);
  const appended = take(2 * appends);
  const dropped = take(drops);
  const set = take(2 * fields);
  const told = take(2 * entries);
  let outputs = Number(slot.hash(meta).get('n:outputs') ?? 0);
  for (let i = 0; i < entries; i += 1) {
    const [count = '0', body = ''] = told.slice(2 * i, 2 * i + 2);
    slot.stream(out).add(`${number}-${i + 1}`, ['n', String(outputs), 'c', count, 'o', body], now);
    outputs += Number(count);
  }
  for (const key of texts.slice(appends)) slot.unlink(key);
  for (const suffix of dropped) slot.set(ts).delete(suffix);
  for (let i = 0; i < appends; i += 1) {
    const key = texts[i] ?? '';
    slot.texts.set(key, (slot.texts.get(key) ?? '') + (appended[2 * i + 1] ?? ''));
    slot.set(ts).add(appended[2 * i] ?? '');
  }
  for (let i = 0; i + 1 < set.length; i += 2) slot.hash(st).set(set[i] ?? '', set[i + 1] ?? '');
  addCount(slot, meta, 'deadLettered', bury(slot, dlq, rest, now));
  slot.hash(meta).set('n:outputs', String(outputs));
  addCount(slot, meta, 'commits', 1);
}

function advanceCursor({ slot, keys, args, now }: ActCall): unknown {
  const [sink = '', id = '0-0', , ...letters] = args;
  const moved = moveCursor(slot, keys, sink, id);
  if (moved === 'done') addCount(slot, keys[2] ?? '', 'refused', bury(slot, keys[3] ?? '', letters, now));
  return moved;
}

function forgetCursor({ slot, keys: [cur = '', meta = ''], args: [sink = ''] }: ActCall): unknown {
  slot.hash(meta).delete(`writer:${sink}`);
  return slot.hash(cur).delete(sink) ? 1 : 0;
}

function trimStreams({ slot, keys, args, now, nearlyFull }: ActCall): unknown {
  const [stream = '', out = '', cur = '', meta = ''] = keys;
  const [keepMs, , ...sinks] = args;
  const offset = slot.hash(meta).get('offset');
  let removed = 0;
  if (offset !== undefined) {
    const aged = `${Math.max(0, now - Number(keepMs))}-0`;
    // ids that are far ahead of the clock tell no age
    const noAge = idLess(`${now + Math.max(Number(keepMs), 7_200_000)}-0`, offset);
    removed += slot.stream(stream).trimBelow(idLess(offset, aged) || noAge || nearlyFull ? offset : aged);
  }
  const lowest = lowestCursor(slot, cur, meta, sinks);
  return lowest === null ? removed : removed + slot.stream(out).trimBelow(lowest);
}

/** null: nobody is known, or one of those named has no cursor yet. */
function lowestCursor(slot: ModelSlot, cur: string, meta: string, sinks: readonly string[]): string | null {
  const cursors = slot.hash(cur);
  if (sinks.some(sink => !cursors.has(sink))) return null;
  const ids = [...cursors.values()].map(value => value.slice(0, value.indexOf(' ')));
  for (const sink of cursors.keys()) ids.push(...latePlaces(slot, meta, sink));
  return ids.reduce<string | null>((lowest, id) => (lowest === null || idLess(id, lowest) ? id : lowest), null);
}

function noteHole({ slot, keys: [meta = ''], args: [after = '', fence, owner, number] }: ActCall): unknown {
  if (!isHeldBy(slot, meta, fence, owner)) return 0;
  if (Number(slot.hash(meta).get('cp') ?? 0) < Number(number)) return 0;
  const offset = slot.hash(meta).get('offset');
  if (offset !== undefined && idLess(after, offset)) return 0;
  if (slot.hash(meta).get('last:hole') === after) return 0;
  slot.hash(meta).set('last:hole', after);
  addCount(slot, meta, 'holes', 1);
  return 1;
}

function addLetters({ slot, keys, args, now }: ActCall): unknown {
  const [dlq = '', meta = ''] = keys;
  const [token = '', , ...letters] = args;
  if (slot.hash(meta).get('last:letters') === token) return 0;
  addCount(slot, meta, 'refused', bury(slot, dlq, letters, now));
  slot.hash(meta).set('last:letters', token);
  return 1;
}

function discardLetter({ slot, keys, args: [id = '', token = ''] }: ActCall): unknown {
  const [dlq = '', meta = ''] = keys;
  const found = slot.stream(dlq).get(id);
  if (found === undefined) return slot.hash(meta).get('last:discard') === token ? 1 : 0;
  slot.stream(dlq).delete(id);
  slot.hash(meta).set('last:discard', token);
  addCount(slot, meta, 'discarded', Number(found.fields[1]));
  return 1;
}

function forgetMarks({ slot, keys: [marks = ''], args }: ActCall): unknown {
  let removed = 0;
  for (let i = 0; i + 1 < args.length; i += 2) {
    const [field = '', seen] = args.slice(i, i + 2);
    if (slot.hash(marks).get(field) === seen && slot.hash(marks).delete(field)) removed += 1;
  }
  return removed;
}

function settlePartitions({ slot, keys: [key = ''], args: [partitions = ''] }: ActCall): unknown {
  const journal = slot.hash(key);
  if (!journal.has('partitions')) journal.set('partitions', partitions);
  return journal.get('partitions');
}

export const MODEL_ACTS: Readonly<Record<string, (call: ActCall) => unknown>> = {
  'settle-partitions': settlePartitions,
  'append-counted': appendCounted,
  'append-rollup': appendCounted,
  'append-by-id': appendById,
  'claim-lease': claimLease,
  'renew-lease': renewLease,
  'release-lease': releaseLease,
  'meet-workers': meetWorkers,
  'commit-step': commitStep,
  'advance-cursor': advanceCursor,
  ...WRITER_ACTS,
  'forget-cursor': forgetCursor,
  'trim-streams': trimStreams,
  'forget-marks': forgetMarks,
  'stream-edges': streamEdges,
  'note-hole': noteHole,
  'snapshot-state': snapshotState,
  'look-at-entry': lookAtEntry,
  'add-letters': addLetters,
  'discard-letter': discardLetter,
  'replay-letter': replayLetter,
  'snapshot-partition': snapshotPartition,
  'restore-stream': restoreStream,
  'put-hooks': putHooks,
  'note-hook': noteHook,
};

/** Refused whole by a server that is at its memory limit. */
export const REFUSED_WHEN_FULL: ReadonlySet<string> = new Set([
  'append-counted',
  'append-by-id',
  'replay-letter',
  'restore-stream',
]);
