// Claimed port: a port that no other test gets as long as this one lives, even while its server is down.
// In: nothing. Out: a port of the loopback.
// Touches: loopback sockets. A claim is a UDP socket of the same number: the system lets it go when its process ends, however it ends.

import { createSocket } from 'node:dgram';
import { freePort } from '../../src/demo/loopback-port.ts';

export async function claimPort(): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (await claim(port)) return port;
  }
}

/** @returns false when somebody has it already */
export function claim(port: number): Promise<boolean> {
  const socket = createSocket('udp4').unref();
  return new Promise(settle => {
    socket.on('error', () => settle(false));
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => settle(true));
  });
}
