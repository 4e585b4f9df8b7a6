// Bearer token: what a machine or a program shows: made once, shown once, kept as a digest.
// In: chance, a token. Out: token and record; the record's id and digest; yes or no.
// Pure.

import { createHash, timingSafeEqual } from 'node:crypto';
import type { Rank, TokenRecord } from '../core/access.ts';

const ID_BYTES = 6;
/** 256 bits: nobody guesses them, so a plain hash of them is enough. */
const SECRET_BYTES = 32;
const SHAPE = /^oee_([0-9a-f]{12})_([0-9a-f]{64})$/;

export interface NewToken {
  /** shown once */
  readonly token: string;
  readonly record: TokenRecord;
}

export function makeToken(name: string, rank: Rank, now: number, random: (bytes: number) => Buffer): NewToken {
  const id = random(ID_BYTES).toString('hex');
  const secret = random(SECRET_BYTES).toString('hex');
  return { token: `oee_${id}_${secret}`, record: { id, name, rank, digest: digestOf(secret), since: now } };
}

/** @returns null for what is no token of ours */
export function readToken(text: string): { readonly id: string; readonly secret: string } | null {
  const [, id, secret] = SHAPE.exec(text) ?? [];
  return id === undefined || secret === undefined ? null : { id, secret };
}

/** In the same time for every guess. */
export const isSecretOf = ({ digest }: Pick<TokenRecord, 'digest'>, secret: string): boolean =>
  isSame(digestOf(secret), digest);

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Texts compared by digests of one length, so that the time tells nothing. */
export const isSame = (a: string, b: string): boolean =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
