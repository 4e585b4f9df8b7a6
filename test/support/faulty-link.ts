// Faulty link: one client's connection through the fault proxy, with the faults that are wanted at the moment.
// In: two sockets, faults. Out: bytes passed on, late, in pieces, or not at all.
// Touches loopback sockets and timers.

import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * What may happen to the connection of one request. `lost`: it never arrives, the connection is cut. `unheard`: it is carried
 * out, the reply is dropped, the connection is cut. `reset`: the same, by a RST. `torn`: half of the reply arrives before it.
 * `black hole`: from here on bytes vanish both ways, the connection stays. `half open`: the server's side is gone, the client
 * is not told.
 */
export type OneFault = 'lost' | 'unheard' | 'torn' | 'reset' | 'black hole' | 'half open';
export const ONE_FAULTS: readonly OneFault[] = ['lost', 'unheard', 'torn', 'reset', 'black hole', 'half open'];

export interface Faults {
  wanted: {
    readonly text: string;
    readonly forward: boolean;
    /** what the client hears instead of the server */
    readonly reply: string | null;
    readonly done: () => void;
  } | null;
  next: OneFault | null;
  delayMs: number;
  slice: { readonly bytesMax: number; readonly chance: () => number } | null;
  isShut: boolean;
  /** connections turned away since `shut` */
  away: number;
  onAway: () => void;
  /** all that clients said, latin1 */
  said: string;
  readonly cuts: Set<() => void>;
}

export const noFaults = (): Faults => ({
  wanted: null,
  next: null,
  delayMs: 0,
  slice: null,
  isShut: false,
  away: 0,
  onAway: () => undefined,
  said: '',
  cuts: new Set(),
});

export function link(client: Socket, targetPort: number, faults: Faults): void {
  if (faults.isShut) {
    turnAway(client, faults);
    return;
  }
  const upstream = connect(targetPort, '127.0.0.1');
  const cut = cutterOf(client, upstream, faults);
  const toServer = pipe(upstream, faults);
  const toClient = pipe(client, faults);
  /** what waits for the reply of the server */
  let onReply: ((chunk: Buffer) => void) | null = null;
  let swallow = false;

  const befall = (fault: OneFault, chunk: Buffer): void => {
    if (fault === 'lost') {
      cut();
    } else if (fault === 'black hole' || fault === 'half open') {
      swallow = true;
      if (fault === 'half open') upstream.removeListener('close', cut).destroy();
    } else {
      onReply = reply => (fault === 'unheard' ? cut() : breakOff(client, fault === 'reset' ? null : reply));
      toServer(chunk);
    }
  };

  client.on('data', (chunk: Buffer) => {
    if (swallow) return;
    faults.said += chunk.toString('latin1');
    const { wanted, next } = faults;
    if (wanted !== null && chunk.includes(wanted.text)) {
      faults.wanted = null;
      if (wanted.reply !== null || !wanted.forward) {
        if (wanted.reply === null) cut();
        else client.write(wanted.reply);
        return wanted.done();
      }
      onReply = () => {
        cut();
        wanted.done();
      };
    } else if (next !== null) {
      faults.next = null;
      befall(next, chunk);
      return;
    }
    toServer(chunk);
  });
  upstream.on('data', (chunk: Buffer) => {
    if (swallow) return;
    const meet = onReply;
    if (meet === null) return toClient(chunk);
    onReply = null;
    swallow = true;
    meet(chunk);
  });
}

/** Ends both sides, now or when one of them ends. */
function cutterOf(client: Socket, upstream: Socket, faults: Faults): () => void {
  const cut = (): void => {
    client.destroy();
    upstream.destroy();
    faults.cuts.delete(cut);
  };
  faults.cuts.add(cut);
  for (const socket of [client, upstream]) socket.setNoDelay(true).on('error', cut).on('close', cut);
  return cut;
}

function turnAway(client: Socket, faults: Faults): void {
  faults.away++;
  faults.onAway();
  client.destroy();
}

/** Resets the connection, after half of a reply where one is given. */
function breakOff(client: Socket, reply: Buffer | null): void {
  if (reply === null) client.resetAndDestroy();
  else client.write(reply.subarray(0, Math.ceil(reply.length / 2)), () => client.resetAndDestroy());
}

/** Writes on in order, as late and in as small pieces as is wanted. */
function pipe(to: Socket, faults: Faults): (chunk: Buffer) => void {
  let last: Promise<void> = Promise.resolve();
  let busy = 0;
  const send = async (chunk: Buffer): Promise<void> => {
    if (faults.delayMs > 0) await wait(faults.delayMs);
    const { slice } = faults;
    if (slice === null) return void to.write(chunk);
    for (let from = 0; from < chunk.length && !to.destroyed; ) {
      const until = from + 1 + Math.floor(slice.chance() * slice.bytesMax);
      await new Promise(resolve => to.write(chunk.subarray(from, until), resolve));
      from = until;
    }
  };
  return chunk => {
    if (busy === 0 && faults.delayMs === 0 && faults.slice === null) return void to.write(chunk);
    busy++;
    last = last.then(() => send(chunk)).finally(() => busy--);
  };
}
