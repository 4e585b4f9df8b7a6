// NDJSON reader: a recording that holds events already, one per line, as POST /v1/events takes them.
// In: a file. Out: its events; an event without an id gets one that is the same at every reading.
// Touches the file.

import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { rejection } from '../../core/rejection.ts';
import { parseInstant } from '../../core/time.ts';
import { splitLines } from '../line-splitter.ts';
import { type Recorded, type RecordingFormat, type RecordingRequest, recordedId, type Unreadable } from '../source.ts';

/** Bytes of one line: an event needs a few hundred. */
const LINE_BYTES_MAX = 64 * 1024;

export const ndjsonFormat: RecordingFormat = {
  name: 'ndjson',
  endings: ['.ndjson', '.jsonl', '.json'],
  read: readNdjson,
};

async function* readNdjson({ path, machine, onBytes }: RecordingRequest): AsyncGenerator<Recorded | Unreadable> {
  const file = createReadStream(path);
  file.on('data', chunk => onBytes(chunk.length));
  const name = basename(path);
  let number = 0;
  for await (const line of splitLines(file as AsyncIterable<Buffer>, LINE_BYTES_MAX)) {
    number += 1;
    const text =
      line === null
        ? null
        : line
            .toString('utf8')
            .replace(/^\ufeff/, '')
            .trim();
    if (text === '') continue;
    const event = text === null ? null : objectOf(text);
    const where = `${name}:${number}`;
    yield event === null ? { fault: NO_EVENT, where } : recordedOf(event, machine, number, where);
  }
}

const NO_EVENT = rejection(
  'OEE_NDJSON_LINE',
  'not one JSON object on one line',
  "Write one event per line; of a JSON array make that with `jq -c '.[]'`.",
);

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function recordedOf(event: Record<string, unknown>, machine: string | null, line: number, where: string): Recorded {
  if (machine !== null) event.machine = machine;
  const at = parseInstant(event.at);
  if (event.id === undefined && typeof event.machine === 'string') {
    const below = typeof event.at === 'string' ? (/\.\d{3}(\d*)/.exec(event.at)?.[1] ?? '') : '';
    event.id = recordedId(event.machine, at ?? 0, below, line, 1);
  }
  return { event, at, where };
}
