// Replay command: the formats that a replay can read, brought together, and its mapping file read.
// In: the command line's options. Out: the exit code.
// Touches the mapping file; the rest is the replay's.

import { readFile } from 'node:fs/promises';
import { parse, YAMLParseError } from 'yaml';
import { csvFormat } from './ingest/file/csv-reader.ts';
import { ndjsonFormat } from './ingest/file/ndjson-reader.ts';
import { type ReplayExit, type ReplayIo, type ReplayOptions, runReplay } from './ingest/file/replay.ts';
import { shdrFormat } from './ingest/mtconnect/shdr-format.ts';

export interface ReplayCommand extends Omit<ReplayOptions, 'mapping'> {
  /** path of the mapping file; null: the format's default */
  readonly mappingFile: string | null;
}

const FORMATS = [ndjsonFormat, csvFormat, shdrFormat];

export async function replayCommand(command: ReplayCommand, io: ReplayIo): Promise<ReplayExit> {
  const { mappingFile, ...options } = command;
  let mapping: unknown = null;
  try {
    if (mappingFile !== null) mapping = parse(await readFile(mappingFile, 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const trouble =
      code === 'ENOENT' ? 'does not exist' : error instanceof YAMLParseError ? `is not YAML: ${message}` : message;
    io.out.write(`OEE_REPLAY_MAPPING: ${mappingFile} ${trouble}\n`);
    return 2;
  }
  return runReplay({ ...options, mapping }, FORMATS, io);
}
