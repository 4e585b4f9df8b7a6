// Connection: one line to Redis, single or cluster, that is patient with what passes and plain about what does not.
// In: a URL; acts and reads. Out: replies, or a JournalError. An act may run twice on the server, so only idempotent acts come here.
// Touches the network and timers; with heard-connector.ts the only user of ioredis.

import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { FAILOVER_PAUSE_MS, lengthOf, REDIRECTIONS_MAX, REPLICAS_MAX_MS, settledInTime } from './call-bounds.ts';
import { HeardConnector } from './heard-connector.ts';
import { isFunctionMissing, JournalAway, toJournalError } from './journal-error.ts';
import type { Act, LuaLibrary } from './lua-library.ts';
import { parseRedisUrls, type RedisAddresses } from './redis-address.ts';

export type Log = (level: 'info' | 'warn' | 'error', message: string, fields?: object) => void;

export interface NodeInfo {
  readonly info: string;
  readonly appendFsync: string | null;
}

export interface Connection {
  /** One act, tried again while the trouble is a passing one; JournalAway when the patience is used up. */
  act(act: Act, keys: readonly string[], args: readonly (string | number)[], patienceMs?: number): Promise<unknown>;
  read(command: string, args: readonly (string | number)[], patienceMs?: number): Promise<unknown>;
  /** INFO of every node that takes writes, and how it syncs its file (null when we may not ask). */
  infoOfNodes(): Promise<NodeInfo[]>;
  close(): void;
}

export interface Waits {
  /** A reply later than this counts as lost. */
  readonly commandMs: number;
  /** A socket silent for longer with a reply due is a black hole: it is torn down and made anew. */
  readonly silenceMs: number;
}
/** A commit of several MB takes some tens of ms; a Redis that syncs a slow disk, or forks, may stand still for a second. */
const WAITS: Waits = { commandMs: 4_000, silenceMs: 5_000 };
const CONNECT_TIMEOUT_MS = 3_000;
const RECONNECT_PAUSE_MAX_MS = 1_000;
const RETRY_PAUSE_FIRST_MS = 20;
const RETRY_PAUSE_MAX_MS = 500;
/** How long an act or a read is tried again before its caller hears JournalAway: a fail-over takes 2 to 3 s. */
export const PATIENCE_MS = 5_000;
/** While a slot moves, an act whose keys lie in two places has to wait until they are together: some ms. */
const TRYAGAIN_PAUSE_MS = 25;

export interface ConnectOptions {
  readonly url: string;
  /** PEM text of whom to trust with `rediss:`; null: whom Node trusts */
  readonly ca?: string | null;
  /** an act is answered only when so many replicas have it, too */
  readonly replicas?: number;
  readonly waits?: Waits;
  readonly log: Log;
}

export function connect(options: ConnectOptions, library: LuaLibrary): Connection {
  const { log, replicas = 0, waits = WAITS } = options;
  const client = clientOf(parseRedisUrls(options.url, options.ca ?? null), waits);
  const closing = new AbortController();
  // Every call that waits to be tried again listens; how many there may be is bounded by who makes them.
  setMaxListeners(0, closing.signal);
  const trouble = watch(client, log);

  const send = async (command: string, args: readonly (string | number)[]): Promise<unknown> => {
    if (closing.signal.aborted) throw closedError(command);
    return client.call(command, [...args]);
  };

  let loading: Promise<void> | null = null;
  const loadLibrary = (): Promise<void> => {
    loading ??= Promise.all(mastersOf(client).map(node => node.call('FUNCTION', ['LOAD', 'REPLACE', library.code])))
      .then(() => log('info', 'journal functions loaded', { library: library.name }))
      .finally(() => {
        loading = null;
      });
    return loading;
  };

  const patiently = patience(closing.signal, trouble, waits);
  const fcall = replicas === 0 ? (call: FunctionCall) => send('fcall', call) : held(client, replicas, send);

  return {
    act: (act, keys, args, patienceMs = PATIENCE_MS) => {
      const call: FunctionCall = [library.fullName(act), keys.length, ...keys, ...args];
      const run = async (): Promise<unknown> => {
        try {
          return await fcall(call);
        } catch (error) {
          // First use, a flush, a new master: the library is put there and the act carried out.
          if (!isFunctionMissing(error)) throw error;
          await loadLibrary();
          return fcall(call);
        }
      };
      return patiently(act.replaceAll('-', ' '), run, patienceMs);
    },
    read: (command, args, patienceMs = PATIENCE_MS) => patiently(command, () => send(command, args), patienceMs),
    infoOfNodes: async () =>
      (await patiently('info', () => Promise.all(mastersOf(client).map(infoOfNode)), PATIENCE_MS)) as NodeInfo[],
    close: () => {
      closing.abort();
      client.disconnect();
    },
  };
}

