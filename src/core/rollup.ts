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
    sum = { frame, parts: sum?.parts ?? new Map(), told: null, by: null, why: null };
    rollup.sums.set(key, sum);
  }
  const { final, revision, edge } = result;
  const part: Part = { tally: tallyToRow(result.tally), final, revision, edge };
  const known = sum.parts.get(result.unit);
  if (known !== undefined && !isNews(known, part)) return;
  sum.parts.set(result.unit, part);
  rollup.dirty.add(key);
  rollup.unsaved.add(key);
  rollup.heard.set(result.unit, Math.max(edge, rollup.heard.get(result.unit) ?? 0));
  if (result.by !== null) Object.assign(sum, { by: result.by, why: result.why });
}

/** A repeat, an older revision, or an earlier look at an open window is no news. */
function isNews(known: Part, part: Part): boolean {
  if (part.revision !== known.revision) return part.revision > known.revision;
  if (known.final && !part.final) return false;
  if (part.edge < known.edge) return false;
  return part.edge > known.edge || part.final !== known.final || part.tally.join() !== known.tally.join();
}

/**
 * Tells the sums that changed. Final once every line that keeps step is final in it; from then on each change is a revision.
 */
export function tellRollup(rollup: Rollup, horizonMs: number): WindowResult[] {
  const out: WindowResult[] = [];
  for (const key of rollup.dirty) {
    const sum = rollup.sums.get(key);
    if (sum === undefined) continue;
    const final = isFinal(rollup, sum, horizonMs);
    const revision = sum.told === null ? 0 : sum.told + 1;
    if (final || sum.told !== null) sum.told = revision;
    out.push(sumResult(rollup, sum, final, revision));
    Object.assign(sum, { by: null, why: null });
  }
  rollup.dirty.clear();
  return out;
}

function isFinal(rollup: Rollup, sum: Sum, horizonMs: number): boolean {
  const furthest = Math.max(0, ...rollup.heard.values());
  return [...rollup.heard].every(([line, edge]) => edge <= furthest - horizonMs || sum.parts.get(line)?.final === true);
}

function sumResult(rollup: Rollup, sum: Sum, final: boolean, revision: number): WindowResult {
  const parts = [...sum.parts.values()];
  const { by, why } = sum;
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
    .map(sum => sumResult(rollup, sum, sum.told !== null, sum.told ?? 0));
}

/** Lets sums go whose windows ended before the instant. */
export function forgetSums(rollup: Rollup, before: number): void {
  for (const [key, sum] of rollup.sums) {
    if (sum.frame.end >= before) continue;
    rollup.sums.delete(key);
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
  const saved = JSON.parse(text) as Omit<Sum, 'parts'> & { parts: [string, Part][] };
  rollup.sums.set(key, { ...saved, parts: new Map(saved.parts) });
  for (const [line, part] of saved.parts) {
    rollup.heard.set(line, Math.max(part.edge, rollup.heard.get(line) ?? 0));
  }
}
