// Refusing Influx: a small neighbour with moods: it refuses, hangs, breaks off, writes only a part, and keeps what it took.
// In: the moods of the next requests. Out: its address; the points that it holds, and each word it took on the way.
// Touches a loopback port.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What the next request meets. `unheard`: taken, but the answer is lost. */
export type Mood =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly error?: string }
  | 'reset in the body'
  | 'unheard'
  | 'hangs'
  | 'half an answer';

export interface RefusingInflux {
  readonly url: string;
  /** series and time → the newest line */
  readonly points: ReadonlyMap<string, string>;
  /** for each point, the lines it took one after another */
  readonly words: ReadonlyMap<string, readonly string[]>;
  /** moods that are still to come */
  readonly moods: Mood[];
  /** more lines than this are too large; 0: nothing is */
  linesMax: number;
  close(): Promise<void>;
}

/** @param isBad a line that it will never take: the others of the request are stored, as InfluxDB 1.x does */
export async function startRefusingInflux(isBad: (line: string) => boolean): Promise<RefusingInflux> {
  const points = new Map<string, string>();
  const words = new Map<string, string[]>();
  const moods: Mood[] = [];
  const take = (body: string): number => {
    const lines = body.split('\n');
    for (const line of lines.filter(each => !isBad(each))) {
      const key = `${line.slice(0, line.search(/[^\\] /) + 1)} ${line.slice(line.lastIndexOf(' ') + 1)}`;
      points.set(key, line);
      words.set(key, [...(words.get(key) ?? []), line]);
    }
    return lines.filter(isBad).length;
  };
  const told = (answer: ServerResponse, status: number, error: string, headers = {}): void => {
    answer.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ error }));
  };
  const server = createServer(async (request: IncomingMessage, answer) => {
    const mood = moods.shift();
    if (mood === 'reset in the body') return void request.socket.resetAndDestroy();
    const body = await text(request).catch(() => '');
    if (mood === 'hangs') return;
    if (typeof mood === 'object') return told(answer, mood.status, mood.error ?? 'made up', mood.headers);
    if (here.linesMax > 0 && body.split('\n').length > here.linesMax) return told(answer, 413, 'too large');
    const dropped = take(body);
    if (mood === 'unheard') return void request.socket.resetAndDestroy();
    if (mood === 'half an answer') {
      answer.writeHead(500, { 'content-length': '100' }).write('half');
      return void setImmediate(() => request.socket.destroy());
    }
    if (dropped > 0) return told(answer, 400, `partial write: field type conflict dropped=${dropped}`);
    answer.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const here: RefusingInflux = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    points,
    words,
    moods,
    linesMax: 0,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return here;
}
