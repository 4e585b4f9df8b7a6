// History agrees: what GET /v1/oee says of a unit's windows, beside what InfluxDB holds of them, digit by digit.
// In: an engine child, a unit, a window kind, a span. Out: nothing, or an assertion that names the window and the field.
// Touches HTTP only. InfluxDB is asked directly, in InfluxQL, as a dashboard does.

import assert from 'node:assert/strict';
import type { WireResult, WireTally } from '../../src/core/result-to-wire.ts';
import type { EngineChild } from './engine-child.ts';
import type { InfluxRow } from './influx-child.ts';

export interface Asked {
  readonly unit: string;
  readonly kind: string;
  readonly from: number;
  readonly to: number;
}

const RATIOS = ['availability', 'performance', 'quality', 'oee', 'teep', 'utilisation', 'yield', 'coverage'] as const;
const PLAIN = [
  ...(['calendarMs', 'plannedMs', 'runMs', 'unknownPlannedMs', 'inferredMs'] as const),
  ...(['total', 'good', 'reject', 'rework', 'uncycled', 'quarantined'] as const),
  ...(['stops', 'failures', 'microStops', 'energyWh'] as const),
];
/** Names that a row has beyond those of a result: two figures of the last machine of a line, and where the unit stands. */
const BEYOND = new Set(['time', 'lineIdealGoodUs', 'sum_lineIdealGoodUs', 'undefinedBecause', 'site', 'area', 'line']);

type Words = Record<string, string | number | boolean>;

/** @returns how many windows were compared */
export async function sameInHistory(engine: EngineChild, asked: Asked): Promise<number> {
  const { unit, kind, from, to } = asked;
  const told = await engine.results({ unit, window: kind, from, to });
  const starts = told.map(({ window }) => Date.parse(window.start));
  const lower = Math.min(from, ...starts);
  const where = `"unit"='${unit}' AND "window"='${kind}' AND time >= ${lower}ms AND time < ${to}ms`;
  const rows = await engine.influx.rows(`SELECT * FROM oee WHERE ${where}`);
  // a window that began before the span and ended before it shares no time with it
  const stored = rows.filter(row => Number(row.end) > from);
  assert.deepEqual(
    stored.map(row => row.start),
    starts,
    `${unit} ${kind}: InfluxDB has the windows that GET has, and no others`,
  );
  told.forEach((result, i) => {
    sameFigures(result, stored[i] ?? {}, `${unit} ${kind} ${result.window.start}`);
  });
  await sameRevisions(engine, asked, where, told);
  return told.length;
}

/** Every figure of the answer stands in the row; a ratio without a base is named there instead. */
function sameFigures(result: WireResult, row: InfluxRow, what: string): void {
  const missing = new Set(String(row.undefinedBecause).split(' ').filter(Boolean));
  const named = new Map([...missing].map(word => word.split(':') as [string, string]));
  const { words, undefinedRatios } = wordsOf(result);
  const found = Object.fromEntries(Object.keys(words).map(name => [name, row[name]]));
  assert.deepEqual(found, words, what);
  assert.deepEqual([...named.keys()].sort(), undefinedRatios.sort(), `${what}: ratios without a base`);
  for (const [name, value] of Object.entries(row)) {
    const known = name in words || BEYOND.has(name) || value === null || named.has(name);
    assert.ok(known, `${what}: InfluxDB has ${name} = ${value}, of which GET says nothing`);
  }
}

function wordsOf(result: WireResult): { words: Words; undefinedRatios: string[] } {
  const { window, tally, beside, final, revision, basis, level, unit } = result;
  const undefinedRatios: string[] = [];
  const words: Words = {
    ...{ unit, level, basis, final, revision, window: window.kind, name: window.name ?? '' },
    ...{ start: Date.parse(window.start), end: Date.parse(window.end), edge: Date.parse(window.edge) },
    businessDay: window.businessDay ?? '',
    ...(window.kind === 'shift' ? { shift: window.name ?? '' } : {}),
  };
  const figures = (prefix: string, t: WireTally, ratios: Pick<WireResult, (typeof RATIOS)[number] | 'band'>): void => {
    for (const name of PLAIN) words[prefix + name] = t[name];
    for (const [category, ms] of Object.entries(t.categoriesMs)) words[`${prefix}${category}Ms`] = ms;
    words[`${prefix}idealUs`] = Math.round(t.idealMs * 1000);
    words[`${prefix}idealGoodUs`] = Math.round(t.idealGoodMs * 1000);
    const [worst = null, best = null] = ratios.band ?? [];
    for (const [name, value] of Object.entries({ ...pick(ratios), oeeWorst: worst, oeeBest: best })) {
      if (value === null) undefinedRatios.push(prefix + name);
      else words[prefix + name] = value;
    }
  };
  figures('', tally, result);
  if (beside !== null) figures('sum_', beside.tally, beside);
  return { words, undefinedRatios };
}

const pick = (ratios: Pick<WireResult, (typeof RATIOS)[number]>): Record<string, number | null> =>
  Object.fromEntries(RATIOS.map(name => [name, ratios[name]]));

/**
 * As reported: of every final window each revision without a hole, the newest of them with the figures known now. The first
 * is 0; of a window whose time had passed the watermark before anything was known of it, 1: late news is a restatement.
 */
async function sameRevisions(
  engine: EngineChild,
  { unit, kind, from }: Asked,
  where: string,
  told: readonly WireResult[],
): Promise<void> {
  const rows = (await engine.influx.rows(`SELECT * FROM oee_revision WHERE ${where}`)).filter(
    row => Number(row.end) > from,
  );
  const byStart = new Map<number, InfluxRow[]>();
  for (const row of rows) byStart.set(Number(row.start), [...(byStart.get(Number(row.start)) ?? []), row]);
  for (const result of told) {
    const what = `${unit} ${kind} ${result.window.start} as reported`;
    const start = Date.parse(result.window.start);
    const revisions = (byStart.get(start) ?? []).sort((a, b) => Number(a.revision) - Number(b.revision));
    byStart.delete(start);
    // `revision` is a field and a tag: a reader sees the number and the word
    const numbers = revisions.map(row => Number(row.revision));
    const first = numbers[0] ?? 0;
    assert.ok(first === 0 || first === 1, `${what}: begins with revision ${first}`);
    const expected = Array.from({ length: result.final ? result.revision + 1 - first : 0 }, (_, i) => first + i);
    assert.deepEqual(numbers, expected, what);
    const { by: _by, why: _why, revision_1: _tag, ...newest } = revisions.at(-1) ?? {};
    if (result.final) sameFigures(result, newest, what);
  }
  assert.deepEqual([...byStart.keys()], [], `${unit} ${kind}: revisions only of windows that GET has`);
}
