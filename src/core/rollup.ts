// Roll-up: areas and sites, sums of what their lines say, whichever partition the lines live in.
// In: results of lines. Out: results of areas and sites, restated when a line is.
// Pure. The newest revision of each line and window is kept; the sum is over those.

import type { Level, Plant } from './plant-model.ts';
import type { WindowKind, WindowResult } from './result.ts';
import type { SumReports } from './shift-report.ts';
import { rowToTally, sumOfTallies, tallyToRow } from './tally.ts';

interface Part {
  readonly tally: number[];
  readonly final: boolean;
  readonly revision: number;
  readonly edge: number;
}
interface Sum {
  readonly frame: Pick<WindowResult, 'kind' | 'name' | 'start' | 'end' | 'businessDay'>;
  readonly parts: Map<string, Part>;
  told: number | null;
  /** whether it was final when it was told last */
  final: boolean;
  by: string | null;
  why: string | null;
}

export interface Rollup {
  readonly unit: string;
  readonly level: Level;
  /** every line below the unit */
  readonly lines: readonly string[];
  readonly sums: Map<string, Sum>;
  /** how far each line has spoken */
  readonly heard: Map<string, number>;
  /** the end of the latest window that each line has told as final: what ended by then it will not begin any more */
  readonly finalTo: Map<string, number>;
  /** keys of sums that are not final yet */
  readonly open: Set<string>;
  /** keys of sums that changed since they were last told, and since they were last saved */
  readonly dirty: Set<string>;
  readonly unsaved: Set<string>;
  /** what the lines reported of their shifts, by the key of the sum */
  readonly reports: Map<string, SumReports>;
  readonly reportsUnsaved: Set<string>;
}

/** The roll-ups of a plant: one for each area and site. */
export function rollupsOf(plant: Plant): Rollup[] {
  const linesOf = new Map(plant.areas.map(area => [area.id, area.lines]));
  return [
    ...plant.areas.map(area => newRollup(area.id, 'area', area.lines)),
    ...plant.sites.map(site =>
      newRollup(
        site.id,
        'site',
        site.areas.flatMap(area => linesOf.get(area) ?? []),
      ),
    ),
  ];
}

const newRollup = (unit: string, level: Level, lines: readonly string[]): Rollup => ({
  unit,
  level,
  lines,
  sums: new Map(),
  heard: new Map(),
  finalTo: new Map(),
  open: new Set(),
  dirty: new Set(),
  unsaved: new Set(),
  reports: new Map(),
  reportsUnsaved: new Set(),
});

/** Takes in a line's result; what is no news changes nothing. */
export function addToRollup(rollup: Rollup, result: WindowResult): void {
  const key = result.kind.startsWith('last') ? result.kind : `${result.kind}:${result.start}:${result.end}`;
  const frame = {
    kind: result.kind,
    name: result.name,
    start: result.start,
    end: result.end,
    businessDay: result.businessDay,
  };
  let sum = rollup.sums.get(key);
  if (sum === undefined || (sum.frame.start < result.start && result.kind.startsWith('last'))) {
    sum = { frame, parts: sum?.parts ?? new Map(), told: null, final: false, by: null, why: null };
    rollup.sums.set(key, sum);
  }
  const { final, revision, edge } = result;
  const part: Part = { tally: tallyToRow(result.tally), final, revision, edge };
  const known = sum.parts.get(result.unit);
  if (known !== undefined && !isNews(known, part)) return;
  sum.parts.set(result.unit, part);
  rollup.dirty.add(key);
  rollup.unsaved.add(key);
  hear(rollup, sum, result.unit, part);
  if (!sum.final && !isSliding(sum)) rollup.open.add(key);
  if (result.by !== null) Object.assign(sum, { by: result.by, why: result.why });
}

const isSliding = ({ frame }: Sum): boolean => frame.kind.startsWith('last');

/** How far a line has spoken. An order's window, final once, may be open again; the others say how far all of the line is final. */
function hear(rollup: Rollup, { frame }: Sum, line: string, part: Part): void {
  rollup.heard.set(line, Math.max(part.edge, rollup.heard.get(line) ?? 0));
  if (part.final && frame.kind !== 'order')
    rollup.finalTo.set(line, Math.max(frame.end, rollup.finalTo.get(line) ?? 0));
}

