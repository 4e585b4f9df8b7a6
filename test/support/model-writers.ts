// Model writers: the acts on cursors of sinks whose neighbour keeps what came last, as the journal's Lua functions carry them out.
// In: a slot, keys and arguments of the act. Out: the reply that Redis would give.
// Pure but for the slot, which it changes; written from what the acts promise, not line by line.

import { addCount, bury } from './model-counts.ts';
import { moveCursor } from './model-hooks.ts';
import { type ActCall, idLess, type ModelSlot } from './model-store.ts';

interface Late {
  readonly due: number;
  readonly place: Place;
}
interface Place {
  readonly id: string;
  readonly passed: number;
}
interface Writer {
  name: string;
  /** as far as the neighbour ever said yes, while the cursor is behind that */
  told: Place | null;
  late: Late[];
}

const placeIn = (text: string): Place => {
  const [id = '0-0', passed = '0'] = text.split(' ');
  return { id, passed: Number(passed) };
};
const placeText = ({ id, passed }: Place): string => `${id} ${passed}`;

function readWriter(slot: ModelSlot, meta: string, sink: string): Writer {
  const [name = '', told = '', ...late] = slot.hash(meta).get(`writer:${sink}`)?.split('|') ?? [];
  return {
    name,
    told: told === '' ? null : placeIn(told),
    late: late.map(text => ({ due: Number(text.split(' ')[0]), place: placeIn(text.slice(text.indexOf(' ') + 1)) })),
  };
}

function keepWriter(slot: ModelSlot, meta: string, sink: string, { name, told, late }: Writer): void {
  const places = late.map(({ due, place }) => `${due} ${placeText(place)}`);
  const text = [name, told === null ? '' : placeText(told), ...places].join('|');
  slot.hash(meta).set(`writer:${sink}`, text);
}

/** Places from which late writes may have begun: nothing above them may go. */
export const latePlaces = (slot: ModelSlot, meta: string, sink: string): string[] =>
  readWriter(slot, meta, sink).late.map(({ place }) => place.id);

const cursorOf = (slot: ModelSlot, cur: string, sink: string): Place => placeIn(slot.hash(cur).get(sink) ?? '0-0 0');

function dueAt(now: number, lateMs: number): number {
  const step = Math.max(1, Math.floor(lateMs / 2));
  return Math.ceil((now + lateMs) / step) * step;
}

function addLate(writer: Writer, due: number, place: Place): void {
  const same = writer.late.findIndex(each => each.due === due);
  if (same < 0) writer.late.push({ due, place });
  else if (idLess(place.id, writer.late[same]?.place.id ?? '')) writer.late[same] = { due, place };
}

/** @returns whether the cursor was set back */
function stepBack({ slot, now }: ActCall, cur: string, sink: string, writer: Writer, lateMs: number): boolean {
  const at = cursorOf(slot, cur, sink);
  const waits = ({ due }: Late): boolean => due > now && due <= now + 2 * lateMs;
  const due = writer.late.filter(each => !waits(each)).map(({ place }) => place);
  writer.late = writer.late.filter(waits);
  const lowest = due.reduce<Place | null>((a, b) => (a === null || idLess(b.id, a.id) ? b : a), null);
  if (lowest === null || !idLess(lowest.id, at.id)) return false;
  if (writer.told === null || idLess(writer.told.id, at.id)) writer.told = at;
  slot.hash(cur).set(sink, placeText(lowest));
  return true;
}

/** @returns whether all that the write may have overwritten is still in the outbox */
function noteLate({ slot, keys, args }: ActCall, writer: Writer, due: number, from: string): boolean {
  const [cur = '', out = ''] = keys;
  const at = cursorOf(slot, cur, args[0] ?? '');
  if (!idLess(from, at.id)) {
    addLate(writer, due, at);
    return true;
  }
  const { entries } = slot.stream(out);
  const next = entries.find(({ id }) => idLess(from, id));
  if (next === undefined) {
    addLate(writer, due, at);
    return false;
  }
  const passed = Number(next.fields[1]);
  addLate(writer, due, { id: from, passed });
  return passed === 0 || next !== entries[0];
}

function takeCursor(call: ActCall): unknown {
  const { slot, now } = call;
  const [cur = '', meta = ''] = call.keys;
  const [sink = '', name = '', before = '', lateMs = '0'] = call.args;
  const writer = readWriter(slot, meta, sink);
  const isAnother = writer.name !== '' && writer.name !== name && writer.name !== before;
  if (isAnother) addLate(writer, dueAt(now, Number(lateMs)), cursorOf(slot, cur, sink));
  writer.name = name;
  stepBack(call, cur, sink, writer, Number(lateMs));
  keepWriter(slot, meta, sink, writer);
  return cursorOf(slot, cur, sink).id;
}

function passCursor(call: ActCall): unknown {
  const { slot, now } = call;
  const [cur = '', out = '', meta = '', dlq = ''] = call.keys;
  const [sink = '', name = '', before = '', after = '', lateMs = '0', , ...rest] = call.args;
  const writer = readWriter(slot, meta, sink);
  if (writer.name !== name) {
    const isThere = noteLate(call, writer, 0, before);
    keepWriter(slot, meta, sink, writer);
    return ['overtaken', isThere ? 1 : 0];
  }
  if (cursorOf(slot, cur, sink).id !== before) return ['elsewhere'];
  const { told } = writer;
  const first = slot.stream(out).entries.find(({ id }) => idLess(before, id));
  const moved = moveCursor(slot, call.keys, sink, after);
  if (moved !== 'done') return [moved];
  const { passed } = cursorOf(slot, cur, sink);
  const known = told !== null && idLess(before, told.id) ? told.passed : Number(first?.fields[1] ?? passed);
  const letters: string[] = [];
  for (let i = 0; i + 2 < rest.length; i += 3) {
    if (told === null || idLess(told.id, rest[i] ?? '')) letters.push(rest[i + 1] ?? '', rest[i + 2] ?? '');
  }
  const refused = bury(slot, dlq, letters, now);
  addCount(slot, meta, 'refused', refused);
  if (told !== null && !idLess(after, told.id)) writer.told = null;
  const isBack = stepBack(call, cur, sink, writer, Number(lateMs));
  if (isBack) writer.name = '';
  keepWriter(slot, meta, sink, writer);
  return [isBack ? 'again' : 'moved', Math.max(0, passed - known), refused];
}

function doubtCursor(call: ActCall): unknown {
  const { slot, now } = call;
  const [, , meta = ''] = call.keys;
  const [sink = '', from = '0-0', lateMs = '0'] = call.args;
  const writer = readWriter(slot, meta, sink);
  const isThere = noteLate(call, writer, dueAt(now, Number(lateMs)), from);
  keepWriter(slot, meta, sink, writer);
  return isThere ? 1 : 0;
}

function leaveCursor({ slot, keys: [meta = ''], args: [sink = '', name] }: ActCall): unknown {
  const writer = readWriter(slot, meta, sink);
  if (writer.name !== name) return 0;
  writer.name = '';
  keepWriter(slot, meta, sink, writer);
  return 1;
}

export const WRITER_ACTS: Readonly<Record<string, (call: ActCall) => unknown>> = {
  'take-cursor': takeCursor,
  'pass-cursor': passCursor,
  'doubt-cursor': doubtCursor,
  'leave-cursor': leaveCursor,
};
