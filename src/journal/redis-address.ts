// Redis address: what a Redis URL means: which nodes, as whom, and whether by TLS.
// In: the URL, a CA's certificate. Out: the nodes of it, or a fault that says how it is to be written.
// Pure.

import { JournalFault } from './journal-error.ts';

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  readonly db?: number;
  readonly tls?: { readonly ca?: string };
}

export interface RedisAddresses {
  /** the first one's user, password and TLS hold for all nodes */
  readonly first: RedisAddress;
  readonly nodes: readonly RedisAddress[];
  /** a comma says that it is a cluster, though only one of its nodes be named */
  readonly cluster: boolean;
}

/** @param ca PEM text of whom to trust with `rediss:`; without it those whom Node trusts */
export function parseRedisUrls(text: string, ca: string | null): RedisAddresses {
  const nodes = text
    .split(',')
    .filter(part => part.trim() !== '')
    .map(part => parseRedisUrl(part, ca));
  const [first] = nodes;
  if (first === undefined) throw badUrl(text);
  return { first, nodes, cluster: text.includes(',') };
}

function parseRedisUrl(text: string, ca: string | null): RedisAddress {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    throw badUrl(text);
  }
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:') throw badUrl(text);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1') || '127.0.0.1';
  const db = Number(url.pathname.slice(1));
  if (!Number.isInteger(db) || db < 0) throw badUrl(text);
  return {
    host,
    port: url.port === '' ? 6379 : Number(url.port),
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    ...(db === 0 ? {} : { db }),
    ...(url.protocol === 'rediss:' ? { tls: ca === null ? {} : { ca } } : {}),
  };
}

/** Its text is not repeated: it may hold a password. */
function badUrl(text: string): JournalFault {
  return new JournalFault(
    'OEE_JOURNAL_URL',
    `the Redis URL is not one (${text.trim().length} characters)`,
    'Write redis://host:6379, rediss://user:password@host:6380/0, or cluster nodes separated by commas.',
  );
}
