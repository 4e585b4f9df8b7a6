// Recordings: where other people's real recordings lie, and what to say when they do not.
// In: OEE_RECORDINGS, or the folder beside the project. Out: a path, and the option that skips a test loudly.
// Touches the file system and the environment.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));
export const RECORDINGS = resolve(root, process.env.OEE_RECORDINGS ?? '../shared/data');

export const recording = (...path: string[]): string => join(RECORDINGS, ...path);

/** Options of a test that needs these files: they are never copied into the project. */
export function needs(...files: string[]): { skip: string | false } {
  const missing = files.filter(file => !existsSync(recording(file)));
  if (missing.length === 0) return { skip: false };
  const why = `RECORDINGS MISSING: ${missing.join(', ')} not in ${RECORDINGS}; set OEE_RECORDINGS to the folder that has them`;
  process.stderr.write(`\n*** ${why}\n`);
  return { skip: why };
}

export const NIST = ['Mazak01', 'Mazak03', 'GFAgie01'] as const;
export const nistFile = (machine: string): string => join('nist-sms', `${machine}.shdr`);
export const OKUMA_FILE = join('okuma-shdr', 'okuma_shdr.txt');
export const sodaFile = (name: string): string => join('soda-bottling', `${name}_raw.csv`);
