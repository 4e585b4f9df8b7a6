// Access book: users, tokens, sessions and the trail on a real Redis, with the rights of the README and a clock of the test.
// In: commands, a desk. Out: who is known; what is kept, and what is kept nowhere.
// Touches a child redis-server, child processes.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { AccessDesk } from '../../src/access/access-desk.ts';
import { type AccessBookCommand, type AccessFault, commandBook } from '../../src/access/book-command.ts';
import { parseClaimRoles, roleOfClaim } from '../../src/access/claim-roles.ts';
import { hashPassword, isPassword } from '../../src/access/password.ts';
import type { AccessBook, KeptDeed } from '../../src/core/access.ts';
import { openAccessBookAlone } from '../../src/journal/access-book.ts';
import { ROOT } from '../support/program-child.ts';
import { type RedisChild, startRedisChild } from '../support/redis-child.ts';
import { ruleOfReadme } from '../support/rule-of-readme.ts';

const PASSWORD = 'correct horse battery';
const SESSION_MS = 3_600_000;
let redis: RedisChild;
let book: AccessBook;
let closeBook = (): void => {};
let now = Date.UTC(2100, 0, 1);
let desk: AccessDesk;

before(async () => {
  redis = await startRedisChild();
  await redis.command(...ruleOfReadme('secret'));
  const opened = openAccessBookAlone({ url: redis.url.replace('//', '//oee:secret@'), prefix: 'oee' });
  book = opened.book;
  closeBook = opened.close;
  desk = new AccessDesk({
    ...{ secret: 'x'.repeat(32), publicUrl: null, hosts: [], proxies: [], oidc: null, sessionMs: SESSION_MS },
    ...{ requestsPerMinute: 100, signInsPerMinute: 100, ownToken: null },
    ...{ book, now: () => now, random: randomBytes },
  });
});
after(async () => {
  closeBook();
  await redis?.close();
});

function command(
  of: AccessBookCommand['book'],
  deed: string,
  more: Partial<AccessBookCommand> = {},
  password = PASSWORD,
): Promise<string> {
  const none = { name: null, role: null, fullName: null, count: 50, json: false };
  const ports = { book, now: () => now, random: randomBytes, who: 'tester', password: async () => password };
  return commandBook({ book: of, deed, ...none, ...more }, ports);
}
const known = async (session: string): Promise<string | null> =>
  (await desk.callerOf({ token: null, session }))?.name ?? null;

test('a user signs in, however the name is typed; the session ends by its time, by signing out, by any change of the user', async () => {
  await command('users', 'add', { name: 'Anna', role: 'operator', fullName: 'Anna Berg' });
  assert.equal(await desk.signIn('anna', `${PASSWORD}!`), null);
  assert.equal(await desk.signIn('nobody', PASSWORD), null);
  const open = async (password = PASSWORD): Promise<string> => {
    const opened = await desk.signIn(' ANNA', password);
    assert.ok(opened !== null && opened !== 'busy');
    return opened.value;
  };
  const [first, second] = [await open(), await open()];
  assert.deepEqual([await known(first), await known(second)], ['Anna Berg', 'Anna Berg']);
  await desk.signOut(first);
  assert.deepEqual([await known(first), await known(second)], [null, 'Anna Berg']);
  now += SESSION_MS;
  assert.equal(await known(second), null, 'its hour is over');
  const third = await open();
  await command('users', 'role', { name: 'anna', role: 'viewer' });
  assert.equal(await known(third), null, 'she was an operator then');
  const fourth = await open();
  await command('users', 'password', { name: 'anna' }, 'another long sentence');
  assert.deepEqual([await known(fourth), await desk.signIn('anna', PASSWORD)], [null, null]);
  const fifth = await open('another long sentence');
  assert.ok(desk.isMark(fifth, desk.markOf(fifth)));
  assert.ok(!desk.isMark(fifth, desk.markOf(fourth)), 'a mark is of one session');
  await command('users', 'remove', { name: 'anna' });
  assert.equal(await known(fifth), null);
  const keys = (await redis.command('KEYS', 'oee:{access}:s:*')) as string[];
  for (const key of keys) assert.ok(Number(await redis.command('PTTL', key)) > 0, 'it leaves Redis by itself');
  assert.ok(keys.length > 0 && !keys.some(key => key.includes(fifth)), 'what is in Redis opens nothing');
});

test('a token is known as a whole only, and no more once it is revoked', async () => {
  const token = await command('tokens', 'add', { name: 'gauge' });
  const other = await command('tokens', 'add', { name: 'wall', role: 'viewer' });
  const rankOf = async (text: string) => (await desk.callerOf({ token: text, session: null }))?.rank ?? null;
  assert.deepEqual([await rankOf(token), await rankOf(other)], ['machine', 'viewer']);
  const [, id, secret] = token.split('_');
  const forged = [`oee_${other.split('_')[1]}_${secret}`, `oee_${id}_${'0'.repeat(64)}`, `oee_${id}_`, token.slice(4)];
  for (const each of forged) assert.equal(await rankOf(each), null, each);
  await command('tokens', 'revoke', { name: 'gauge' });
  assert.deepEqual([await rankOf(token), await rankOf(other)], [null, 'viewer']);
  assert.match(await command('tokens', 'list'), /^wall {2}viewer {2}\d{4}-\d\d-\d\d$/);
  const kept = JSON.stringify([
    await redis.command('HGETALL', 'oee:{access}:users'),
    await redis.command('HGETALL', 'oee:{access}:tokens'),
    await redis.command('XRANGE', 'oee:{access}:deeds', '-', '+'),
  ]);
  assert.ok(kept.includes('wall'));
  for (const hidden of [secret ?? '?', PASSWORD]) assert.ok(!kept.includes(hidden), 'no secret lies there');
});

