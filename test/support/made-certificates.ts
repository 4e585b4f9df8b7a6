// Made certificates: a CA and a server's certificate for 127.0.0.1, made by openssl for one test file.
// In: nothing. Out: PEM files in a temporary folder, and how to remove them.
// Touches: openssl, a temporary folder.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Certificates {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  remove(): Promise<void>;
}

export async function makeCertificates(): Promise<Certificates> {
  const folder = await mkdtemp(join(tmpdir(), 'oee-certificates-'));
  const file = (name: string): string => join(folder, name);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const openssl = (...words: string[]): Promise<unknown> => run('openssl', words);
  await openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    file('ca.key'),
    '-out',
    file('ca.pem'),
    '-days',
    '2',
    '-subj',
    '/CN=test CA',
  );
  await openssl('req', ...key, '-keyout', file('redis.key'), '-out', file('redis.csr'), '-subj', '/CN=redis');
  await writeFile(file('names'), 'subjectAltName=IP:127.0.0.1\n');
  const signed = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-extfile', file('names')];
  await openssl('x509', '-req', '-in', file('redis.csr'), ...signed, '-out', file('redis.pem'), '-days', '2');
  return {
    caFile: file('ca.pem'),
    certFile: file('redis.pem'),
    keyFile: file('redis.key'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
