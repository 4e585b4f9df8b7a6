// Upgrade answer: what a door says to somebody who wants a WebSocket.
// In: an address, headers. Out: the HTTP status, and the words beside a refusal.
// Touches loopback.

import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';

export interface UpgradeAnswer {
  /** 101: it is open, and hung up again */
  readonly status: number;
  readonly body: string;
}

/** @throws when nobody answers */
export async function upgradeAnswer(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<UpgradeAnswer> {
  const socket = new WebSocket(url, { headers });
  try {
    return await Promise.race([
      once(socket, 'open').then(() => ({ status: 101, body: '' })),
      once(socket, 'unexpected-response').then(async ([, response]) => {
        const { statusCode = 0 } = response as IncomingMessage;
        return { status: statusCode, body: await text(response as IncomingMessage) };
      }),
    ]);
  } finally {
    socket.on('error', () => undefined);
    socket.terminate();
  }
}

export const upgradeStatus = async (url: string, headers: Readonly<Record<string, string>> = {}): Promise<number> =>
  (await upgradeAnswer(url, headers)).status;