/** Tries again what failed in passing, with growing pauses, until the patience is used up or the journal closes. */
function patience(closing: AbortSignal, trouble: { last: string | undefined }, { commandMs }: Waits) {
  return async (operation: string, run: () => Promise<unknown>, patienceMs: number): Promise<unknown> => {
    let spent = 0;
    for (let attempt = 0; ; attempt++) {
      try {
        return await settledInTime(run(), commandMs);
      } catch (cause) {
        const error = toJournalError(operation, cause, trouble.last);
        const pause = Math.min(RETRY_PAUSE_FIRST_MS * 2 ** attempt, RETRY_PAUSE_MAX_MS);
        spent += pause + lengthOf(cause, commandMs);
        if (!(error instanceof JournalAway) || closing.aborted || spent > patienceMs) throw error;
        await sleep(pause, undefined, { signal: closing }).catch(() => {
          throw closedError(operation);
        });
      }
    }
  };
}

type FunctionCall = readonly (string | number)[];

/**
 * An act that is answered only when replicas have it: WAIT behind it on the same connection, for it asks about what that
 * connection wrote. Where the slot lies elsewhere the act goes there first by the ordinary way, which learns the new place,
 * and then once more: a repeated act changes nothing, and what was waited for is then its place at the end of the log.
 */
function held(
  client: Redis | Cluster,
  replicas: number,
  send: (command: string, call: FunctionCall) => Promise<unknown>,
): (call: FunctionCall) => Promise<unknown> {
  const once = async (call: FunctionCall): Promise<unknown> => {
    const results = await client
      .pipeline([
        ['call', 'fcall', ...call],
        ['call', 'wait', replicas, REPLICAS_MAX_MS],
      ])
      .exec();
    const [[failed, reply] = [null, null], [unsure, have] = [null, 0]] = results ?? [];
    const error = failed ?? unsure;
    if (error != null) throw error;
    if (Number(have) < replicas) throw new Error(`NOREPLICAS ${have} of ${replicas} replicas have it`);
    return reply;
  };
  return async call => {
    try {
      return await once(call);
    } catch (error) {
      if (!/^(MOVED|ASK)\b/.test((error as Error).message)) throw error;
      await send('fcall', call);
      return once(call);
    }
  };
}

const closedError = (operation: string): JournalAway =>
  new JournalAway('OEE_JOURNAL_AWAY', `${operation}: the journal is closed`, 'The program is stopping; nothing to do.');

const mastersOf = (client: Redis | Cluster): Redis[] => (client instanceof Cluster ? client.nodes('master') : [client]);

async function infoOfNode(node: Redis): Promise<NodeInfo> {
  const info = await node.info();
  const config = (await node.call('config', ['GET', 'appendfsync']).catch(() => [])) as string[];
  return { info, appendFsync: config[1] ?? null };
}

/** Says once that Redis is away and once that it is back, and remembers why. */
function watch(client: Redis | Cluster, log: Log): { last: string | undefined } {
  const trouble: { last: string | undefined } = { last: undefined };
  const onError = (error: Error): void => {
    const message = error.message === '' ? ((error as NodeJS.ErrnoException).code ?? error.name) : error.message;
    if (trouble.last === undefined) log('warn', 'Redis is away', { error: message });
    trouble.last = message;
  };
  // Without a listener the client library prints on its own account.
  client.on('error', onError);
  client.on('node error', onError);
  client.on('ready', () => {
    if (trouble.last !== undefined) log('info', 'Redis is back');
    trouble.last = undefined;
  });
  return trouble;
}

/** Never resends, never queues: whether an act is repeated is decided here, act by act. */
const NEVER_RESEND = {
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  connectTimeout: CONNECT_TIMEOUT_MS,
  connectionName: 'oee-journal',
  Connector: HeardConnector,
  // Replies keep one plain shape; and names in capitals keep the library from turning a hash into an object, where "__proto__" is no key.
  protocol: 2,
} satisfies RedisOptions;

function clientOf({ first, nodes, cluster }: RedisAddresses, { commandMs, silenceMs }: Waits): Redis | Cluster {
  const waits = { commandTimeout: commandMs, socketTimeout: silenceMs };
  const reconnectPause = (times: number): number => Math.min(2 ** Math.min(times, 10) * 10, RECONNECT_PAUSE_MAX_MS);
  if (!cluster) {
    return new Redis({
      ...NEVER_RESEND,
      ...waits,
      ...first,
      enableOfflineQueue: false,
      retryStrategy: reconnectPause,
      // A master that became a replica: its address may lead to the new master when asked anew.
      reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
    });
  }
  const { host: _host, port: _port, ...access } = first;
  return new Cluster(
    nodes.map(({ host, port }) => ({ host, port })),
    {
      enableOfflineQueue: false,
      clusterRetryStrategy: reconnectPause,
      retryDelayOnFailover: FAILOVER_PAUSE_MS,
      retryDelayOnClusterDown: FAILOVER_PAUSE_MS,
      retryDelayOnTryAgain: TRYAGAIN_PAUSE_MS,
      maxRedirections: REDIRECTIONS_MAX,
      slotsRefreshTimeout: CONNECT_TIMEOUT_MS,
      redisOptions: { ...NEVER_RESEND, ...waits, ...access },
    },
  );
}
