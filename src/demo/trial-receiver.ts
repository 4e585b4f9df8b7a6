// Trial receiver: a webhook receiver to try the engine with: checks signatures, keeps a ledger, and misbehaves when it is asked to.
// In: HTTP posts; how to answer them. Out: what arrived, one line each; a ledger that outlives the process.
// Touches a loopback port, the ledger's file.

import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { ReceiverLedger, type Reception } from './receiver-ledger.ts';

export interface Arrived {
  readonly id: string;
  readonly timestamp: string;
  readonly signature: string;
  readonly body: string;
  /** null: there is no secret to check it with */
  readonly signed: boolean | null;
  readonly reception: Reception;
  /** the word by which it was answered */
  readonly answer: string;
}

export interface TrialOptions {
  readonly port: number;
  /** values; one that fits is enough */
  readonly secrets: readonly string[];
  /** how to answer, message by message: see ANSWERS; with a star for ever; 200 when the list is at its end */
  readonly answers: readonly string[];
  /** what arrived, kept over restarts; null: only in memory */
  readonly ledgerFile: string | null;
  readonly onArrived: (arrived: Arrived) => void;
}

export interface TrialReceiver {
  readonly url: string;
  readonly ledger: ReceiverLedger;
  /** answers from now on */
  script(answers: readonly string[]): void;
  close(): Promise<void>;
}

const BODY_MAX = 10_000_000;
const HUGE_BYTES = 10_000_000;
const LATE_MS = 20_000;

/** What an answer can be; after a colon: seconds of Retry-After, milliseconds of being late, where to redirect. */
export const ANSWERS = /^([1-5]\d\d(:.+)?|hang|reset|late(:\d+)?|redirect(:.+)?|huge)\*?$/;

export async function startTrialReceiver(options: TrialOptions): Promise<TrialReceiver> {
  const hooks = options.secrets.map(secret => new Webhook(secret));
  const ledger = new ReceiverLedger();
  const file = options.ledgerFile === null ? null : openLedger(options.ledgerFile, ledger);
  let answers = [...options.answers];
  const nextAnswer = (): string => {
    const [word = '200'] = answers;
    if (!word.endsWith('*')) answers.shift();
    return word.replace('*', '');
  };
  const server = createServer((request, response) => {
    void readBody(request).then(body => {
      if (body === null) return;
      const id = headerOf(request, 'webhook-id');
      const answer = nextAnswer();
      const signed = hooks.length === 0 ? null : isSigned(hooks, body, request);
      // what is refused is not taken in: it comes again
      const isTaken = /^(2\d\d|late|huge)/.test(answer) && signed !== false;
      const reception = isTaken ? ledger.take(id, body) : 'repeat';
      if (isTaken && reception === 'new' && file !== null) keep(file, id, body);
      const [timestamp, signature] = [headerOf(request, 'webhook-timestamp'), headerOf(request, 'webhook-signature')];
      options.onArrived({ id, timestamp, signature, body, signed, reception, answer });
      reply(signed === false ? '401' : answer, request, response);
    });
  });
  await listening(server, options.port);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    ledger,
    script: words => {
      answers = [...words];
    },
    close: async () => {
      const closed = new Promise(resolve => server.close(resolve));
      server.closeAllConnections();
      await closed;
      if (file !== null) closeSync(file);
    },
  };
}

const listening = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });

const headerOf = (request: IncomingMessage, name: string): string => String(request.headers[name] ?? '');

/** @returns null when it never came whole */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      length += part.length;
      if (length > BODY_MAX) return null;
      parts.push(part);
    }
  } catch {
    return null;
  }
  return Buffer.concat(parts).toString('utf8');
}

function isSigned(hooks: readonly Webhook[], body: string, { headers }: IncomingMessage): boolean {
  const told = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  return hooks.some(hook => {
    try {
      hook.verify(body, told, { jsonParse: false });
      return true;
    } catch {
      return false;
    }
  });
}

/** Takes in what was kept; a last line that a crash cut short was never answered. */
function openLedger(path: string, ledger: ReceiverLedger): number {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
  for (const line of lines) {
    const [id, body] = parsed(line);
    if (id !== undefined && body !== undefined) ledger.take(id, body);
  }
  const file = openSync(path, 'a');
  writeSync(file, '\n');
  return file;
}

function parsed(line: string): readonly string[] {
  try {
    return JSON.parse(line) as string[];
  } catch {
    return [];
  }
}

function keep(file: number, id: string, body: string): void {
  writeSync(file, `${JSON.stringify([id, body])}\n`);
  fsyncSync(file);
}

function reply(answer: string, request: IncomingMessage, response: ServerResponse): void {
  const [word = '', more] = [answer.split(':')[0], answer.includes(':') ? answer.slice(answer.indexOf(':') + 1) : null];
  if (word === 'hang') return;
  if (word === 'reset') {
    request.socket.resetAndDestroy();
  } else if (word === 'late') {
    const timer = setTimeout(() => response.writeHead(200).end(), Number(more ?? LATE_MS));
    response.once('close', () => clearTimeout(timer));
  } else if (word === 'redirect') {
    response.writeHead(302, { location: more ?? 'http://169.254.169.254/' }).end();
  } else if (word === 'huge') {
    response.writeHead(200).end(Buffer.alloc(HUGE_BYTES, 'x'));
  } else response.writeHead(Number(word), more === null ? {} : { 'retry-after': more }).end();
}
