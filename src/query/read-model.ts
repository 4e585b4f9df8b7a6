// Read model: results for a question, from the state that the pipeline keeps.
// In: unit, window kind, span. Out: window results, intervals; the same figures that the sinks were told.
// Pure over the state; reads only.

import { type Line, lineTally } from '../core/line.ts';
import { type Machine, reachOf, readEffective, watermarkOf } from '../core/machine.ts';
import { shareOfFrame, tallyOfFrame, tallyOver } from '../core/machine-results.ts';
import type { Partition } from '../core/partition.ts';
import type { Level, Plant } from '../core/plant-model.ts';
import type { Basis, Interval, WindowKind, WindowResult } from '../core/result.ts';
import { sumsIn } from '../core/rollup.ts';
import { emptyTally, sumOfTallies, type Tally, talliesEqual } from '../core/tally.ts';
import { intervalOf } from '../core/timeline.ts';
import type { Frame } from '../core/window-track.ts';
import { framesOf } from './frames.ts';

/** Where the state of a plant is found. */
export interface StateView {
  plant(): Plant | null;
  /** the partition that carries a line, an area or a site; null before it is loaded */
  partitionOf(unit: string): Partition | null;
}

export type TumblingKind = 'minute' | 'hour' | 'shift' | 'day' | 'order';

/** A unit of the plant, with the machines whose facts make it up. */
export interface Unit {
  readonly id: string;
  readonly level: Level;
  /** lines below (or the line of) the unit */
  readonly lines: readonly string[];
}

export function findUnit(plant: Plant, id: string): Unit | null {
  const machine = plant.machines.find(candidate => candidate.id === id);
  if (machine !== undefined) return { id, level: 'machine', lines: [machine.line] };
  if (plant.lines.some(line => line.id === id)) return { id, level: 'line', lines: [id] };
  const area = plant.areas.find(candidate => candidate.id === id);
  if (area !== undefined) return { id, level: 'area', lines: area.lines };
  const site = plant.sites.find(candidate => candidate.id === id);
  if (site === undefined) return null;
  return { id, level: 'site', lines: plant.areas.filter(a => a.site === id).flatMap(a => a.lines) };
}

const NOTHING = emptyTally();

interface Figures {
  readonly tally: Tally;
  readonly basis: Basis;
  readonly beside: Tally | null;
}

/** What a unit's figures are read from: whatever becomes of the partition, these stay as they were. */
interface Parts {
  readonly machine: Machine | null;
  readonly lines: readonly Line[];
}

function figuresOf(unit: Unit, { machine, lines }: Parts, tallyOf: (machine: Machine) => Tally): Figures {
  if (unit.level === 'machine') {
    return { tally: machine === null ? sumOfTallies([]) : tallyOf(machine), basis: 'own', beside: null };
  }
  const tallies = lines.map(line => {
    const byId = new Map(line.machines.map(each => [each.rules.machine.id, each]));
    return lineTally(line.model, id => tallyOf(byId.get(id) as Machine));
  });
  if (unit.level === 'line' && tallies[0] !== undefined) return tallies[0];
  return { tally: sumOfTallies(tallies.map(line => line.tally)), basis: 'sum', beside: null };
}

/** Reads figures of units from the state of their partitions. */
export class ReadModel {
  private readonly view: StateView;
  constructor(view: StateView) {
    this.view = view;
  }

  machine(id: string): Machine | null {
    const model = this.view.plant()?.machines.find(candidate => candidate.id === id);
    return model === undefined ? null : (this.view.partitionOf(model.line)?.machines.get(id) ?? null);
  }

  /** One result for exactly [from, to), as far as the facts reach. */
  overSpan(unit: Unit, from: number, to: number): WindowResult {
    const figures = figuresOf(unit, this.partsOf(unit), machine => tallyOver(machine, from, to, this.asOf(machine)));
    const frame: Frame = { name: null, start: from, end: to, businessDay: null };
    return this.result(
      unit,
      'span',
      frame,
      figures,
      0,
      this.machinesOf(unit).every(machine => to <= watermarkOf(machine)),
    );
  }

  /**
   * Every window of the kind that shares time with [from, to), oldest first: those, and only those, that the sinks were told
   * of. They begin with the unit's first fact, or with the first that is still kept whole, and go as far as it reaches.
   * Each is read when it is asked for, from the state that stood at the first: what comes in between shows in those after it.
   */
  *windows(unit: Unit, kind: TumblingKind, from: number, to: number): Generator<WindowResult> {
    if (unit.level === 'area' || unit.level === 'site') {
      yield* this.sums(unit, kind, from, to);
      return;
    }
    const machines = this.machinesOf(unit);
    const keptFrom = (): number => Math.max(0, ...machines.map(machine => machine.keptFrom));
    const first = Math.max(from, keptFrom(), Math.min(...machines.map(machine => machine.beginning)));
    const reach = Math.min(to, Math.max(0, ...machines.map(reachOf)));
    for (const result of this.figuresBetween(unit, kind, first, reach)) {
      // facts stamped ahead of the edge make a window there, without time; without them there is none yet
      if (result.start >= keptFrom() && !talliesEqual(result.tally, NOTHING)) yield result;
    }
  }

