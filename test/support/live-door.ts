// Live door: a real HTTP server with a hub on a free port, and timers that a test fires by hand.
// In: options that differ from the usual. Out: hub, address, timers, close.
// Touches: a loopback port.

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLiveHub, type LiveHub, type LiveHubOptions } from '../../src/sinks/live/live-hub.ts';

export interface LiveDoor {
  readonly hub: LiveHub;
  readonly server: Server;
  readonly url: string;
  /** runs every timer that waits for exactly this long; says how many there were */
  fire(afterMs: number): number;
  close(): Promise<void>;
}

export const HEARTBEAT_MS = 15_000;
export const SLOW_MS = 30_000;

export async function openLiveDoor(options: Partial<LiveHubOptions> = {}): Promise<LiveDoor> {
  const timers = new Set<{ readonly run: () => void; readonly afterMs: number }>();
  const hub = createLiveHub({
    epoch: 'e1',
    ringMax: 1_000,
    clientsMax: 10,
    bufferedMaxBytes: 256 * 1024,
    slowMs: SLOW_MS,
    heartbeatMs: HEARTBEAT_MS,
    placeOf: unit => (unit.startsWith('no-') ? null : {}),
    now: () => Date.UTC(2026, 10, 22, 6),
    setTimer: (run, afterMs) => {
      const timer = { run, afterMs };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    ...options,
  });
  const server = createServer();
  hub.attach(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/v1/live`;

  function fire(afterMs: number): number {
    const due = [...timers].filter(timer => timer.afterMs === afterMs);
    for (const timer of due) {
      timers.delete(timer);
      timer.run();
    }
    return due.length;
  }
  async function close(): Promise<void> {
    await hub.close();
    server.close();
  }
  return { hub, server, url, fire, close };
}
