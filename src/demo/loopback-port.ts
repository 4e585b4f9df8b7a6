// Loopback port: a port of this machine for a server of our own.
// In: the port of the last run, if there was one. Out: a port that was free a moment ago.
// Touches: loopback sockets, for a moment.

import { createServer } from 'node:net';

/** Below those that systems give to whoever calls somebody: one that is free stays so until a server of ours listens on it. */
const [PORT_MIN, PORT_MAX] = [12_000, 32_000];
/** Neighbours were born one after the other: each looks from a place of its own, so that two hardly ever want the same. */
const APART = 97;
let next = process.pid * APART;

/** A port that is free now, and that this process has not asked for of late. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = PORT_MIN + (next++ % (PORT_MAX - PORT_MIN));
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise(settle => {
    probe.on('error', () => settle(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => settle(true)));
  });
}

/** The port of the last run if it is still free, so that bookmarks and dashboards stay right; else any free one. */
export async function choosePort(last: number | null): Promise<number> {
  return last !== null && (await isFree(last)) ? last : freePort();
}
