// Sign message: the signatures of Standard Webhooks, one for each secret that holds at present.
// In: secrets, a message's id and body, the instant of the attempt. Out: the three headers.
// Pure.

import { Webhook } from 'standardwebhooks';

export interface Signer {
  /** @param at epoch ms of this attempt */
  headers(id: string, at: number, body: string): Readonly<Record<string, string>>;
}

/** Bytes of a secret, as Standard Webhooks recommends them. */
const SECRET_BYTES_MIN = 24;
const SECRET_BYTES_MAX = 64;
const SECRET = /^(whsec_)?([A-Za-z0-9+/]+={0,2})$/;

/** @returns what is wrong with it, or null; the secret itself is never told */
export function secretTrouble(secret: string): string | null {
  const coded = SECRET.exec(secret)?.[2];
  if (coded === undefined || coded.length % 4 !== 0) return 'is not whsec_ and base64';
  const bytes = Buffer.from(coded, 'base64').length;
  if (bytes >= SECRET_BYTES_MIN && bytes <= SECRET_BYTES_MAX) return null;
  return `holds ${bytes} bytes, not ${SECRET_BYTES_MIN} to ${SECRET_BYTES_MAX}`;
}

/** Several secrets while one is being replaced: the receiver may know the old one or the new one. */
export function signerOf(secrets: readonly string[]): Signer {
  const hooks = secrets.map(secret => new Webhook(secret));
  return {
    headers: (id, at, body) => ({
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at / 1_000)),
      'webhook-signature': hooks.map(hook => hook.sign(id, new Date(at), body)).join(' '),
    }),
  };
}
