// SHDR format: files of adapter lines for the replay.
// In: a file. Out: events of the machine that the file is named after, unless something else is said.
// Touches the file, and the shipped mapping beside this one.

import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parse } from 'yaml';
import type { RecordingFormat } from '../source.ts';
import { readShdr } from './shdr-reader.ts';

/** The mapping that holds when none is given. */
const PRESET = new URL('./shdr-default.yaml', import.meta.url);

export const shdrFormat: RecordingFormat = {
  name: 'shdr',
  endings: ['.shdr', '.adapter', '.txt', '.log'],
  async *read({ path, machine, mapping, onBytes }) {
    const preset: unknown = mapping ?? parse(await readFile(PRESET, 'utf8'));
    const file = createReadStream(path);
    file.on('data', chunk => onBytes(chunk.length));
    const name = basename(path);
    yield* readShdr({
      chunks: file as AsyncIterable<Buffer>,
      name,
      machine: machine ?? name.replace(/\.\w+$/, ''),
      onlyMachine: machine !== null,
      mapping: preset,
    });
  },
};
