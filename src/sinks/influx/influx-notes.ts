// Influx notes: points that nobody waits for: written once, and forgotten when InfluxDB is away.
// In: lines. Out: a promise of one attempt.
// Touches an InfluxDB, by the official client's transport.

import { InfluxDB } from '@influxdata/influxdb-client';
import { type InfluxOptions, influxAddress } from './influx-address.ts';

export interface InfluxNotes {
  /** @throws what the transport says; the next note is another one, nothing is repeated */
  write(lines: readonly string[]): Promise<void>;
}

/** Shorter than the pace of notes, so that they cannot pile up. */
const ANSWER_MAX_MS = 5_000;

export function influxNotes(options: InfluxOptions): InfluxNotes {
  const { url, token, headers, writePath } = influxAddress(options);
  const client = new InfluxDB({
    url,
    headers: { ...headers },
    timeout: ANSWER_MAX_MS,
    ...(token === null ? {} : { token }),
  });
  const text = { 'content-type': 'text/plain; charset=utf-8' };
  return {
    write: async lines => {
      const signal = AbortSignal.timeout(ANSWER_MAX_MS);
      await client.transport.request(writePath, lines.join('\n'), { method: 'POST', headers: text, signal });
    },
  };
}
