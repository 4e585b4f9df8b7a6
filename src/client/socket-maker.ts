// Socket maker: a WebSocket wherever the program runs: that of the platform, or that of package ws on Node 20.
// In: nothing, or the caller's own class. Out: what opens a socket.
// Touches the global scope; loads ws only where nothing else is there.

import { OeeError } from './http-door.ts';
import type { Socket } from './live-link.ts';

export type SocketClass = new (url: string) => Socket;

/** @throws OeeError where there is none */
export async function socketMaker(given: SocketClass | null): Promise<(url: string) => Socket> {
  const own = given ?? (globalThis as { WebSocket?: SocketClass }).WebSocket ?? (await fromPackage());
  return url => new own(url);
}

async function fromPackage(): Promise<SocketClass> {
  // in a variable, so that no bundler looks for it: browsers have their own
  const name = 'ws';
  try {
    return ((await import(/* @vite-ignore */ name)) as { WebSocket: SocketClass }).WebSocket;
  } catch (error) {
    const remedy = 'npm install ws, or use Node 22 or newer, or give the option WebSocket.';
    const message = 'this Node has no WebSocket, and package ws is not installed';
    throw new OeeError('OEE_CLIENT_NO_SOCKET', message, remedy, 0, null, { cause: error });
  }
}
