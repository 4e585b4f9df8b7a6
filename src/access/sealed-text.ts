// Sealed text: words that a browser carries for us and can neither read nor change; and marks that only we can make.
// In: the secret, words. Out: a seal; the words again; a mark.
// Pure.

import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Keys for different ends are different keys. */
const keyFor = (secret: string, end: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, 'oee-stream', end, KEY_BYTES));

export function seal(secret: string, words: object, random: (bytes: number) => Buffer): string {
  const iv = random(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyFor(secret, 'seal'), iv);
  const sealed = Buffer.concat([cipher.update(JSON.stringify(words), 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** @returns null for what we did not seal */
export function unseal(secret: string, text: string): unknown {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length <= IV_BYTES + TAG_BYTES) return null;
  try {
    const opened = createDecipheriv('aes-256-gcm', keyFor(secret, 'seal'), bytes.subarray(0, IV_BYTES));
    opened.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const words = Buffer.concat([opened.update(bytes.subarray(IV_BYTES + TAG_BYTES)), opened.final()]);
    return JSON.parse(words.toString('utf8'));
  } catch {
    return null;
  }
}

/** Shown by the page with everything that it changes; only a page of ours can have read it. */
export const markOf = (secret: string, session: string): string =>
  createHmac('sha256', keyFor(secret, 'mark')).update(session).digest('base64url');
