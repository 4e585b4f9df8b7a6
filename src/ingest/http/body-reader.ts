// Body reader: a request's bytes as text or as lines, unpacked, never more in memory than the bounds say.
// In: a stream of bytes. Out: text, or line after line; or the refusal that ends the request.
// Touches the stream only.

import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type Rejection, rejection } from '../../core/rejection.ts';
import { splitLines } from '../line-splitter.ts';

/** Ends a request: the status, and what the sender should know. */
export class HttpRefusal extends Error {
  constructor(
    readonly status: number,
    readonly reason: Rejection,
    readonly retryAfterS: number | null = null,
  ) {
    super(reason.message);
    this.name = 'HttpRefusal';
  }
}

/** Bytes of JSON bodies that all requests hold together; beyond, a sender is asked to wait. */
export interface BodyBudget {
  held: number;
  readonly max: number;
}

/** The body's bytes as the sender meant them. */
export function unpacked(stream: Readable, encoding: string | undefined): Readable {
  const name = encoding?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity') return stream;
  if (name !== 'gzip' && name !== 'x-gzip') {
    throw new HttpRefusal(
      415,
      rejection('OEE_HTTP_ENCODING', `content-encoding is ${name.slice(0, 40)}`, 'Send the body plain or as gzip.'),
    );
  }
  const gunzip = createGunzip();
  stream.once('error', error => gunzip.destroy(error));
  return stream.pipe(gunzip);
}

/** The whole body as text. */
export async function readText(bytes: Readable, bytesMax: number, budget: BodyBudget): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of bounded(bytes, bytesMax)) {
      size += chunk.length;
      budget.held += chunk.length;
      if (budget.held > budget.max) throw new HttpRefusal(429, BUSY, 1);
      chunks.push(chunk);
    }
  } finally {
    budget.held -= size;
  }
  const text = textOf(Buffer.concat(chunks));
  if (text === null) throw new HttpRefusal(400, NOT_UTF8);
  return text;
}

export const BUSY = rejection(
  'OEE_HTTP_BUSY',
  'too many bodies are being read at once',
  'Wait for Retry-After, then send the same events again; send batches one after the other.',
);
export const NOT_UTF8 = rejection('OEE_HTTP_NOT_UTF8', 'the text is not UTF-8', 'Encode the text as UTF-8.');

const decoder = new TextDecoder('utf-8', { fatal: true });

/** UTF-8 without its byte order mark; null when it is something else. */
export function textOf(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** The stream's chunks up to the bound, its failures in the words of the door. */
async function* bounded(bytes: Readable, bytesMax: number): AsyncGenerator<Buffer> {
  let size = 0;
  try {
    // Leaving early must not destroy the stream: its socket still has to carry our answer.
    const chunks: AsyncIterable<Buffer> = bytes.iterator({ destroyOnReturn: false });
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > bytesMax) throw new HttpRefusal(413, tooLarge(bytesMax));
      yield chunk;
    }
  } catch (error) {
    if (error instanceof HttpRefusal) throw error;
    throw new HttpRefusal(
      400,
      rejection(
        'OEE_HTTP_BODY',
        `the body broke off: ${(error as Error).message}`,
        'Send the whole body; gzip must be sound.',
      ),
    );
  }
}

const tooLarge = (bytesMax: number): Rejection =>
  rejection(
    'OEE_HTTP_TOO_LARGE',
    `the body is larger than ${bytesMax} bytes`,
    'Send smaller batches, or NDJSON, which is read line by line and may be longer.',
  );

/** Lines of the body; null in the place of one that is longer than `lineMax` bytes. */
export function readLines(bytes: Readable, bytesMax: number, lineMax: number): AsyncGenerator<Buffer | null> {
  return splitLines(bounded(bytes, bytesMax), lineMax);
}
