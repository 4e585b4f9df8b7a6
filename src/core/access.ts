// Access: who may do what: ranks, callers, what is remembered of people, tokens, sessions and deeds; the contract between journal and access.
// In: a rank and a need. Out: yes or no; shapes.
// Pure.

/** Each may do all that those before it may. */
export const ROLES = ['viewer', 'operator', 'supervisor', 'engineer', 'admin'] as const;
export type Role = (typeof ROLES)[number];
/** A machine sends what it did, and reads nothing; only tokens have this rank. */
export const RANKS = ['machine', ...ROLES] as const;
export type Rank = (typeof RANKS)[number];

export const isRole = (word: string): word is Role => (ROLES as readonly string[]).includes(word);
export const isRank = (word: string): word is Rank => (RANKS as readonly string[]).includes(word);

/** Whether a rank is that of the need, or above it. */
export function mayAct(rank: Rank, need: Role): boolean {
  return rank !== 'machine' && ROLES.indexOf(rank) >= ROLES.indexOf(need);
}

/** Whoever asks, as far as it is known. */
export interface Caller {
  /** `user:anna`, `oidc:<subject>`, `token:<name>`; `open` where nobody is asked */
  readonly id: string;
  /** what stands as `by` beside what was changed; null where nobody is asked */
  readonly name: string | null;
  readonly rank: Rank;
  readonly how: 'open' | 'session' | 'token';
}

/** A password as it is kept: its hash, and all that is needed to make it again. */
export interface StoredPassword {
  readonly kdf: 'scrypt';
  /** cost, block size, lanes */
  readonly n: number;
  readonly r: number;
  readonly p: number;
  /** base64 */
  readonly salt: string;
  readonly hash: string;
}

export interface UserRecord {
  /** by which the user signs in, in lower case */
  readonly login: string;
  readonly fullName: string | null;
  readonly role: Role;
  readonly password: StoredPassword;
  /** another after every change: sessions of an earlier one are over */
  readonly edition: string;
  /** epoch ms */
  readonly since: number;
}

export interface TokenRecord {
  readonly id: string;
  readonly name: string;
  readonly rank: Rank;
  /** of its secret half, hex; the half itself is kept nowhere */
  readonly digest: string;
  readonly since: number;
}

export interface SessionRecord {
  readonly caller: Caller;
  /** whose session it is; null: a user whom another house vouched for */
  readonly login: string | null;
  readonly edition: string | null;
  /** sealed: by which the house that vouched for the user knows whom to forget; left out: none */
  readonly hint?: string;
  /** epoch ms */
  readonly until: number;
}

/** What somebody was about to change, kept before it is done. */
export interface DeedNote {
  /** one of a kind; a repeat is the same note */
  readonly id: string;
  /** epoch ms */
  readonly at: number;
  readonly who: Pick<Caller, 'id' | 'name' | 'rank' | 'how'>;
  /** address of the other side, or the command line */
  readonly from: string;
  readonly what: string;
  readonly about: unknown;
}

export interface KeptDeed extends DeedNote {
  /** place in the trail */
  readonly entry: string;
  /** what came of it, as a status of HTTP; null: not known, it ended in the middle */
  readonly status: number | null;
}

/** What is remembered of access, in one place for all processes of a journal. */
export interface AccessBook {
  users(): Promise<readonly UserRecord[]>;
  user(login: string): Promise<UserRecord | null>;
  /** @returns false when the login is taken */
  addUser(user: UserRecord): Promise<boolean>;
  putUser(user: UserRecord): Promise<void>;
  /** @returns false when there was none */
  removeUser(login: string): Promise<boolean>;
  tokens(): Promise<readonly TokenRecord[]>;
  token(id: string): Promise<TokenRecord | null>;
  putToken(token: TokenRecord): Promise<void>;
  removeToken(id: string): Promise<boolean>;
  session(key: string): Promise<SessionRecord | null>;
  putSession(key: string, session: SessionRecord): Promise<void>;
  endSession(key: string): Promise<void>;
  /** Resolves when it is kept. */
  noteDeed(note: DeedNote): Promise<void>;
  noteEnd(id: string, status: number): Promise<void>;
  /** @param before place in the trail; null: from the youngest on */
  deeds(countMax: number, before: string | null): Promise<readonly KeptDeed[]>;
}