/** A repeat, an older revision, or an earlier look at an open window is no news. */
function isNews(known: Part, part: Part): boolean {
  if (part.revision !== known.revision) return part.revision > known.revision;
  if (known.final && !part.final) return false;
  if (part.edge < known.edge) return false;
  return part.edge > known.edge || part.final !== known.final || part.tally.join() !== known.tally.join();
}

/**
 * Tells the sums that changed, and those that are final since a line that has no part in them went past their end. Final once
 * every line that keeps step is; from then on each change is a revision.
 */
export function tellRollup(rollup: Rollup, horizonMs: number): WindowResult[] {
  const out: WindowResult[] = [];
  const furthest = Math.max(0, ...rollup.heard.values());
  const inStep = rollup.lines.filter(
    line => (rollup.heard.get(line) ?? Number.NEGATIVE_INFINITY) > furthest - horizonMs,
  );
  for (const key of new Set([...rollup.dirty, ...rollup.open])) {
    const sum = rollup.sums.get(key);
    if (sum === undefined) continue;
    const final = isFinal(rollup, sum, inStep);
    if (!final && !rollup.dirty.has(key)) continue;
    const revision = sum.told === null ? 0 : sum.told + 1;
    if (final || sum.told !== null) sum.told = revision;
    sum.final = final;
    if (final) rollup.open.delete(key);
    else if (!isSliding(sum)) rollup.open.add(key);
    rollup.unsaved.add(key);
    out.push(sumResult(rollup, sum, revision));
    Object.assign(sum, { by: null, why: null });
  }
  rollup.dirty.clear();
  return out;
}

/** A line that began after the window, or keeps other shifts, has no part in it: it holds nobody up once it has gone past its end. */
function isFinal({ finalTo }: Rollup, sum: Sum, inStep: readonly string[]): boolean {
  return inStep.every(line => {
    const part = sum.parts.get(line);
    return part === undefined ? sum.final || (finalTo.get(line) ?? 0) >= sum.frame.end : part.final;
  });
}

function sumResult(rollup: Rollup, sum: Sum, revision: number): WindowResult {
  const parts = [...sum.parts.values()];
  const { final, by, why } = sum;
  return {
    type: 'result',
    unit: rollup.unit,
    level: rollup.level,
    ...sum.frame,
    edge: Math.max(...parts.map(part => part.edge)),
    final,
    revision,
    tally: sumOfTallies(parts.map(part => rowToTally(part.tally))),
    basis: 'sum',
    beside: null,
    by,
    why,
  };
}

/** The windows of a kind that share time with [from, to), oldest first, as they were told last. */
export function sumsIn(rollup: Rollup, kind: WindowKind, from: number, to: number): WindowResult[] {
  return [...rollup.sums.values()]
    .filter(({ frame }) => frame.kind === kind && frame.end > from && frame.start < to)
    .sort((a, b) => a.frame.start - b.frame.start)
    .map(sum => sumResult(rollup, sum, sum.told ?? 0));
}

/** Lets sums go whose windows ended before the instant. */
export function forgetSums(rollup: Rollup, before: number): void {
  for (const [key, sum] of rollup.sums) {
    if (sum.frame.end >= before) continue;
    rollup.sums.delete(key);
    rollup.open.delete(key);
    rollup.unsaved.add(key);
  }
}

/** Sums that changed since the last call: key and plain JSON, '' for one that was let go. */
export function saveRollup(rollup: Rollup): [key: string, text: string][] {
  const out = [...rollup.unsaved].map((key): [string, string] => {
    const sum = rollup.sums.get(key);
    return [key, sum === undefined ? '' : JSON.stringify({ ...sum, parts: [...sum.parts] })];
  });
  rollup.unsaved.clear();
  return out;
}

export function loadSum(rollup: Rollup, key: string, text: string): void {
  type Saved = Omit<Sum, 'parts' | 'final'> & { parts: [string, Part][]; final?: boolean };
  const saved = JSON.parse(text) as Saved;
  // a state of before it was said: told at all was told as final
  const sum: Sum = { ...saved, final: saved.final ?? saved.told !== null, parts: new Map(saved.parts) };
  rollup.sums.set(key, sum);
  if (!sum.final && !isSliding(sum)) rollup.open.add(key);
  for (const [line, part] of saved.parts) hear(rollup, sum, line, part);
}
