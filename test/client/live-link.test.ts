// Live link: a client's end of /v1/live, with a clock and sockets that the test holds in its hands.
// In: a fake socket, a fake clock. Out: when it calls itself lost, and from where it resumes.
// Touches nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Link, LiveLink, type LiveLinkOptions, type Socket } from '../../src/client/live-link.ts';

class FakeSocket {
  readonly said: { op: string; since?: { epoch: string; offset: number } }[] = [];
  isClosed = false;
  onopen: () => void = () => undefined;
  onmessage: (event: { data: string }) => void = () => undefined;
  onclose: (event: { reason: string }) => void = () => undefined;
  onerror: () => void = () => undefined;
  send(text: string): void {
    this.said.push(JSON.parse(text));
  }
  close(): void {
    this.isClosed = true;
  }
  hear(frame: object): void {
    this.onmessage({ data: JSON.stringify(frame) });
  }
}

function bench(more: Partial<LiveLinkOptions> = {}) {
  let now = 1_000_000;
  let timers: { at: number; run: () => void }[] = [];
  const sockets: FakeSocket[] = [];
  const links: Link[] = [];
  const client = new LiveLink({
    url: 'ws://plant/v1/live',
    windows: ['shift'],
    open: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as Socket;
    },
    now: () => now,
    random: () => 1,
    setTimer: (run, afterMs) => {
      const timer = { at: now + afterMs, run };
      timers.push(timer);
      return () => {
        timers = timers.filter(t => t !== timer);
      };
    },
    onWord: () => undefined,
    onLink: link => links.push(link),
    ...more,
  });
  function pass(ms: number): void {
    const end = now + ms;
    for (;;) {
      const next = timers.filter(t => t.at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      timers = timers.filter(t => t !== next);
      now = next.at;
      next.run();
    }
    now = end;
  }
  const last = (): FakeSocket => sockets.at(-1) as FakeSocket;
  return { client, sockets, links, pass, last, mode: () => links.at(-1)?.mode };
}

function goLive({ last }: ReturnType<typeof bench>, offset = 10): void {
  last().onopen();
  last().hear({ op: 'snapshot', epoch: 'e1', offset, results: [], states: [] });
}

test('it asks for life in a quiet plant, and calls itself lost within 3 s when none comes', () => {
  const b = bench();
  goLive(b);
  assert.equal(b.mode(), 'live');
  for (let second = 0; second < 10; second += 1) {
    b.pass(1_000);
    b.last().hear({ op: 'pong', epoch: 'e1', offset: 10, at: new Date().toISOString() });
  }
  assert.equal(b.mode(), 'live');
  assert.ok(b.last().said.filter(m => m.op === 'ping').length >= 9);
  b.pass(3_000);
  assert.equal(b.mode(), 'lost');
  assert.equal(b.sockets[0]?.isClosed, true);
});

test('it comes back from the last offset it heard, a quiet pong included, and never from a gap', () => {
  const b = bench();
  goLive(b);
  b.last().hear({ op: 'state', epoch: 'e1', offset: 12, state: {} });
  b.last().hear({ op: 'pong', epoch: 'e1', offset: 15, at: new Date().toISOString() });
  b.last().hear({ op: 'pong', epoch: 'e1', offset: null, at: new Date().toISOString() });
  b.last().onclose({ reason: '' });
  b.pass(600);
  b.last().onopen();
  assert.deepEqual(b.last().said[0], {
    op: 'subscribe',
    units: '*',
    windows: ['shift'],
    since: { epoch: 'e1', offset: 15 },
  });
  assert.equal(b.mode(), 'lost', 'an open socket is not yet a live one');
  b.last().hear({ op: 'gap', epoch: 'e2', offset: 99, because: 'otherEpoch' });
  b.last().onclose({ reason: '' });
  b.pass(1_200);
  b.last().onopen();
  assert.deepEqual(b.last().said[0]?.since, { epoch: 'e1', offset: 15 });
});

test('it waits longer from try to try, never more than 10 s, and short again after a success', () => {
  const b = bench();
  const waits: number[] = [];
  for (let n = 0; n < 7; n += 1) {
    b.last().onclose({ reason: '' });
    const tries = b.sockets.length;
    let waited = 0;
    while (b.sockets.length === tries) {
      b.pass(100);
      waited += 100;
    }
    waits.push(waited);
  }
  assert.deepEqual(waits, [500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  goLive(b);
  b.last().onclose({ reason: '' });
  const tries = b.sockets.length;
  b.pass(500);
  assert.equal(b.sockets.length, tries + 1);
});

test('since when it is lost does not move with the tries', () => {
  const b = bench();
  goLive(b);
  b.pass(20_000);
  const lost = b.links.filter(link => link.mode === 'lost');
  assert.ok(lost.length >= 2);
  assert.deepEqual(new Set(lost.map(link => link.since)), new Set([1_000_000]));
});

test('a token is shown before anything is asked, each time; who starts over asks for all again', () => {
  const b = bench({ token: 'secret', units: ['filler'] });
  goLive(b);
  const subscribe = { op: 'subscribe', units: ['filler'], windows: ['shift'] };
  assert.deepEqual(b.last().said, [{ op: 'auth', token: 'secret' }, subscribe]);
  b.client.restart();
  assert.equal(b.sockets[0]?.isClosed, true);
  b.pass(600);
  b.last().onopen();
  assert.deepEqual(b.last().said, [{ op: 'auth', token: 'secret' }, subscribe]);
});

test('closed, it stays closed', () => {
  const b = bench();
  goLive(b);
  b.client.close();
  b.last().onclose({ reason: '' });
  b.pass(60_000);
  assert.equal(b.sockets.length, 1);
});
