// Line: the windows of a line from those of its machines, by the constraint and by sums.
// In: machines and the windows of theirs that were told. Out: window results of the line.
// Pure. Nothing here averages: a serial line takes the constraint's time and the last machine's good pieces.

import type { Machine } from './machine.ts';
import { watermarkOf } from './machine.ts';
import { shareOfFrame, slidingTally } from './machine-results.ts';
import type { LineModel } from './plant-model.ts';
import type { Basis, WindowKind, WindowResult } from './result.ts';
import { sumOfTallies, type Tally } from './tally.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './time.ts';
import type { Frame } from './window-track.ts';

interface LineWindow {
  readonly kind: WindowKind;
  readonly frame: Frame;
  dirty: boolean;
  final: boolean;
  revision: number;
  by: string | null;
  why: string | null;
}

export interface Line {
  readonly model: LineModel;
  readonly machines: readonly Machine[];
  readonly windows: Map<string, LineWindow>;
  finalUpTo: number;
  revisions: Map<string, number>;
}

export function newLine(model: LineModel, machines: readonly Machine[]): Line {
  return { model, machines, windows: new Map(), finalUpTo: 0, revisions: new Map() };
}

/** A line's figures: the headline by its basis, and the plain sums beside it where they differ. */
export interface LineTally {
  readonly tally: Tally;
  readonly basis: Basis;
  readonly beside: Tally | null;
}

/**
 * Time, pieces in, ideal time and stops of the constraint; good pieces of the last machine, valued at the constraint's
 * ideal cycle; rejects and rework of the constraint and every machine after it. Linear in the machines' tallies, so that
 * slices of a line add up like slices of a machine.
 */
export function lineTally(model: LineModel, tallyOf: (machine: string) => Tally): LineTally {
  const parts = model.machines.map(tallyOf);
  const sum = sumOfTallies(parts);
  const place = model.machines.indexOf(model.constraint ?? '');
  const constraint = parts[place];
  const last = parts.at(-1);
  if (model.kind === 'parallel' || constraint === undefined || last === undefined) {
    return { tally: { ...sum, lineIdealGoodUs: 0 }, basis: 'sum', beside: null };
  }
  const onwards = sumOfTallies(parts.slice(place));
  const tally: Tally = {
    ...constraint,
    good: last.good,
    reject: onwards.reject,
    rework: onwards.rework,
    quarantined: sum.quarantined,
    energyWh: sum.energyWh,
    idealGoodUs: last.lineIdealGoodUs,
    lineIdealGoodUs: 0,
  };
  return { tally, basis: 'constraint', beside: { ...sum, lineIdealGoodUs: 0 } };
}

const LINE_KINDS: ReadonlySet<string> = new Set(['minute', 'hour', 'shift', 'day']);

/** Marks the line's window that belongs to a machine's window. */
export function markLine(line: Line, result: WindowResult): void {
  if (!LINE_KINDS.has(result.kind)) return;
  const key = `${result.kind}:${result.start}`;
  const known = line.windows.get(key);
  const { kind, name, start, end, businessDay, by, why } = result;
  const window = known ?? {
    kind,
    frame: { name, start, end, businessDay },
    dirty: true,
    final: end <= line.finalUpTo,
    revision: line.revisions.get(key) ?? 0,
    by,
    why,
  };
  window.dirty = true;
  if (by !== null) Object.assign(window, { by, why });
  line.windows.set(key, window);
}

/** The instant by which every machine that keeps step has been heard. A machine that left the floor holds nobody up. */
function lineWatermark(line: Line): number {
  const heard = line.machines.filter(machine => machine.edge > 0);
  const furthest = Math.max(0, ...heard.map(machine => machine.edge));
  const inStep = heard.filter(machine => machine.edge > furthest - machine.settings.horizonMs);
  return inStep.length === 0 ? 0 : Math.min(...inStep.map(watermarkOf));
}

/** Tells the line's windows by the same rule as a machine's. */
export function tellLine(line: Line, onTick: boolean): WindowResult[] {
  const out: WindowResult[] = [];
  const watermark = lineWatermark(line);
  for (const [key, window] of line.windows) {
    const over = window.frame.end <= watermark;
    if (window.final ? !(window.dirty && onTick) : !over && !(window.dirty && onTick)) continue;
    if (window.final) {
      window.revision += 1;
      line.revisions.set(key, window.revision);
    }
    window.final ||= over;
    out.push(lineResult(line, window));
    Object.assign(window, { dirty: false, by: null, why: null });
    if (window.final) line.windows.delete(key);
  }
  if (hourOf(watermark) > hourOf(line.finalUpTo)) forgetRevisions(line, watermark);
  line.finalUpTo = Math.max(line.finalUpTo, watermark);
  return out;
}

const hourOf = (at: number): number => Math.floor(at / HOUR_MS);

/** Revisions are remembered as long as a fact can still restate their windows, and a business day longer. */
function forgetRevisions(line: Line, watermark: number): void {
  const horizonMs = Math.max(0, ...line.machines.map(machine => machine.settings.horizonMs));
  for (const key of line.revisions.keys()) {
    if (Number(key.slice(key.indexOf(':') + 1)) < watermark - horizonMs - 2 * DAY_MS) line.revisions.delete(key);
  }
}

function lineResult(line: Line, window: LineWindow): WindowResult {
  const { kind, frame, final, revision, by, why } = window;
  const byId = new Map(line.machines.map(machine => [machine.rules.machine.id, machine]));
  const edge = Math.min(frame.end, Math.max(frame.start, ...line.machines.map(machine => machine.edge)));
  const figures = lineTally(line.model, id => shareOfFrame(byId.get(id) as Machine, kind, frame));
  return {
    type: 'result',
    unit: line.model.id,
    level: 'line',
    kind,
    ...frame,
    edge,
    final,
    revision,
    ...figures,
    by,
    why,
  };
}

/** The line's sliding windows, all machines over the same span: up to the edge of the one that is furthest. */
export function tellLineSliding(line: Line, slidingMinutes: readonly number[]): WindowResult[] {
  const edge = Math.max(0, ...line.machines.map(machine => machine.edge));
  if (edge === 0) return [];
  const byId = new Map(line.machines.map(machine => [machine.rules.machine.id, machine]));
  return slidingMinutes.map(minutes => ({
    type: 'result',
    unit: line.model.id,
    level: 'line',
    kind: `last${minutes}m`,
    name: null,
    start: edge - minutes * MINUTE_MS,
    end: edge,
    edge,
    businessDay: null,
    final: false,
    revision: 0,
    ...lineTally(line.model, id => slidingTally(byId.get(id) as Machine, minutes, edge)),
    by: null,
    why: null,
  }));
}
