// Influx child: a real influxd for one test file, with what a reader sees in it.
// In: nothing. Out: its address, InfluxQL rows as plain objects, close() that leaves nothing behind.
// Touches: a child process, a temporary folder.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedInflux, startInflux } from '../../src/demo/embedded-influx.ts';

export type InfluxRow = Readonly<Record<string, string | number | boolean | null>>;

export interface InfluxChild extends EmbeddedInflux {
  /** all rows of all series that a query answers with; times in milliseconds */
  rows(query: string): Promise<InfluxRow[]>;
  /** anything that is not a SELECT: DROP, CREATE, DELETE */
  execute(statement: string): Promise<void>;
  close(): Promise<void>;
}

interface Answer {
  readonly results: readonly {
    readonly error?: string;
    readonly series?: readonly {
      readonly columns: readonly string[];
      readonly tags?: Readonly<Record<string, string>>;
      readonly values: readonly (readonly (string | number | boolean | null)[])[];
    }[];
  }[];
}

export const silentLog = (): void => undefined;

export async function queryInflux(url: string, database: string, query: string): Promise<InfluxRow[]> {
  const body = new URLSearchParams({ db: database, epoch: 'ms', q: query });
  const answer = await fetch(`${url}/query`, { method: 'POST', body });
  const { results } = (await answer.json()) as Answer;
  const failed = results.find(result => result.error !== undefined);
  if (failed !== undefined) throw new Error(`${query}: ${failed.error}`);
  return results.flatMap(result =>
    (result.series ?? []).flatMap(({ columns, tags, values }) =>
      values.map(row => ({ ...tags, ...Object.fromEntries(columns.map((name, index) => [name, row[index] ?? null])) })),
    ),
  );
}

export async function startInfluxChild(database = 'oee'): Promise<InfluxChild> {
  const dataDir = await mkdtemp(join(tmpdir(), 'oee-influx-'));
  const influx = await startInflux({ dataDir, database, log: silentLog });
  const rows = (query: string) => queryInflux(influx.url, database, query);
  return {
    ...influx,
    rows,
    execute: async statement => void (await rows(statement)),
    close: async () => {
      await influx.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
