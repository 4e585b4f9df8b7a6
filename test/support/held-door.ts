// Held door: a way to an HTTP server on which one request can be kept back, whole, and be let through when it is too late.
// In: the server's port. Out: an address; the moment at which the request is in; its passage, though its sender is gone.
// Touches loopback sockets.

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface HeldDoor {
  readonly url: string;
  /** The next request is kept back. Resolves when all of it is here. */
  hold(): Promise<void>;
  /** Lets it through. Resolves with the first line of the answer, which its sender hears if it is still there. */
  release(): Promise<string>;
  close(): Promise<void>;
}

export async function startHeldDoor(targetPort: number): Promise<HeldDoor> {
  const sockets = new Set<Socket>();
  let wanted: (() => void) | null = null;
  let held: { readonly request: Buffer; readonly sender: Socket } | null = null;
  const known = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  };
  const server = createServer(sender => {
    known(sender);
    let kept = Buffer.alloc(0);
    let server: Socket | null = null;
    sender.on('data', chunk => {
      if (wanted !== null && server === null) {
        kept = Buffer.concat([kept, chunk]);
        if (!isWhole(kept)) return;
        held = { request: kept, sender };
        // the sender may come again on the same connection: what it sent before is not sent again
        kept = Buffer.alloc(0);
        wanted();
        wanted = null;
        return;
      }
      server ??= passage(known(connect(targetPort, '127.0.0.1')), sender);
      server.write(chunk);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    hold: () =>
      new Promise(resolve => {
        wanted = resolve;
      }),
    release: async () => {
      if (held === null) throw new Error('nothing is held');
      const { request, sender } = held;
      held = null;
      const passing = passage(known(connect(targetPort, '127.0.0.1')), sender);
      passing.write(request);
      const [answer] = (await once(passing, 'data')) as [Buffer];
      return answer.toString('latin1').split('\r\n')[0] ?? '';
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function passage(server: Socket, sender: Socket): Socket {
  server.on('data', chunk => void (sender.destroyed || sender.write(chunk)));
  sender.on('close', () => server.end());
  return server;
}

function isWhole(request: Buffer): boolean {
  const head = request.indexOf('\r\n\r\n');
  const length = /content-length: (\d+)/i.exec(request.subarray(0, head).toString('latin1'))?.[1];
  return head > 0 && request.length >= head + 4 + Number(length ?? 0);
}