  private *figuresBetween(unit: Unit, kind: TumblingKind, from: number, to: number): Generator<WindowResult> {
    const lead = this.leadOf(unit);
    if (lead === null) return;
    const parts = this.partsOf(unit);
    const line = unit.level === 'line' ? parts.lines[0] : undefined;
    const tallyOf = unit.level === 'machine' ? tallyOfFrame : shareOfFrame;
    for (const frame of framesOf(lead, kind, from, to)) {
      const key = `${kind}:${frame.start}`;
      const figures = figuresOf(unit, parts, machine => tallyOf(machine, kind, frame));
      const revision = (line ?? lead).revisions.get(key) ?? 0;
      yield this.result(unit, kind, frame, figures, revision, frame.end <= (line ?? lead).finalUpTo);
    }
  }

  /** The window of the kind that holds the live edge; sliding ones end there. */
  current(unit: Unit, kind: WindowKind): WindowResult[] {
    const edge = this.edgeOf(unit);
    if (edge === 0) return [];
    const sliding = /^last(\d+)m$/.exec(kind);
    if (sliding === null) return [...this.windows(unit, kind as TumblingKind, edge - 1, edge)].slice(-1);
    const start = edge - Number(sliding[1]) * 60_000;
    return [{ ...this.overSpan(unit, start, edge), kind, final: false }];
  }

  /** The effective timeline of a machine, clipped to [from, to). */
  timeline(machine: Machine, from: number, to: number): Interval[] {
    const { stretches } = readEffective(machine, from, to, this.asOf(machine));
    return stretches
      .filter(stretch => stretch.to > from && stretch.from < to)
      .map(stretch => intervalOf(machine.rules.machine.id, stretch, machine.edge))
      .map(interval => ({ ...interval, from: Math.max(from, interval.from), to: Math.min(to, interval.to) }));
  }

  machinesOf(unit: Unit): Machine[] {
    if (unit.level === 'machine') return [this.machine(unit.id)].filter(machine => machine !== null);
    return unit.lines.flatMap(id => this.lineMachines(id));
  }

  private lineMachines(line: string): readonly Machine[] {
    return this.view.partitionOf(line)?.lines.find(candidate => candidate.model.id === line)?.machines ?? [];
  }

  private partsOf(unit: Unit): Parts {
    const lineOf = (id: string) => this.view.partitionOf(id)?.lines.find(candidate => candidate.model.id === id);
    return unit.level === 'machine'
      ? { machine: this.machine(unit.id), lines: [] }
      : { machine: null, lines: unit.lines.map(lineOf).filter(line => line !== undefined) };
  }

  /** Areas and sites: the sums that were told. */
  private sums(unit: Unit, kind: TumblingKind, from: number, to: number): Iterable<WindowResult> {
    const rollup = this.view.partitionOf(unit.id)?.rollups.find(candidate => candidate.unit === unit.id);
    return rollup === undefined ? [] : sumsIn(rollup, kind, from, to);
  }

  private leadOf(unit: Unit): Machine | null {
    if (unit.level === 'machine') return this.machine(unit.id);
    const machines = this.machinesOf(unit);
    return machines.find(machine => machine.edge > 0) ?? machines[0] ?? null;
  }

  private edgeOf(unit: Unit): number {
    return Math.max(0, ...this.machinesOf(unit).map(machine => machine.edge));
  }

  /** How far time has come for a machine that was never heard: the latest tick. */
  private asOf(machine: Machine): number {
    return Math.max(machine.edge, this.view.partitionOf(machine.rules.machine.line)?.tick ?? 0);
  }

  private result(
    unit: Unit,
    kind: WindowKind,
    frame: Frame,
    figures: Figures,
    revision: number,
    final: boolean,
  ): WindowResult {
    const edge = Math.min(frame.end, Math.max(frame.start, this.edgeOf(unit)));
    const { id, level } = unit;
    const end = Number.isFinite(frame.end) ? frame.end : edge;
    return {
      type: 'result',
      unit: id,
      level,
      kind,
      ...frame,
      end,
      edge,
      final,
      revision,
      ...figures,
      by: null,
      why: null,
    };
  }
}
