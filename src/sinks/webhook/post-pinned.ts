// Post pinned: one attempt: the name resolved and every address checked, the connection made to that address and no other.
// In: where, headers, bytes, a resolver. Out: the status, or what went wrong; never thrown.
// Touches the network. No redirect is followed, no proxy asked, no connection kept; TLS is verified by the name.

import { lookup } from 'node:dns/promises';
import { type ClientRequest, type IncomingMessage, request as plainRequest, type RequestOptions } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { isIP } from 'node:net';
import { refusedAddress } from './safe-address.ts';

/** All addresses of a name, as dns.lookup gives them. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** As this computer resolves names; every address that the name has. */
export const resolveHost: Resolve = async host => (await lookup(host, { all: true })).map(({ address }) => address);

export interface PostTarget {
  readonly url: string;
  readonly networks: readonly string[];
}

export interface PostWaits {
  readonly connectMs: number;
  readonly wholeMs: number;
}
/** Standard Webhooks asks for 15 to 30 s. */
export const POST_WAITS: PostWaits = { connectMs: 5_000, wholeMs: 15_000 };
/** What is read of an answer; the status is what counts. */
const ANSWER_MAX = 65_536;
const SHOWN_MAX = 200;

export interface PostAnswer {
  /** null: none came */
  readonly status: number | null;
  readonly retryAfter: string | null;
  /** null when the status says all */
  readonly code: string | null;
  readonly message: string | null;
  readonly remedy: string;
}

export interface Post {
  readonly target: PostTarget;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** which of several addresses: another one at each attempt */
  readonly attempt: number;
  readonly resolve: Resolve;
  readonly waits: PostWaits;
  /** gives up at once */
  readonly signal: AbortSignal;
}

const trouble = (code: string, message: string, remedy: string): PostAnswer => ({
  ...{ status: null, retryAfter: null },
  ...{ code, message, remedy },
});

export async function postPinned(post: Post): Promise<PostAnswer> {
  const url = new URL(post.target.url);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  let addresses: readonly string[];
  try {
    addresses = isIP(host) === 0 ? await soon(post.resolve(host), post) : [host];
  } catch (error) {
    return trouble('OEE_WEBHOOK_NAME', `${host}: ${wordOf(error)}`, 'Check the name in the address of the receiver.');
  }
  // one refused address among several is one too many: the next connection could get it
  const refused = addresses.map(address => refusedAddress(address, post.target.networks)).find(each => each !== null);
  const address = addresses[(post.attempt - 1) % addresses.length];
  if (refused !== undefined || address === undefined) {
    const what = refused === undefined ? `${host} has no address` : `${host}: ${refused}`;
    return trouble('OEE_WEBHOOK_ADDRESS', what, 'If it is meant, allow its network in the plant file (networks).');
  }
  return send(url, host, address, post);
}

function send(url: URL, host: string, address: string, { headers, body, waits, signal }: Post): Promise<PostAnswer> {
  const bytes = Buffer.from(body);
  const isTls = url.protocol === 'https:';
  const options: RequestOptions & { servername?: string } = {
    ...{ host: address, method: 'POST', path: `${url.pathname}${url.search}`, agent: false },
    port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
    // a certificate is for the name, not for the address
    ...(isTls && isIP(host) === 0 ? { servername: host } : {}),
    headers: {
      ...{ host: url.host, 'content-type': 'application/json', 'content-length': bytes.length },
      ...{ 'user-agent': 'oee-stream', connection: 'close', ...headers },
    },
  };
  return new Promise(settle => {
    const request: ClientRequest = isTls ? tlsRequest(options) : plainRequest(options);
    let cut = '';
    const giveUp = (why: string): void => {
      cut = why;
      request.destroy(new Error(why));
    };
    const connecting = setTimeout(() => giveUp(`no connection within ${waits.connectMs} ms`), waits.connectMs);
    const whole = setTimeout(() => giveUp(`no answer within ${waits.wholeMs} ms`), waits.wholeMs);
    const stopped = (): void => giveUp('given up');
    signal.addEventListener('abort', stopped);
    const end = (answer: PostAnswer): void => {
      clearTimeout(connecting);
      clearTimeout(whole);
      signal.removeEventListener('abort', stopped);
      settle(answer);
    };
    request.once('socket', socket => socket.once(isTls ? 'secureConnect' : 'connect', () => clearTimeout(connecting)));
    request.once('response', response => void readAnswer(response).then(end));
    request.once('error', error => {
      const code = cut === '' ? 'OEE_WEBHOOK_CONNECTION' : 'OEE_WEBHOOK_TIMEOUT';
      end(trouble(code, cut === '' ? wordOf(error) : cut, 'See whether the receiver runs and answers in time.'));
    });
    if (signal.aborted) stopped();
    request.end(bytes);
  });
}

/** The beginning is enough; whoever sends more, or never ends, is cut off. */
async function readAnswer(response: IncomingMessage): Promise<PostAnswer> {
  const { statusCode = 0, headers } = response;
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of response as AsyncIterable<Buffer>) {
      parts.push(part);
      length += part.length;
      if (length > ANSWER_MAX) break;
    }
  } catch {
    // the status has come
  }
  response.destroy();
  if (statusCode >= 200 && statusCode < 300) {
    return { status: statusCode, retryAfter: null, code: null, message: null, remedy: '' };
  }
  const said = Buffer.concat(parts).toString('utf8').replaceAll(/\s+/g, ' ').slice(0, SHOWN_MAX);
  const isMoved = statusCode >= 300 && statusCode < 400;
  return {
    status: statusCode,
    retryAfter: headers['retry-after'] ?? null,
    code: isMoved ? 'OEE_WEBHOOK_REDIRECT' : 'OEE_WEBHOOK_STATUS',
    message: isMoved ? `status ${statusCode} to ${headers.location ?? 'nowhere'}` : `status ${statusCode}: ${said}`,
    remedy: isMoved
      ? 'Redirects are not followed: put the new address into the plant file.'
      : 'See what the receiver has against it.',
  };
}

/** A resolver has no more time than a connection. */
async function soon<T>(work: Promise<T>, { waits, signal }: Post): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`no address within ${waits.connectMs} ms`)), waits.connectMs);
    signal.addEventListener('abort', () => fail(new Error('given up')), { once: true });
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const wordOf = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  return message === undefined || message === '' ? (code ?? String(error)) : message;
};
