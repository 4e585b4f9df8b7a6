// Password: kept as a salted hash that is dear to guess, compared in the same time whatever is wrong.
// In: a password, what is kept of one. Out: what is kept; yes or no.
// Touches the thread pool, for some tenths of a second and 32 MB a time.

import { type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import type { StoredPassword } from '../core/access.ts';
import { type Rejection, rejection } from '../core/rejection.ts';

export interface PasswordCost {
  readonly n: number;
  readonly r: number;
  readonly p: number;
}
/** OWASP's advice for scrypt with 32 MB. It is kept with each hash, so that it can rise. */
export const PASSWORD_COST: PasswordCost = { n: 2 ** 15, r: 8, p: 3 };
export const PASSWORD_LENGTH_MIN = 10;
/** Longer ones only make work. */
export const PASSWORD_LENGTH_MAX = 256;
const HASH_BYTES = 32;
const SALT_BYTES = 16;

/** @returns what is wrong with it as a new password; null: nothing */
export function passwordTrouble(password: string): Rejection | null {
  const { length } = password;
  if (length >= PASSWORD_LENGTH_MIN && length <= PASSWORD_LENGTH_MAX) return null;
  const remedy = `Use ${PASSWORD_LENGTH_MIN} to ${PASSWORD_LENGTH_MAX} characters: a sentence is easy to remember.`;
  return rejection('OEE_ACCESS_PASSWORD', `the password has ${length} characters`, remedy);
}

/** @param random so many bytes of chance */
export async function hashPassword(
  password: string,
  random: (bytes: number) => Buffer,
  cost: PasswordCost = PASSWORD_COST,
): Promise<StoredPassword> {
  const salt = random(SALT_BYTES);
  const hash = await derive(password, salt, cost);
  return { kdf: 'scrypt', ...cost, salt: salt.toString('base64'), hash: hash.toString('base64') };
}

/** @param stored null: nobody of that name; it takes as long as for somebody */
export async function isPassword(password: string, stored: StoredPassword | null): Promise<boolean> {
  const { n, r, p } = stored ?? PASSWORD_COST;
  const salt = stored === null ? Buffer.alloc(SALT_BYTES) : Buffer.from(stored.salt, 'base64');
  const hash = await derive(password.slice(0, PASSWORD_LENGTH_MAX), salt, { n, r, p });
  const known = stored === null ? Buffer.alloc(HASH_BYTES) : Buffer.from(stored.hash, 'base64');
  return known.length === hash.length && timingSafeEqual(hash, known) && stored !== null;
}

/** A person's keyboard may spell one letter in two ways. */
function derive(password: string, salt: Buffer, { n, r, p }: PasswordCost): Promise<Buffer> {
  const options: ScryptOptions = { N: n, r, p, maxmem: 256 * n * r };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
