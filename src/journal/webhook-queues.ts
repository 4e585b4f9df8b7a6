// Webhook queues: what waits for each receiver, beside the outbox it came from, so that one act moves it from there to here.
// In: messages, what came of attempts. Out: queues, a delivery log, how each receiver does.
// Touches Redis through the connection.

import type { DeadLetter } from '../core/log-entry.ts';
import {
  type DeliveryNote,
  LOG_MAX,
  letterOfMessage,
  type Pause,
  type Put,
  QUEUE_MAX,
  type QueuedMessage,
  type QueueState,
  type Tries,
  type WebhookQueues,
} from '../core/webhook-queue.ts';
import { lettersToArgs } from './changes-to-args.ts';
import type { Connection } from './connection.ts';
import { LostOwnership } from './journal-error.ts';
import type { PartitionKeys } from './keys.ts';

type RawEntry = [entry: string, fields: string[]];
const messageIn = (fields: readonly string[]): QueuedMessage => JSON.parse(fields[1] ?? 'null') as QueuedMessage;

/** Where a dead letter of the webhooks came from, and goes when it is replayed. */
export const hookOf = (letter: DeadLetter): string | null => /^hook:([^:]+):/.exec(letter.entry)?.[1] ?? null;

export function openWebhookQueues(
  connection: Connection,
  keysOf: (partition: number) => PartitionKeys,
  pausesKey: string,
): WebhookQueues {
  const lengthOf = async (partition: number, receiver: string): Promise<number> =>
    (await connection.read('xlen', [keysOf(partition).hook(receiver)])) as number;
  return {
    put: (partition, put) => putAll(connection, keysOf(partition), partition, put),
    add: async (partition, receiver, message) => {
      const keys = keysOf(partition);
      await connection.read('hset', [keys.hooks, `queue ${receiver}`, '1']);
      await connection.read('xadd', [keys.hook(receiver), '*', 'b', JSON.stringify(message)]);
    },
    read: async (partition, receiver, after, countMax) => {
      const range = [keysOf(partition).hook(receiver), `(${after}`, '+', 'COUNT', countMax];
      const found = (await connection.read('xrange', range)) as RawEntry[];
      return found.map(([entry, fields]) => ({ entry, message: messageIn(fields) }));
    },
    get: async (partition, receiver, entry) => {
      const [found] = (await connection.read('xrange', [keysOf(partition).hook(receiver), entry, entry])) as RawEntry[];
      return found === undefined ? null : messageIn(found[1]);
    },
    length: lengthOf,
    tries: async (partition, receiver) => {
      const fields = await hooksOf(connection, keysOf(partition));
      const start = `try ${receiver} `;
      const tries = [...fields].filter(([field]) => field.startsWith(start));
      return new Map(tries.map(([field, value]) => [field.slice(start.length), triesIn(value)]));
    },
    note: (partition, receiver, entry, note, then) =>
      noteOne(connection, keysOf(partition), receiver, entry, note, then),
    state: async (partition, receiver) => ({ partition, ...(await stateOf(connection, keysOf(partition), receiver)) }),
    log: async (partition, receiver, countMax) => {
      const range = [keysOf(partition).hooklog(receiver), '+', '-', 'COUNT', countMax];
      const found = (await connection.read('xrevrange', range)) as RawEntry[];
      return found.map(([, fields]) => JSON.parse(fields[1] ?? 'null') as DeliveryNote);
    },
    pauses: async () => {
      const pairs = pairsOf((await connection.read('HGETALL', [pausesKey])) as string[]);
      return new Map([...pairs].map(([receiver, text]) => [receiver, JSON.parse(text) as Pause]));
    },
    pause: async (receiver, pause) => {
      if (pause === null) await connection.read('hdel', [pausesKey, receiver]);
      else await connection.read('hset', [pausesKey, receiver, JSON.stringify(pause)]);
    },
  };
}

const noteOne = async (
  connection: Connection,
  keys: PartitionKeys,
  receiver: string,
  entry: string,
  note: DeliveryNote,
  then: Tries | DeadLetter | null,
): Promise<void> => {
  const again = then !== null && 'attempts' in then ? `${then.attempts} ${then.nextAt}` : '';
  const letters = then !== null && 'event' in then ? [then] : [];
  await connection.act(
    'note-hook',
    [keys.hook(receiver), keys.hooks, keys.hooklog(receiver), keys.dlq, keys.meta],
    [
      ...[receiver, entry, note.outcome, note.at, note.code ?? '', again, JSON.stringify(note), LOG_MAX],
      ...[letters.length, ...lettersToArgs(letters)],
    ],
  );
};

