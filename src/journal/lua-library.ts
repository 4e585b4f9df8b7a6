// Lua library: all acts that write, as one library of Redis Functions.
// In: the files of functions/. Out: its name, its code, the full name of each act.
// Reads its own source files once, at start.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const ACTS = [
  'settle-partitions',
  'append-counted',
  'append-by-id',
  'claim-lease',
  'renew-lease',
  'release-lease',
  'meet-workers',
  'commit-step',
  'advance-cursor',
  'take-cursor',
  'pass-cursor',
  'doubt-cursor',
  'leave-cursor',
  'forget-cursor',
  'put-hooks',
  'note-hook',
  'trim-streams',
  'forget-marks',
  'stream-edges',
  'note-hole',
  'snapshot-state',
  'look-at-entry',
  'add-letters',
  'discard-letter',
  'replay-letter',
  'snapshot-partition',
  'restore-stream',
] as const;
/** An act of the same file as another, under other rights. */
export type Act = (typeof ACTS)[number] | 'append-rollup';

export interface LuaLibrary {
  readonly name: string;
  readonly code: string;
  fullName(act: Act): string;
}

/**
 * The version is the content's hash and part of every name: a new program finds its own functions missing and loads them
 * beside the old ones, so that during an upgrade neither runs the other's code, and nobody has to remember a number.
 */
export function readLuaLibrary(): LuaLibrary {
  const sources = ['library-head', ...ACTS].map(name =>
    readFileSync(new URL(`./functions/${name}.lua`, import.meta.url), 'utf8'),
  );
  const version = createHash('sha1').update(sources.join('\n')).digest('hex').slice(0, 10);
  const name = `oee_journal_${version}`;
  return {
    name,
    code: `#!lua name=${name}\n${sources.join('\n').replaceAll('@VERSION@', version)}`,
    fullName: act => `oee_${act.replaceAll('-', '_')}_${version}`,
  };
}
