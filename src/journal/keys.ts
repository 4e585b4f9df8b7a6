// Keys: the names of everything the journal keeps, and which partition a line belongs to.
// In: prefix, partition, line id. Out: key names; all of one partition share a hash tag, hence a slot, hence one atomic act.
// Pure.

export interface PartitionKeys {
  readonly in: string;
  readonly hwm: string;
  readonly meta: string;
  readonly st: string;
  readonly ts: string;
  readonly out: string;
  readonly cur: string;
  readonly dlq: string;
  /** live buckets of event ids; a bucket's own key is this, a colon and the day it began */
  readonly id: string;
  text(suffix: string): string;
  /** what is remembered of the webhooks' queues: which there are, attempts, last answers, counts */
  readonly hooks: string;
  /** what waits for one receiver */
  hook(receiver: string): string;
  /** its delivery log */
  hooklog(receiver: string): string;
}

export function partitionKeys(prefix: string, partition: number): PartitionKeys {
  const base = `${prefix}:{p${String(partition).padStart(3, '0')}}`;
  return {
    in: `${base}:in`,
    hwm: `${base}:hwm`,
    meta: `${base}:meta`,
    st: `${base}:st`,
    ts: `${base}:ts`,
    out: `${base}:out`,
    cur: `${base}:cur`,
    dlq: `${base}:dlq`,
    id: `${base}:id`,
    text: suffix => `${base}:t:${suffix}`,
    hooks: `${base}:hooks`,
    hook: receiver => `${base}:hook:${receiver}`,
    hooklog: receiver => `${base}:hooklog:${receiver}`,
  };
}

/** Where what holds for the whole journal is kept. */
export const journalKey = (prefix: string): string => `${prefix}:{journal}`;
/** Webhook receivers that somebody holds back. */
export const webhooksKey = (prefix: string): string => `${prefix}:{webhooks}`;
/** Who works on it at present. */
export const workersKey = (prefix: string): string => `${prefix}:{workers}`;

export interface AccessKeys {
  readonly users: string;
  readonly tokens: string;
  /** who changed what */
  readonly deeds: string;
  session(key: string): string;
}
/** Who may sign in, who has, and what they did: in a slot of its own. */
export function accessKeys(prefix: string): AccessKeys {
  const base = `${prefix}:{access}`;
  return {
    users: `${base}:users`,
    tokens: `${base}:tokens`,
    deeds: `${base}:deeds`,
    session: key => `${base}:s:${key}`,
  };
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * FNV-1a, 32 bits, over the id's UTF-8 bytes, modulo the number of partitions. It never changes: a line's whole past lies
 * where this says. Of 256: "line-1" is in 29, "" in 197.
 */
export function partitionOfLine(lineId: string, partitions: number): number {
  let hash = FNV_OFFSET;
  for (const byte of new TextEncoder().encode(lineId)) hash = Math.imul(hash ^ byte, FNV_PRIME);
  return (hash >>> 0) % partitions;
}

/** -1, 0, 1: stream ids `ms-n` in their order. */
export function compareIds(a: string, b: string): number {
  const [aMs = '', aN = ''] = a.split('-');
  const [bMs = '', bN = ''] = b.split('-');
  return Math.sign(Number(aMs) - Number(bMs) || Number(aN) - Number(bN));
}

export const FIRST_ID = '0-0';
