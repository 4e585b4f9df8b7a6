// Access book: users, tokens, sessions and the trail of deeds, in a slot of their own, the same for every process of a journal.
// In: records. Out: records. Secrets come here hashed.
// Touches Redis through the connection.

import type { AccessBook, DeedNote, KeptDeed, SessionRecord, TokenRecord, UserRecord } from '../core/access.ts';
import type { BackupPlace } from './backup-ends.ts';
import { type Connection, connect } from './connection.ts';
import { accessKeys } from './keys.ts';
import { readLuaLibrary } from './lua-library.ts';

/** Deeds that are kept, about: some 80 MB. A plant of a hundred people makes a thousand a day. */
const DEEDS_MAX = 200_000;
/** Entries after a page in which the ends of its deeds are looked for: they come within milliseconds. */
const ENDS_MAX = 200;

type RawEntry = [entry: string, fields: string[]];
type End = { readonly of: string; readonly status: number };

export function openAccessBook(connection: Connection, prefix: string): AccessBook {
  const keys = accessKeys(prefix);
  const get = async <T>(key: string, field: string): Promise<T | null> =>
    parsed<T>((await connection.read('hget', [key, field])) as string | null);
  const all = async <T>(key: string): Promise<T[]> => {
    // the name in capitals keeps the client library from making an object of it
    const flat = (await connection.read('HGETALL', [key])) as string[];
    return flat.filter((_, place) => place % 2 === 1).map(text => JSON.parse(text) as T);
  };
  const put = async (key: string, field: string, record: object): Promise<void> =>
    void (await connection.read('hset', [key, field, JSON.stringify(record)]));
  const drop = async (key: string, field: string): Promise<boolean> =>
    (await connection.read('hdel', [key, field])) === 1;
  const append = async (record: object): Promise<void> =>
    void (await connection.read('xadd', [keys.deeds, 'MAXLEN', '~', DEEDS_MAX, '*', 'd', JSON.stringify(record)]));
  return {
    users: () => all<UserRecord>(keys.users),
    user: login => get<UserRecord>(keys.users, login),
    addUser: async user => (await connection.read('hsetnx', [keys.users, user.login, JSON.stringify(user)])) === 1,
    putUser: user => put(keys.users, user.login, user),
    removeUser: login => drop(keys.users, login),
    tokens: () => all<TokenRecord>(keys.tokens),
    token: id => get<TokenRecord>(keys.tokens, id),
    putToken: token => put(keys.tokens, token.id, token),
    removeToken: id => drop(keys.tokens, id),
    session: key => get<SessionRecord>(keys.session(key), 's'),
    putSession: async (key, session) => {
      await put(keys.session(key), 's', session);
      // one that dies in between leaves a session that never leaves Redis; its own `until` ends it all the same
      await connection.read('pexpireat', [keys.session(key), session.until]);
    },
    endSession: async key => void (await connection.read('unlink', [keys.session(key)])),
    noteDeed: append,
    noteEnd: (of, status) => append({ of, status } satisfies End),
    deeds: (countMax, before) => readDeeds(connection, keys.deeds, countMax, before),
  };
}

/** From the youngest on; a deed and its end are two entries, and one that was written twice is one. */
async function readDeeds(
  connection: Connection,
  key: string,
  countMax: number,
  before: string | null,
): Promise<readonly KeptDeed[]> {
  const ends = new Map<string, number>();
  const found = new Map<string, KeptDeed>();
  const take = ([entry, fields]: RawEntry, isOfPage: boolean): void => {
    const said = JSON.parse(fields[1] ?? 'null') as DeedNote | End;
    if ('of' in said) ends.set(said.of, said.status);
    else if (isOfPage) found.set(said.id, { ...said, entry, status: null });
  };
  if (before !== null) {
    const after = (await connection.read('xrange', [key, before, '+', 'COUNT', ENDS_MAX])) as RawEntry[];
    for (const each of after) take(each, false);
  }
  let place = before;
  while (found.size < countMax) {
    const range = [key, place === null ? '+' : `(${place}`, '-', 'COUNT', countMax];
    const entries = (await connection.read('xrevrange', range)) as RawEntry[];
    for (const each of entries) if (found.size < countMax) take(each, true);
    place = entries.at(-1)?.[0] ?? null;
    if (entries.length < countMax || place === null) break;
  }
  return [...found.values()].map(deed => ({ ...deed, status: ends.get(deed.id) ?? null }));
}

const parsed = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T));

/** The book alone, for commands: nothing of the journal is begun or owned. */
export function openAccessBookAlone(place: Omit<BackupPlace, 'log'>): { readonly book: AccessBook; close(): void } {
  const connection = connect({ ...place, log: () => {} }, readLuaLibrary());
  return { book: openAccessBook(connection, place.prefix), close: () => connection.close() };
}