/** How a queue stands; also for somebody who only looks. */
export async function stateOf(
  connection: Connection,
  keys: PartitionKeys,
  receiver: string,
): Promise<Omit<QueueState, 'partition'>> {
  const [waiting, oldest, fields] = (await Promise.all([
    connection.read('xlen', [keys.hook(receiver)]),
    connection.read('xrange', [keys.hook(receiver), '-', '+', 'COUNT', 1]),
    hooksOf(connection, keys),
  ])) as [number, RawEntry[], Map<string, string>];
  const oldestAt = oldest[0] === undefined ? null : messageIn(oldest[0][1]).at;
  return { waiting, oldestAt, ...readState(receiver, fields) };
}

/** Only the owner puts, one step after the other: a queue that is not full now is none the fuller when the act comes. */
async function putAll(connection: Connection, keys: PartitionKeys, partition: number, put: Put): Promise<void> {
  const receivers = [...new Set(put.messages.map(({ receiver }) => receiver))];
  const lengths = await Promise.all(receivers.map(each => connection.read('xlen', [keys.hook(each)])));
  const room = new Map(receivers.map((receiver, place) => [receiver, QUEUE_MAX - Number(lengths[place])]));
  const args: (string | number)[] = [];
  const letters: DeadLetter[] = [];
  for (const { receiver, message } of put.messages) {
    const left = room.get(receiver) ?? 0;
    room.set(receiver, left - 1);
    if (left > 0) args.push(receivers.indexOf(receiver) + 1, JSON.stringify(message));
    else letters.push(overfull(receiver, message));
  }
  const verdict = await connection.act(
    'put-hooks',
    [keys.cur, keys.out, keys.meta, keys.dlq, keys.hooks, ...receivers.map(keys.hook)],
    [put.sink, put.after, put.last, args.length / 2, letters.length, ...args, ...lettersToArgs(letters)],
  );
  if (verdict === 'done' || verdict === 'already') return;
  throw new LostOwnership(
    'OEE_JOURNAL_FELL_BACK',
    `sink ${put.sink} is not at ${put.after} of partition ${partition}, where it was`,
    'Read on from cursor(): the outputs in between come again.',
  );
}

const overfull = (receiver: string, message: QueuedMessage): DeadLetter =>
  letterOfMessage(receiver, message, {
    code: 'OEE_WEBHOOK_QUEUE_FULL',
    message: `${QUEUE_MAX} messages wait for receiver ${receiver} already`,
    remedy: 'Bring the receiver back, or take it out of the plant file; then replay or discard the letter.',
  });

export async function hooksOf(connection: Connection, keys: PartitionKeys): Promise<Map<string, string>> {
  return pairsOf((await connection.read('HGETALL', [keys.hooks])) as string[]);
}

function pairsOf(flat: readonly string[]): Map<string, string> {
  const pairs = new Map<string, string>();
  for (let i = 0; i + 1 < flat.length; i += 2) pairs.set(flat[i] ?? '', flat[i + 1] ?? '');
  return pairs;
}

function triesIn(value: string): Tries {
  const [attempts, nextAt] = value.split(' ').map(Number);
  return { attempts: attempts ?? 0, nextAt: nextAt ?? 0 };
}

/** The fields of one receiver; those of a partition that never had one for it are none. */
function readState(
  receiver: string,
  fields: ReadonlyMap<string, string>,
): Omit<QueueState, 'partition' | 'waiting' | 'oldestAt'> {
  const ok = fields.get(`ok ${receiver}`);
  const [badAt, code = null] = fields.get(`bad ${receiver}`)?.split(' ') ?? [];
  const count = (what: string): number => Number(fields.get(`n ${receiver} ${what}`) ?? 0);
  return {
    receiver,
    lastOk: ok === undefined ? null : Number(ok),
    lastBad: badAt === undefined ? null : Number(badAt),
    lastCode: code,
    row: Number(fields.get(`row ${receiver}`) ?? 0),
    counts: { delivered: count('delivered'), failed: count('again'), dead: count('dead') },
  };
}

/** Receivers that ever had a queue here. */
export const queuesIn = (fields: ReadonlyMap<string, string>): string[] =>
  [...fields.keys()].filter(field => field.startsWith('queue ')).map(field => field.slice('queue '.length));
