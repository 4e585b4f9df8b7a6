// Model hooks: the acts on the queues of webhook receivers, as the journal's Lua functions carry them out.
// In: a slot, keys and arguments of the act. Out: the reply that Redis would give.
// Pure but for the slot, which it changes; written from what the acts promise, not line by line.

import { addCount, bury } from './model-counts.ts';
import { type ActCall, idLess, type ModelSlot } from './model-store.ts';

/** Only ever forward, and never beyond what was committed. */
export function moveCursor(slot: ModelSlot, keys: readonly string[], sink: string, id: string): string {
  const [cur = '', out = '', meta = ''] = keys;
  const [at, before = '0'] = slot.hash(cur).get(sink)?.split(' ') ?? [];
  if (at !== undefined && !idLess(at, id)) return 'already';
  if (Number(id.split('-')[0]) > Number(slot.hash(meta).get('cp') ?? 0)) return 'ahead';
  const found = slot.stream(out).get(id)?.fields;
  const passed = found === undefined ? before : String(Number(found[1]) + Number(found[3]));
  slot.hash(cur).set(sink, `${id} ${passed}`);
  return 'done';
}

export function putHooks({ slot, keys, args, now }: ActCall): unknown {
  const [cur = '', , meta = '', dlq = '', hooks = '', ...queues] = keys;
  const [sink = '', before = '', after = '', messages = '0', , ...rest] = args;
  const at = slot.hash(cur).get(sink)?.split(' ')[0] ?? '0-0';
  if (at !== before && idLess(at, after)) return 'elsewhere';
  const moved = moveCursor(slot, keys, sink, after);
  if (moved !== 'done') return moved;
  const told = rest.splice(0, 2 * Number(messages));
  for (let i = 0; i + 1 < told.length; i += 2) {
    slot.stream(queues[Number(told[i]) - 1] ?? '').add(null, ['b', told[i + 1] ?? ''], now);
  }
  for (const queue of queues) slot.hash(hooks).set(`queue ${queue.slice(queue.indexOf(':hook:') + 6)}`, '1');
  addCount(slot, meta, 'refused', bury(slot, dlq, rest, now));
  return moved;
}

export function noteHook({ slot, keys, args, now }: ActCall): unknown {
  const [queue = '', hooks = '', log = '', dlq = '', meta = ''] = keys;
  const [receiver = '', entry = '', outcome = '', when = '', code = '', again = '', note = '', , , ...letters] = args;
  const known = slot.hash(hooks);
  const attempt = `try ${receiver} ${entry}`;
  if (slot.stream(queue).get(entry) === undefined) return 0;
  if (outcome === 'again') {
    if (known.get(attempt) === again) return 0;
    known.set(attempt, again);
  } else {
    slot.stream(queue).delete(entry);
    known.delete(attempt);
    addCount(slot, meta, 'refused', bury(slot, dlq, letters, now));
  }
  const oneMore = (field: string): void => void known.set(field, String(Number(known.get(field) ?? 0) + 1));
  if (outcome === 'delivered') known.set(`ok ${receiver}`, when).set(`row ${receiver}`, '0');
  else {
    known.set(`bad ${receiver}`, `${when} ${code}`);
    oneMore(`row ${receiver}`);
  }
  oneMore(`n ${receiver} ${outcome}`);
  // how many notes are kept is a bound that no sequence here comes near
  slot.stream(log).add(null, ['l', note], now);
  return 1;
}
