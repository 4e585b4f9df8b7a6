// Live listener: a client of /v1/live for tests: keeps every frame, and waits for the one that matters.
// In: an address. Out: frames in order, promises for frames and for the close.
// Touches: one WebSocket.

import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { WireAlert } from '../../src/core/alert-to-wire.ts';

export interface Heard {
  readonly op: string;
  readonly epoch?: string;
  readonly offset?: number;
  readonly code?: string;
  readonly because?: string;
  readonly result?: { readonly unit: string; readonly window: { kind: string; start: string }; readonly why: string };
  readonly state?: { readonly unit: string; readonly category: string };
  readonly results?: readonly { unit: string; window: { kind: string; start: string }; revision: number }[];
  readonly alert?: WireAlert;
  readonly alerts?: readonly WireAlert[];
  readonly states?: readonly { unit: string; category: string }[];
}

export interface LiveListener {
  readonly socket: WebSocket;
  readonly frames: Heard[];
  say(message: unknown): void;
  /** the first frame, already heard or to come, that fits */
  hears(fits: (frame: Heard) => boolean): Promise<Heard>;
  readonly closed: Promise<{ code: number; reason: string }>;
}

export async function listenLive(url: string, headers: Record<string, string> = {}): Promise<LiveListener> {
  const socket = new WebSocket(url, { headers, perMessageDeflate: false });
  const frames: Heard[] = [];
  let wake: () => void = () => undefined;
  let over = false;
  const closed = new Promise<{ code: number; reason: string }>(resolve => {
    socket.on('close', (code, reason) => {
      over = true;
      resolve({ code, reason: reason.toString() });
      wake();
    });
  });
  socket.on('message', data => {
    frames.push(JSON.parse(data.toString()) as Heard);
    wake();
  });
  await once(socket, 'open');
  socket.on('error', () => undefined);

  async function hears(fits: (frame: Heard) => boolean): Promise<Heard> {
    for (let looked = 0; ; ) {
      for (; looked < frames.length; looked += 1) {
        const frame = frames[looked];
        if (frame !== undefined && fits(frame)) return frame;
      }
      if (over) throw new Error(`the line was closed; heard ${frames.map(f => f.op).join(' ')}`);
      await new Promise<void>(resolve => {
        wake = resolve;
      });
    }
  }
  const say = (message: unknown): void =>
    socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message));
  return { socket, frames, say, hears, closed };
}
