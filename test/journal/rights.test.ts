// Rights: the journal over TLS, and as a user who may do what the README grants and nothing else.
// In: a real Redis with a certificate of its own CA; the README's rule. Out: laws that hold.
// Touches: child redis-servers, openssl.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Redis } from 'ioredis';
import { JournalFault } from '../../src/journal/journal-error.ts';
import { readLuaLibrary } from '../../src/journal/lua-library.ts';
import { claimPort } from '../support/claimed-port.ts';
import { startEngineChild } from '../support/engine-child.ts';
import { factsOf } from '../support/journal-facts.ts';
import { journalModel } from '../support/journal-model.ts';
import { playSequence } from '../support/journal-sequence.ts';
import { type Certificates, makeCertificates } from '../support/made-certificates.ts';
import { batchOf, DAY_MS, openedJournal } from '../support/opened-journal.ts';
import { type RedisChild, startRedisChild } from '../support/redis-child.ts';
import { ruleOfReadme } from '../support/rule-of-readme.ts';

let certificates: Certificates;
let redis: RedisChild;
let tlsUrl: string;
let ca: string;

before(async () => {
  certificates = await makeCertificates();
  const { caFile, certFile, keyFile } = certificates;
  const port = await claimPort();
  const files = ['--tls-cert-file', certFile, '--tls-key-file', keyFile, '--tls-ca-cert-file', caFile];
  redis = await startRedisChild('--tls-port', `${port}`, ...files, '--tls-auth-clients', 'no', '--maxmemory', '256mb');
  tlsUrl = `rediss://127.0.0.1:${port}`;
  ca = readFileSync(caFile, 'utf8');
});
after(async () => {
  await redis?.close();
  await certificates?.remove();
});

test('over TLS everything is as without it; whoever is not to be trusted is refused at once, and told why', async () => {
  const journal = await openedJournal(tlsUrl, { ca, prefix: 'tls' });
  assert.equal((await journal.append(0, batchOf(['a']))).accepted, 1);
  assert.equal((await journal.own(0))?.fence, 1);
  await journal.close();
  const untrusted = async (url: string, trusted: string | null): Promise<void> => {
    await assert.rejects(openedJournal(url, { ca: trusted }), (error: unknown) => {
      assert.ok(error instanceof JournalFault, String(error));
      assert.equal(error.code, 'OEE_JOURNAL_TLS');
      assert.match(error.remedy, /REDIS_CA/);
      return true;
    });
  };
  await untrusted(tlsUrl, null);
  await untrusted(tlsUrl.replace('127.0.0.1', 'localhost'), ca);
});

test('the user of the README can do everything that the journal does', async () => {
  await redis.command('FUNCTION', 'FLUSH');
  await redis.command(...ruleOfReadme('secret'));
  const asUser = redis.url.replace('//', '//oee:secret@');
  const shape = { partitions: 2, leaseMs: 600_000 };
  const programs = [
    await openedJournal(asUser, { ...shape, owner: 'a' }),
    await openedJournal(asUser, { ...shape, owner: 'b' }),
  ] as const;
  const model = journalModel({ partitions: 2, horizonMs: 2 * DAY_MS, now: () => 1_000 });
  const modelled = [model.open('a', 600_000), model.open('b', 600_000)] as const;
  const common = { seed: 5, commands: 300, partitions: [0, 1], before: () => undefined };
  const expireReal = async (partition: number): Promise<void> => {
    await redis.command('HSET', `oee:{p00${partition}}:meta`, 'lease', 0);
  };
  const expireModel = async (partition: number): Promise<void> => {
    model.expireLease(partition);
  };
  const real = await playSequence({ ...common, journals: [...programs], expireLease: expireReal });
  const told = await playSequence({ ...common, journals: [...modelled], expireLease: expireModel });
  assert.deepEqual(real, told);
  await Promise.all([expireReal(1), expireModel(1)]);
  assert.deepEqual(await factsOf(programs[0], 1), await factsOf(modelled[0], 1));
  const info = await programs[0].info();
  assert.deepEqual([info.appendFsync, info.maxmemoryPolicy], [null, 'noeviction']);
  for (const program of programs) await program.close();
});

const FORBIDDEN: readonly (readonly [what: string, ...words: string[]])[] = [
  ['run a script', 'EVAL', 'return 1', '0'],
  ['empty Redis', 'FLUSHALL'],
  ['empty a database', 'FLUSHDB'],
  ['read settings', 'CONFIG', 'GET', 'requirepass'],
  ['change settings', 'CONFIG', 'SET', 'appendonly', 'no'],
  ['list keys', 'KEYS', '*'],
  ['scan keys', 'SCAN', '0'],
  ['listen to others', 'MONITOR'],
  ['give itself rights', 'ACL', 'SETUSER', 'oee', '+@all'],
  ['throw functions away', 'FUNCTION', 'FLUSH'],
  ['stop Redis', 'SHUTDOWN', 'NOSAVE'],
  ['turn a master into a replica', 'REPLICAOF', '127.0.0.1', '1'],
  ['read what is not its own', 'HGET', 'other', 'x'],
  ['write what is not its own', 'HSET', 'other', 'x', '1'],
  ['delete a journal by the key', 'DEL', 'oee:{p000}:meta'],
];
for (const [what, ...words] of FORBIDDEN) {
  test(`the user of the README cannot ${what}`, async () => {
    const user = new Redis(redis.port, '127.0.0.1', { username: 'oee', password: 'secret', retryStrategy: () => null });
    const [name = '', ...rest] = words;
    await assert.rejects(user.call(name, rest), /NOPERM/);
    user.disconnect();
  });
}

test('the user of the README cannot reach other keys through a function either', async () => {
  const user = new Redis(redis.port, '127.0.0.1', { username: 'oee', password: 'secret', retryStrategy: () => null });
  const claim = readLuaLibrary().fullName('claim-lease');
  await assert.rejects(user.call('FCALL', claim, 2, 'other:in', 'other:meta', 'me', 1), /NOPERM/);
  user.disconnect();
});

test('the program itself speaks TLS as that user', async () => {
  const url = tlsUrl.replace('//', '//oee:secret@');
  await redis.command('FLUSHALL');
  const engine = await startEngineChild('src/demo/plant.yaml', { REDIS_URL: url, REDIS_CA: certificates.caFile });
  try {
    const answer = await engine.send([{ id: 'a', machine: 'filler', at: Date.now(), type: 'heartbeat' }]);
    assert.equal(answer.accepted, 1);
  } finally {
    await engine.close();
  }
});
