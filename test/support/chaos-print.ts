// Chaos print: everything that can be asked after a run, byte by byte: every window of every unit over HTTP, every row of InfluxDB.
// In: a door, an InfluxDB and a database, a form. Out: the texts by question, their hash, the first place where two differ.
// Touches HTTP only.

import { createHash } from 'node:crypto';
import { type ChaosForm, roundOf } from './chaos-form.ts';
import { BEGIN, isMachine, isSumOfSeveral, UNITS } from './chaos-plant.ts';
import { type RoleProcess, until } from './role-process.ts';

export interface ChaosPrint {
  readonly texts: ReadonlyMap<string, string>;
  readonly windows: number;
  readonly rows: number;
  readonly sha256: string;
}

const KINDS = ['minute', 'hour', 'shift', 'day'];
const SLIDING = ['last5m', 'last60m'];
/** Sliding windows are told in InfluxDB as of the tick at which somebody looked; of them only the answers are compared. */
const TOLD = '"window" =~ /^(minute|hour|shift|day|order)$/';

export async function chaosPrint(
  door: RoleProcess,
  influx: string,
  database: string,
  form: ChaosForm,
): Promise<ChaosPrint> {
  await upToDate(door);
  const texts = new Map<string, string>();
  const counts = { windows: 0, rows: 0 };
  const span = `from=${BEGIN - 2 * 86_400_000}&to=${roundOf(form.rounds - 1).end + 86_400_000}`;
  for (const unit of UNITS) {
    for (const kind of [...KINDS, ...SLIDING, ...(isMachine(unit) ? ['order'] : [])]) {
      const question = `/v1/oee?unit=${unit}&window=${kind}&${span}`;
      const answer = await fetch(`${door.url}${question}`);
      const text = await answer.text();
      if (answer.status !== 200) throw new Error(`${question}: ${text}`);
      counts.windows += (JSON.parse(text) as { results: unknown[] }).results.length;
      texts.set(`GET ${question}`, uncounted(unit, text));
    }
    for (const from of [
      `oee WHERE "unit"='${unit}' AND ${TOLD}`,
      `oee_revision WHERE "unit"='${unit}'`,
      `machine_state WHERE "unit"='${unit}'`,
    ]) {
      const query = `SELECT * FROM ${from} GROUP BY *`;
      const rows = await rowsOf(influx, database, query);
      counts.rows += rows.length;
      const lasting = from.startsWith('oee_revision') && isSumOfSeveral(unit) ? lastRevisions(rows) : rows;
      texts.set(query, uncounted(unit, lasting.map(row => JSON.stringify(row)).join('\n')));
    }
  }
  const hash = createHash('sha256');
  for (const [question, text] of texts) hash.update(`${question}\n${text}\n`);
  return { texts, ...counts, sha256: hash.digest('hex') };
}

/** Whoever answers follows the log by itself: it has caught up, and with the owners' books. */
async function upToDate(door: RoleProcess): Promise<void> {
  const lags = async (): Promise<number[]> => [...(await door.metric('oee_engine_replica_lag_seconds')).values()];
  await door.ready();
  await until('the door has caught up', lags, found => found.every(lag => lag < 2));
}

/** How often a sum of several lines was told is no part of what must be the same; what it says is. */
const uncounted = (unit: string, text: string): string =>
  isSumOfSeveral(unit) ? text.replaceAll(/"revision":"?\d+"?/g, '"revision":"*"') : text;

type Row = readonly [tags: Readonly<Record<string, string>>, fields: Readonly<Record<string, unknown>>];

/** Of every window the revision that nothing came after. */
function lastRevisions(rows: readonly Row[]): Row[] {
  const last = new Map<string, Row>();
  for (const row of rows) {
    const [{ revision, ...window }, { time }] = row;
    const key = JSON.stringify([window, time]);
    const known = last.get(key);
    if (known === undefined || Number(known[0].revision) < Number(revision)) last.set(key, row);
  }
  return [...last].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** One series after the other, its tags and fields, as InfluxDB says it. */
async function rowsOf(influx: string, database: string, query: string): Promise<Row[]> {
  const body = new URLSearchParams({ db: database, epoch: 'ms', q: query });
  const answer = await fetch(`${influx}/query`, { method: 'POST', body });
  const { results, error } = (await answer.json()) as {
    error?: string;
    results?: { error?: string; series?: { columns: string[]; tags: Record<string, string>; values: unknown[][] }[] }[];
  };
  const failed = error ?? results?.find(result => result.error !== undefined)?.error;
  if (failed !== undefined || results === undefined) throw new Error(`${query}: ${failed}`);
  return results
    .flatMap(({ series = [] }) => series)
    .flatMap(({ tags, columns, values }) =>
      values.map((row): Row => [tags, Object.fromEntries(columns.map((name, index) => [name, row[index]]))]),
    );
}

const AROUND = 700;

/** @returns '' when they are the same; otherwise the questions that are answered otherwise, and the first difference */
export function firstDifference(calm: ChaosPrint, other: ChaosPrint): string {
  const differing = [...calm.texts].filter(([question, text]) => other.texts.get(question) !== text);
  const [first] = differing;
  if (first === undefined) return '';
  const [question, was] = first;
  const is = other.texts.get(question) ?? '';
  let at = 0;
  while (at < was.length && was[at] === is[at]) at += 1;
  const shown = (text: string): string => text.slice(Math.max(0, at - AROUND), at + AROUND);
  const names = differing.map(([name]) => name).join('\n');
  return `${differing.length} of ${calm.texts.size} differ:\n${names}\n\nfirst: ${question}\ncalm:  …${shown(was)}…\nother: …${shown(is)}…`;
}
