// Model looks: the acts that only look at a partition, and the roster of those who live.
// In: a slot, keys and arguments of the act. Out: the reply that Redis would give.
// Pure but for the roster, from which the dead are let go.

import { type ActCall, idText } from './model-store.ts';

export function streamEdges({ slot, keys: [key = ''] }: ActCall): unknown {
  const stream = slot.streams.get(key);
  if (stream === undefined) return ['0', '0', '0-0', '0-0', '0-0'];
  const { entries, added, last, deleted } = stream;
  return [String(entries.length), String(added), entries[0]?.id ?? '0-0', idText(last), idText(deleted)];
}

export function meetWorkers({ slot, keys: [key = ''], args, now }: ActCall): unknown {
  const [name = '', leaseMs = '0'] = args;
  const marks = slot.hash(key);
  if (name !== '' && Number(leaseMs) > 0) marks.set(name, String(now + Number(leaseMs)));
  else marks.delete(name);
  const living = [...marks].filter(([, end]) => Number(end) > now).map(([other]) => other);
  if (name === '') return living;
  const latest = now + Number(leaseMs);
  for (const [other, end] of [...marks]) {
    if (!living.includes(other)) marks.delete(other);
    else if (Number(leaseMs) > 0 && Number(end) > latest) marks.set(other, String(latest));
  }
  return living;
}

export function lookAtEntry({ slot, keys, args: [id = ''], history }: ActCall): unknown {
  const [log = '', meta = '', st = ''] = keys;
  const stream = slot.streams.get(log);
  const last = stream === undefined ? '0-0' : idText(stream.last);
  const offset = slot.hash(meta).get('offset') ?? '0-0';
  return [stream?.get(id) === undefined ? 0 : 1, last, offset, slot.hash(st).get('p') ?? '', history];
}

export function snapshotState({ slot, keys, history }: ActCall): unknown {
  const [log = '', meta = '', st = '', ts = '', ...texts] = keys;
  const offset = slot.hash(meta).get('offset') ?? '0-0';
  const there = slot.stream(log).get(offset) === undefined ? 0 : 1;
  const lengths = texts.map(key => Buffer.byteLength(slot.texts.get(key) ?? ''));
  return [offset, there, [...slot.hash(st)].flat(), [...slot.set(ts)], lengths, history];
}

export function snapshotPartition({ slot, keys, args }: ActCall): unknown {
  const [log = '', hwm = '', meta = '', st = '', ts = '', out = '', cur = '', dlq = '', ids = '', ...texts] = keys;
  const suffixes = slot.set(ts);
  if (suffixes.size !== args.length || !args.every(suffix => suffixes.has(suffix))) return ['texts', [...suffixes]];
  const flat = (key: string): string[] => [...slot.hash(key)].flat();
  const buckets = [...slot.ranked(ids)].sort((a, b) => a[1] - b[1]).flatMap(([day, start]) => [day, String(start)]);
  const lengths = texts.map(key => Buffer.byteLength(slot.texts.get(key) ?? ''));
  const edges = [log, out, dlq].map(key => {
    const { entries, added, last, deleted } = slot.stream(key);
    return [String(entries.length), String(added), idText(last), idText(deleted)];
  });
  return ['snapshot', flat(meta), flat(st), flat(cur), flat(hwm), buckets, lengths, ...edges];
}
