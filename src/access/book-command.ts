// Book command: what an administrator does to the book by command: users, tokens, the trail.
// In: a command, the book. Out: what to print; a fault that says what to do.
// Touches the book; every change is noted in the trail first.

import { type AccessBook, type Caller, isRank, isRole, type KeptDeed, ROLES, type UserRecord } from '../core/access.ts';
import { isoOf } from '../core/time.ts';
import { loginOf } from './access-desk.ts';
import { deedToWire } from './audit-routes.ts';
import { makeToken } from './bearer-token.ts';
import { hashPassword, passwordTrouble } from './password.ts';

export interface AccessBookCommand {
  readonly book: 'users' | 'tokens' | 'audit';
  readonly deed: string;
  readonly name: string | null;
  readonly role: string | null;
  readonly fullName: string | null;
  readonly count: number;
  readonly json: boolean;
}

export interface BookPorts {
  readonly book: AccessBook;
  readonly now: () => number;
  readonly random: (bytes: number) => Buffer;
  readonly who: string;
  /** @param again whether it is a new one */
  password(again: boolean): Promise<string>;
}

/** Asked for what cannot be. */
export class AccessFault extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}

const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,63}$/u;
const FULL_NAME_MAX = 100;

/** @returns what to print @throws AccessFault */
export async function commandBook(command: AccessBookCommand, ports: BookPorts): Promise<string> {
  const deed = DEEDS[`${command.book} ${command.deed}`];
  if (deed !== undefined) return deed(command, ports);
  const known = Object.keys(DEEDS).filter(each => each.startsWith(`${command.book} `));
  throw new AccessFault('OEE_ACCESS_DEED', `there is no ${command.book} ${command.deed}`, `Say ${known.join(', ')}.`);
}

type Deed = (command: AccessBookCommand, ports: BookPorts) => Promise<string>;
const DEEDS: Readonly<Record<string, Deed>> = {
  'users list': async ({ json }, { book }) => {
    const users = [...(await book.users())].sort((a, b) => (a.login < b.login ? -1 : 1));
    const shown = users.map(({ login, fullName, role, since }) => ({ login, fullName, role, since: isoOf(since) }));
    if (json) return JSON.stringify(shown, null, 2);
    const rows = shown.map(each => [each.login, each.role, each.since.slice(0, 10), each.fullName ?? '']);
    return rows.length === 0 ? 'no users' : inColumns(rows);
  },
  'users add': addUser,
  'users remove': async (command, ports) => {
    const { login } = await theUser(command, ports);
    return noted(ports, 'user.remove', { login }, async () => {
      await ports.book.removeUser(login);
      return `${login} is removed; what they did stays in the trail`;
    });
  },
  'users password': async (command, ports) => {
    const user = await theUser(command, ports);
    const password = await newPassword(ports);
    return noted(ports, 'user.password', { login: user.login }, async () => {
      await ports.book.putUser({ ...user, password, edition: editionOf(ports) });
      return `${user.login} has a new password, and is signed out everywhere`;
    });
  },
  'users role': async (command, ports) => {
    const user = await theUser(command, ports);
    const role = roleOf(command.role);
    return noted(ports, 'user.role', { login: user.login, role, was: user.role }, async () => {
      await ports.book.putUser({ ...user, role, edition: editionOf(ports) });
      return `${user.login} is ${role} now, and has to sign in again`;
    });
  },
  'tokens list': async ({ json }, { book }) => {
    const tokens = [...(await book.tokens())].sort((a, b) => (a.name < b.name ? -1 : 1));
    const shown = tokens.map(({ name, rank, since }) => ({ name, role: rank, since: isoOf(since) }));
    if (json) return JSON.stringify(shown, null, 2);
    return shown.length === 0
      ? 'no tokens'
      : inColumns(shown.map(({ name, role, since }) => [name, role, since.slice(0, 10)]));
  },
  'tokens add': addToken,
  'tokens revoke': async (command, ports) => {
    const name = nameOf(command);
    const found = (await ports.book.tokens()).find(each => each.name === name);
    if (found === undefined)
      throw new AccessFault('OEE_ACCESS_NO_TOKEN', `there is no token "${name}"`, 'See tokens list.');
    return noted(ports, 'token.revoke', { name }, async () => {
      await ports.book.removeToken(found.id);
      return `the token ${name} holds no more`;
    });
  },
  'audit list': async ({ count, json }, { book }) => {
    if (!Number.isInteger(count) || count < 1) {
      throw new AccessFault('OEE_ACCESS_DEED', '--count is no whole number above 0', 'Say --count 100.');
    }
    const deeds = await book.deeds(count, null);
    if (json) return JSON.stringify(deeds.map(deedToWire), null, 2);
    return deeds.length === 0 ? 'nothing was changed yet' : deeds.map(lineOf).join('\n');
  },
};

