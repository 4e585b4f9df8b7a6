// Webhook address: which addresses may be called, and that the one that was checked is the one that is called.
// In: addresses in every disguise; names that move between two questions. Out: laws that hold.
// Touches loopback sockets.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTrialReceiver } from '../../src/demo/trial-receiver.ts';
import { type Post, type PostAnswer, postPinned } from '../../src/sinks/webhook/post-pinned.ts';
import { refusedAddress } from '../../src/sinks/webhook/safe-address.ts';

const OUTSIDE = ['8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8', '64:ff9b::808:808'];
const INSIDE = [
  ...['127.0.0.1', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.100.100.200', '168.63.129.16'],
  ...['0.0.0.0', '255.255.255.255', '224.0.0.1', '192.0.2.1', '198.18.0.1', '240.0.0.1', '127.1', '0x7f.1'],
  ...['::', '::1', 'fe80::1', 'fe80::1%eth0', 'fc00::1', 'fd00:ec2::254', 'fec0::1', 'ff02::1', '2001:db8::1'],
  ...[
    '::ffff:10.0.0.1',
    '::ffff:127.0.0.1',
    '::10.0.0.1',
    '64:ff9b::a00:1',
    '64:ff9b:1::1',
    '2002:a00:1::',
    '2001:0:1::',
  ],
  ...['', 'localhost', '1.2.3.4.5'],
];

test('only the public internet may be called, in whatever clothes an address comes', () => {
  for (const address of OUTSIDE) assert.equal(refusedAddress(address, []), null, address);
  for (const address of INSIDE) assert.notEqual(refusedAddress(address, []), null, address);
});

test('a network that is allowed opens itself and nothing else, and never what is no single receiver', () => {
  const networks = ['10.1.0.0/16', 'fd00::/8'];
  assert.equal(refusedAddress('10.1.2.3', networks), null);
  assert.equal(refusedAddress('::ffff:10.1.2.3', networks), null);
  assert.equal(refusedAddress('fd00::1', networks), null);
  assert.notEqual(refusedAddress('10.2.0.1', networks), null);
  for (const address of ['0.0.0.0', '255.255.255.255', '224.0.0.1', '::', 'ff02::1']) {
    assert.notEqual(refusedAddress(address, ['0.0.0.0/0', '::/0']), null, address);
  }
});

const post = (url: string, more: Partial<Post> = {}): Promise<PostAnswer> =>
  postPinned({
    target: { url, networks: ['127.0.0.0/8'] },
    headers: {},
    body: '{}',
    attempt: 1,
    resolve: async () => ['127.0.0.1'],
    waits: { connectMs: 20_000, wholeMs: 20_000 },
    signal: new AbortController().signal,
    ...more,
  });

test('a name is asked for once, and the connection goes to the address that was checked', async () => {
  const seen: string[] = [];
  const receiver = await startTrialReceiver({
    ...{ port: 0, secrets: [], answers: [], ledgerFile: null },
    onArrived: ({ answer }) => void seen.push(answer),
  });
  const asked: string[] = [];
  // no server of this name exists: whoever asked a second time would not arrive
  const url = receiver.url.replace('127.0.0.1', 'erp.invalid');
  const resolve = async (host: string): Promise<string[]> => {
    asked.push(host);
    return ['127.0.0.1'];
  };
  assert.equal((await post(url, { resolve })).status, 200);
  assert.deepEqual([asked, seen], [['erp.invalid'], ['200']]);
  await receiver.close();
});

test('one refused address among several refuses them all; none, or no name at all, is told', async () => {
  const codeOf = async (resolve: Post['resolve']) => (await post('http://erp.invalid/', { resolve })).code;
  assert.equal(await codeOf(async () => ['127.0.0.1', '10.0.0.1']), 'OEE_WEBHOOK_ADDRESS');
  assert.equal(await codeOf(async () => []), 'OEE_WEBHOOK_ADDRESS');
  assert.equal(await codeOf(() => Promise.reject(new Error('ENOTFOUND'))), 'OEE_WEBHOOK_NAME');
  assert.equal((await post('http://169.254.169.254/')).code, 'OEE_WEBHOOK_ADDRESS');
  assert.equal((await post('https://[::1]/')).code, 'OEE_WEBHOOK_ADDRESS');
});

test('a certificate that nobody vouches for is no receiver', async () => {
  const receiver = await startTrialReceiver({
    ...{ port: 0, secrets: [], answers: [], ledgerFile: null, onArrived: () => assert.fail('nothing may arrive') },
  });
  const answer = await post(receiver.url.replace('http:', 'https:'));
  assert.equal(answer.code, 'OEE_WEBHOOK_CONNECTION');
  await receiver.close();
});
