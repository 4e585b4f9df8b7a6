// Access desk: who somebody is, by what they show: a session's cookie, a token; signing in with a password, and out.
// In: what was shown. Out: a caller, a session.
// Touches the book through the contract; clock and chance are handed in.

import type { AccessBook, Caller, DeedNote, SessionRecord, UserRecord } from '../core/access.ts';
import type { AccessSettings } from './access-settings.ts';
import { digestOf, isSame, isSecretOf, readToken } from './bearer-token.ts';
import { isPassword } from './password.ts';
import { markOf } from './sealed-text.ts';

export interface AccessDeskOptions extends AccessSettings {
  readonly book: AccessBook;
  /** of this life of the program, for what it starts itself; null: none */
  readonly ownToken: string | null;
  /** epoch ms */
  readonly now: () => number;
  readonly random: (bytes: number) => Buffer;
}

/** What came with a request. */
export interface Shown {
  readonly token: string | null;
  /** of the session's cookie */
  readonly session: string | null;
}

export interface OpenedSession {
  /** goes into the cookie, and is kept nowhere as it is */
  readonly value: string;
  readonly session: SessionRecord;
  readonly lastsMs: number;
}

/** Where nobody is asked, everybody may do everything. */
export const OPEN_CALLER: Caller = { id: 'open', name: null, rank: 'admin', how: 'open' };
const SESSION_BYTES = 32;
/** Passwords hashed at once: each takes a core for some tenths of a second. */
const HASHING_MAX = 4;

export class AccessDesk {
  readonly settings: AccessSettings;
  readonly #options: AccessDeskOptions;
  readonly #refusals = new Map<string, number>();
  #hashing = 0;

  constructor(options: AccessDeskOptions) {
    this.#options = options;
    this.settings = options;
  }

  get isOpen(): boolean {
    return this.#options.secret === null;
  }

  /** How often somebody was refused by this process, by code. */
  get refusals(): ReadonlyMap<string, number> {
    return this.#refusals;
  }

  countRefusal(code: string): void {
    this.#refusals.set(code, (this.#refusals.get(code) ?? 0) + 1);
  }

  get random(): (bytes: number) => Buffer {
    return this.#options.random;
  }

  /** @returns null for a stranger; whoever shows a token is known by it alone */
  async callerOf({ token, session }: Shown): Promise<Caller | null> {
    if (this.isOpen) return OPEN_CALLER;
    if (token !== null) return this.#callerByToken(token);
    return session === null ? null : ((await this.sessionOf(session))?.caller ?? null);
  }

  async #callerByToken(text: string): Promise<Caller | null> {
    const { book, ownToken } = this.#options;
    if (ownToken !== null && isSame(text, ownToken)) {
      return { id: 'token:engine', name: 'engine', rank: 'engineer', how: 'token' };
    }
    const shown = readToken(text);
    const record = shown === null ? null : await book.token(shown.id);
    if (shown === null || record === null || !isSecretOf(record, shown.secret)) return null;
    return { id: `token:${record.name}`, name: record.name, rank: record.rank, how: 'token' };
  }

  /** The session as it holds now: it ends by time, and when its user is changed or removed. */
  async sessionOf(value: string): Promise<SessionRecord | null> {
    const { book, now } = this.#options;
    const session = await book.session(digestOf(value));
    if (session === null || session.until <= now()) return null;
    if (session.login === null) return session;
    const user = await book.user(session.login);
    return user !== null && user.edition === session.edition ? session : null;
  }

  /** @returns null: no such user, or not the password: which of both is not told; 'busy': too many at once */
  async signIn(login: string, password: string): Promise<OpenedSession | 'busy' | null> {
    if (this.#hashing >= HASHING_MAX) return 'busy';
    const user = await this.#options.book.user(loginOf(login));
    this.#hashing += 1;
    try {
      if (!(await isPassword(password, user?.password ?? null)) || user === null) return null;
    } finally {
      this.#hashing -= 1;
    }
    return this.openSession({ caller: callerOfUser(user), login: user.login, edition: user.edition });
  }

  /** @param wantedMs how long it may last; never longer than the settings say */
  async openSession(whose: Omit<SessionRecord, 'until'>, wantedMs = Number.POSITIVE_INFINITY): Promise<OpenedSession> {
    const { book, now, random, sessionMs } = this.#options;
    const lastsMs = Math.min(wantedMs, sessionMs);
    const value = random(SESSION_BYTES).toString('base64url');
    const session: SessionRecord = { ...whose, until: now() + lastsMs };
    await book.putSession(digestOf(value), session);
    return { value, session, lastsMs };
  }

  async signOut(value: string): Promise<void> {
    await this.#options.book.endSession(digestOf(value));
  }

  /** What the page shows with every change, beside the cookie that comes by itself. */
  markOf(value: string): string {
    return markOf(this.#options.secret ?? '', value);
  }

  isMark(value: string, mark: string): boolean {
    return isSame(mark, this.markOf(value));
  }

  /** Keeps what somebody is about to do. @returns how to keep what came of it */
  async note(caller: Caller, from: string, what: string, about: unknown): Promise<(status: number) => Promise<void>> {
    const { book, now, random } = this.#options;
    const { id, name, rank, how } = caller;
    const note: DeedNote = {
      id: random(9).toString('base64url'),
      at: now(),
      who: { id, name, rank, how },
      from,
      what,
      about,
    };
    await book.noteDeed(note);
    return status => book.noteEnd(note.id, status);
  }
}

/** One user, however it is typed. */
export const loginOf = (typed: string): string => typed.trim().normalize('NFKC').toLowerCase();

const callerOfUser = ({ login, fullName, role }: UserRecord): Caller => ({
  id: `user:${login}`,
  name: fullName ?? login,
  rank: role,
  how: 'session',
});