async function addUser(command: AccessBookCommand, ports: BookPorts): Promise<string> {
  const login = loginOf(nameOf(command));
  const role = roleOf(command.role);
  const fullName = command.fullName?.trim().slice(0, FULL_NAME_MAX) || null;
  const names = new Set([login, loginOf(fullName ?? login)]);
  const isTaken = (user: UserRecord): boolean =>
    names.has(user.login) || names.has(loginOf(user.fullName ?? user.login));
  if ((await ports.book.users()).some(isTaken)) throw taken(command.fullName ?? login);
  const password = await newPassword(ports);
  return noted(ports, 'user.add', { login, fullName, role }, async () => {
    const user = { login, fullName, role, password, edition: editionOf(ports), since: ports.now() };
    if (!(await ports.book.addUser(user))) throw taken(login);
    return `${login} may sign in as ${role}`;
  });
}

async function addToken(command: AccessBookCommand, ports: BookPorts): Promise<string> {
  const name = nameOf(command);
  const rank = command.role ?? 'machine';
  if (!isRank(rank)) throw noRole(rank, ['machine', ...ROLES]);
  if ((await ports.book.tokens()).some(each => each.name === name)) throw taken(name);
  return noted(ports, 'token.add', { name, rank }, async () => {
    const { token, record } = makeToken(name, rank, ports.now(), ports.random);
    await ports.book.putToken(record);
    return token;
  });
}

function nameOf({ name, book, deed }: AccessBookCommand): string {
  if (name !== null && NAME.test(name.trim())) return name.trim();
  const what = name === null ? `${book} ${deed} needs a name` : `"${name}" is no name`;
  throw new AccessFault('OEE_ACCESS_NAME', what, 'Use up to 64 letters, digits, and . _ @ -');
}

async function theUser(command: AccessBookCommand, { book }: BookPorts): Promise<UserRecord> {
  const login = loginOf(nameOf(command));
  const user = await book.user(login);
  if (user === null) throw new AccessFault('OEE_ACCESS_NO_USER', `there is no user "${login}"`, 'See users list.');
  return user;
}

function roleOf(role: string | null) {
  if (role !== null && isRole(role)) return role;
  throw noRole(role, ROLES);
}

const noRole = (role: string | null, roles: readonly string[]): AccessFault =>
  new AccessFault(
    'OEE_ACCESS_NO_ROLE',
    role === null ? 'the role is missing' : `there is no role "${role}"`,
    `Say --role with one of ${roles.join(', ')}.`,
  );
const taken = (name: string): AccessFault =>
  new AccessFault('OEE_ACCESS_NAME', `the name ${name} is taken`, 'Use another one, or take the first away.');
const editionOf = ({ random }: BookPorts): string => random(9).toString('base64url');

async function newPassword({ password, random }: BookPorts) {
  const typed = await password(true);
  const trouble = passwordTrouble(typed);
  if (trouble !== null) throw new AccessFault(trouble.code, trouble.message, trouble.remedy);
  return hashPassword(typed, random);
}

/** Whoever reaches Redis has every right; who that is, only the computer knows. */
async function noted(
  { book, now, random, who }: BookPorts,
  what: string,
  about: object,
  work: () => Promise<string>,
): Promise<string> {
  const caller: Caller = { id: `shell:${who}`, name: who, rank: 'admin', how: 'open' };
  const id = random(9).toString('base64url');
  await book.noteDeed({ id, at: now(), who: caller, from: 'command line', what, about });
  const told = await work();
  await book.noteEnd(id, 200);
  return told;
}

function lineOf({ at, who, from, what, about, status }: KeptDeed): string {
  const said = about === null ? '' : `  ${JSON.stringify(about).slice(0, 160)}`;
  return `${isoOf(at).slice(0, 19)}Z  ${(who.name ?? 'nobody asked').padEnd(16)} ${what.padEnd(20)} ${String(status ?? '?').padEnd(4)} ${from}${said}`;
}

function inColumns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
