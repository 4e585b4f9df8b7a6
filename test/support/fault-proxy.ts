// Fault proxy: a TCP proxy before a Redis that loses requests and replies on purpose.
// In: the Redis' port; texts by which a request is known. Out: an address for the client; faults on demand.
// Touches loopback sockets.

import { once } from 'node:events';
import { createServer } from 'node:net';
import { type Faults, link, noFaults, type OneFault } from './faulty-link.ts';

export type { OneFault } from './faulty-link.ts';

export interface FaultProxy {
  readonly url: string;
  /**
   * From the next request on that contains this text: the server gets it and answers, the answer is dropped, and the
   * connection is cut. Resolves when that has happened.
   */
  dropReplyOf(text: string): Promise<void>;
  /** The next request that contains this text never reaches the server; the connection is cut. */
  loseRequestOf(text: string): Promise<void>;
  /** The next request that contains this text never reaches the server; this is the answer, as a server writes it. */
  answerTo(text: string, reply: string): Promise<void>;
  /** This happens to the connection on which the next request comes, whatever it is. */
  next(fault: OneFault): void;
  /** Every piece of bytes takes so long, each way, in order. */
  delay(ms: number): void;
  /** Bytes go on in pieces of 1 to this many, by chance; 0: as they come. */
  slice(bytesMax: number, chance: () => number): void;
  /** As often as this: requests that contain the text that have passed so far. */
  passed(text: string): number;
  /** Cuts all connections and lets none in, until `open`. */
  shut(): void;
  open(): void;
  /** Resolves once so many connections were turned away since `shut`. */
  turnedAway(count: number): Promise<void>;
  close(): Promise<void>;
}

/** A TCP proxy before a Redis that loses requests and replies on purpose. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const faults: Faults = noFaults();
  const server = createServer(client => link(client, targetPort, faults)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const want = (text: string, how: Omit<NonNullable<Faults['wanted']>, 'text' | 'done'>): Promise<void> =>
    new Promise(done => {
      faults.wanted = { text, done, ...how };
    });
  const cutAll = (): void => {
    for (const cut of faults.cuts) cut();
  };
  return {
    url: `redis://127.0.0.1:${address.port}`,
    dropReplyOf: text => want(text, { forward: true, reply: null }),
    loseRequestOf: text => want(text, { forward: false, reply: null }),
    answerTo: (text, reply) => want(text, { forward: false, reply }),
    next: fault => {
      faults.next = fault;
    },
    delay: ms => {
      faults.delayMs = ms;
    },
    slice: (bytesMax, chance) => {
      faults.slice = bytesMax === 0 ? null : { bytesMax, chance };
    },
    passed: text => faults.said.split(text).length - 1,
    shut: () => {
      Object.assign(faults, { isShut: true, away: 0 });
      cutAll();
    },
    open: () => {
      faults.isShut = false;
    },
    turnedAway: count =>
      new Promise(resolve => {
        faults.onAway = () => {
          if (faults.away >= count) resolve();
        };
        faults.onAway();
      }),
    close: async () => {
      cutAll();
      server.close();
      await once(server, 'close');
    },
  };
}
