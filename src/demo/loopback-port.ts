// Loopback port: a port of this machine for a server of our own.
// In: the port of the last run, if there was one. Out: a port that was free a moment ago.
// Touches: loopback sockets, for a moment.

import { createServer } from 'node:net';

async function freePort(wanted: number): Promise<number> {
  const probe = createServer();
  return new Promise((settle, fail) => {
    probe.on('error', fail);
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address();
      const port = address !== null && typeof address === 'object' ? address.port : 0;
      probe.close(() => settle(port));
    });
  });
}

/** The port of the last run if it is still free, so that bookmarks and dashboards stay right; else any free one. */
export async function choosePort(last: number | null): Promise<number> {
  if (last === null) return freePort(0);
  return freePort(last).catch(() => freePort(0));
}
