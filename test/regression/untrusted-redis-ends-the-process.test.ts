// Untrusted Redis ends the process: a connection that was closed in the midst of its TLS handshake failed twice, and nobody heard the second.
// In: a Redis with a certificate of an unknown CA; connections that are closed earlier and later in the handshake. Out: a process that ends in peace.
// Touches: a child redis-server, openssl, a child process.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { claimPort } from '../support/claimed-port.ts';
import { makeCertificates } from '../support/made-certificates.ts';
import { startRedisChild } from '../support/redis-child.ts';

const ROOT = resolve(fileURLToPath(new URL('../..', import.meta.url)));
/** Ends by itself when the last socket is closed. */
const CLOSES_IN_THE_HANDSHAKE = `
  import { connect } from './src/journal/connection.ts';
  import { readLuaLibrary } from './src/journal/lua-library.ts';
  const library = readLuaLibrary();
  for (let turns = 0; turns < 40; turns += 1) {
    const connection = connect({ url: process.env.REDIS_URL, ca: null, log: () => undefined }, library);
    for (let n = 0; n < turns; n += 1) await new Promise(setImmediate);
    connection.close();
  }`;

test('whenever a handshake with a Redis that is not trusted is given up, the process goes on', async t => {
  const certificates = await makeCertificates();
  t.after(() => certificates.remove());
  const { caFile, certFile, keyFile } = certificates;
  const port = await claimPort();
  const files = ['--tls-cert-file', certFile, '--tls-key-file', keyFile, '--tls-ca-cert-file', caFile];
  const redis = await startRedisChild('--tls-port', `${port}`, ...files, '--tls-auth-clients', 'no');
  t.after(() => redis.close());
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
  const words = ['--import', 'tsx', '--input-type=module', '-e', CLOSES_IN_THE_HANDSHAKE];
  const ended = promisify(execFile)(process.execPath, words, {
    cwd: ROOT,
    env: { ...env, REDIS_URL: `rediss://127.0.0.1:${port}` },
  });
  await assert.doesNotReject(ended);
});
