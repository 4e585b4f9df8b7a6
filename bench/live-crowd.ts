// Live crowd: many clients of one hub: how late each frame comes to each of them, and what each knows in the end.
// In: an address. Out: delays, the newest of every unit as text.
// Touches WebSockets.

import { once } from 'node:events';
import { WebSocket } from 'ws';

export interface HostOrder {
  readonly do: 'rounds' | 'flood' | 'look';
  readonly rounds: number;
  readonly everyMs: number;
}

/** What the host tells after each order. */
export interface HostReport {
  /** by frame number: when it was handed to the hub, milliseconds of the clock that all processes share */
  readonly publishedAt: readonly (readonly [offset: number, at: number])[];
  /** what the engine says now of each unit: the same text that a frame carries */
  readonly truth: Readonly<Record<string, string>>;
  readonly offset: number;
  readonly coalesced: number;
  /** the greatest resident memory while it was done, bytes */
  readonly memory: number;
  readonly cpuMs: number;
}

export const UNITS = 20;
/** A unit that only those who are to be stalled listen to: it fills what the systems hold for them. */
export const HEAVY = 'heavy';
export const sharedClock = (): number => Number(process.hrtime.bigint()) / 1e6;

export interface CrowdMember {
  /** stops reading: what is sent to it fills the systems between, then the hub's bounds */
  stall(): void;
  resume(): void;
  /** the newest of each unit, by kind and unit: JSON as it came */
  readonly knows: Map<string, Buffer>;
  /** number and instant of each frame since the last `forget` */
  readonly offsets: number[];
  readonly instants: number[];
  readonly closed: () => boolean;
  end(): void;
}

/** Opened so many at a time: the queue of a listening socket is not what is measured. */
const OPENING_MAX = 50;

export async function gatherCrowd(url: string, size: number, stalling: number): Promise<CrowdMember[]> {
  const members: CrowdMember[] = [];
  while (members.length < size) {
    const some = Array.from({ length: Math.min(OPENING_MAX, size - members.length) }, (_, n) =>
      openMember(url, members.length + n < stalling),
    );
    members.push(...(await Promise.all(some)));
  }
  return members;
}

async function openMember(url: string, stalls: boolean): Promise<CrowdMember> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  const knows = new Map<string, Buffer>();
  const offsets: number[] = [];
  const instants: number[] = [];
  socket.on('message', (data: Buffer) => {
    const at = sharedClock();
    const frame = partsOf(data);
    // snapshots and what only fills the line are not judged
    if (frame === null) return;
    offsets.push(frame.offset);
    instants.push(at);
    knows.set(frame.key, frame.body);
  });
  await once(socket, 'open');
  const units = Array.from({ length: UNITS }, (_, n) => `unit-${n}`);
  socket.send(JSON.stringify({ op: 'subscribe', units: stalls ? [...units, HEAVY] : units }));
  await once(socket, 'message');
  return {
    stall: () => socket.pause(),
    resume: () => socket.resume(),
    ...{ knows, offsets, instants },
    closed: () => socket.readyState !== socket.OPEN,
    end: () => socket.terminate(),
  };
}

/** Read by hand: a thousand clients in one process must not spend it on JSON. */
function partsOf(data: Buffer): { readonly key: string; readonly offset: number; readonly body: Buffer } | null {
  const text = data.toString('latin1', 0, Math.min(data.length, 160));
  const found = /^\{"op":"(result|state)","epoch":"bench","offset":(\d+),"\1":(?=\{"unit":"([^"]+)")/.exec(text);
  if (found === null || found[3] === HEAVY) return null;
  const [opening, op, offset, unit] = found;
  return { key: `${op} ${unit}`, offset: Number(offset), body: data.subarray(opening.length, data.length - 1) };
}