test('faults have a code and a remedy, and change nothing; the program says the same', async () => {
  await command('users', 'add', { name: 'olav', role: 'viewer', fullName: 'Olav Hansen' });
  const faults: [Parameters<typeof command>, string][] = [
    [['users', 'add', { name: 'OLAV', role: 'viewer' }], 'OEE_ACCESS_NAME'],
    [['users', 'add', { name: 'b', role: 'viewer', fullName: 'olav hansen' }], 'OEE_ACCESS_NAME'],
    [['users', 'add', { name: 'two words', role: 'viewer' }], 'OEE_ACCESS_NAME'],
    [['users', 'add', { name: 'b', role: 'king' }], 'OEE_ACCESS_NO_ROLE'],
    [['users', 'add', { name: 'b', role: 'machine' }], 'OEE_ACCESS_NO_ROLE'],
    [['users', 'add', { name: 'b', role: 'viewer' }, 'short'], 'OEE_ACCESS_PASSWORD'],
    [['users', 'remove', { name: 'nobody' }], 'OEE_ACCESS_NO_USER'],
    [['tokens', 'revoke', { name: 'nothing' }], 'OEE_ACCESS_NO_TOKEN'],
    [['tokens', 'burn'], 'OEE_ACCESS_DEED'],
  ];
  const before = await command('users', 'list', { json: true });
  for (const [words, code] of faults) {
    await assert.rejects(command(...words), (fault: AccessFault) => fault.code === code && fault.remedy !== '', code);
  }
  assert.equal(await command('users', 'list', { json: true }), before);
  const program = async (words: readonly string[], input: string) => {
    const env = { ...process.env, REDIS_URL: redis.url, HOST: '' };
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', ...words], { cwd: ROOT, env });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text: Buffer) => {
        said += text.toString();
      });
    }
    child.stdin.end(input);
    const [code] = (await once(child, 'close')) as [number];
    return [code, said];
  };
  const add = (name: string) => program(['users', 'add', name, '--role', 'viewer'], 'piped in, and long\n');
  assert.deepEqual(await Promise.all([add('per'), add('olav')]), [
    [0, 'per may sign in as viewer\n'],
    [1, 'OEE_ACCESS_NAME: the name olav is taken\n  Use another one, or take the first away.\n'],
  ]);
  assert.notEqual(await desk.signIn('per', 'piped in, and long'), null);
});

test('the trail: youngest first, page by page without a gap; a note written twice is one; an end that never came is not known', async () => {
  const note = { at: now, who: { id: 'user:a', name: 'a', rank: 'viewer', how: 'session' }, from: '::1' } as const;
  await book.noteDeed({ ...note, id: 'twice', what: 'first', about: null });
  await book.noteDeed({ ...note, id: 'twice', what: 'first', about: null });
  await book.noteDeed({ ...note, id: 'unended', what: 'second', about: { n: 1 } });
  await book.noteDeed({ ...note, id: 'late', what: 'third', about: null });
  for (let n = 0; n < 3; n++) await (await desk.note({ ...note.who }, '::1', 'more', n))(200);
  await book.noteEnd('late', 409);
  await book.noteEnd('twice', 202);
  const all = await book.deeds(1_000, null);
  const brief = ({ what, status }: KeptDeed): string => `${what} ${status}`;
  assert.deepEqual(all.slice(0, 6).map(brief), [
    ...['more 200', 'more 200', 'more 200', 'third 409', 'second null', 'first 202'],
  ]);
  assert.ok(all.some(({ what, who }) => what === 'user.remove' && who.id === 'shell:tester'));
  for (const size of [1, 2, 7]) {
    const paged: KeptDeed[] = [];
    for (let page = await book.deeds(size, null); page.length > 0; ) {
      paged.push(...page);
      page = await book.deeds(size, page.at(-1)?.entry ?? '');
    }
    assert.deepEqual(new Set(paged.map(({ id }) => id)).size, all.length);
    assert.deepEqual(
      paged.filter(({ id }) => id !== 'twice').map(brief),
      all.filter(({ id }) => id !== 'twice').map(brief),
    );
  }
});

test('a password is kept with a salt and a cost of its own; letters count, not how a keyboard spells them', async () => {
  const cheap = { n: 1024, r: 8, p: 1 };
  const [one, two] = [
    await hashPassword('blåbærsyltetøy', randomBytes, cheap),
    await hashPassword('blåbærsyltetøy', randomBytes, cheap),
  ];
  assert.notEqual(one.hash, two.hash);
  assert.ok(await isPassword('blåbærsyltetøy'.normalize('NFD'), one));
  assert.ok(!(await isPassword('blåbærsyltetøj', one)));
  assert.ok(!(await isPassword('blåbærsyltetøy', { ...one, salt: two.salt })));
  assert.ok(!(await isPassword('', null)));
});

test('a claim gives the highest of its roles, and none where nothing is said of it', () => {
  const roles = parseClaimRoles('packing=operator, shift=leads=supervisor,*=viewer');
  assert.ok(typeof roles !== 'string');
  assert.equal(roleOfClaim(['packing', 'shift=leads'], roles), 'supervisor');
  assert.equal(roleOfClaim('packing', roles), 'operator');
  assert.equal(roleOfClaim(undefined, roles), 'viewer');
  roles instanceof Map && roles.delete('*');
  assert.equal(roleOfClaim(['canteen'], roles), null);
  assert.match(String(parseClaimRoles('packing=king')), /packing=king/);
});
