// Naive tally: the law computed by another method: whole event lists, one instant at a time, nothing remembered or subtracted.
// In: a machine's model, its calendar said in plain instants, all its events, the live edge. Out: tallies of any span.
// Pure. Slow on purpose; shares no code with the engine but the shapes.

import type { FactEvent, MachineEvent, ReclassifyEvent, ShiftEvent, StateEvent } from '../../src/core/event.ts';
import type { CycleModel, MachineModel } from '../../src/core/plant-model.ts';
import type { Category, Tally } from '../../src/core/tally.ts';
import { emptyTally } from '../../src/core/tally.ts';
import { addPieces, type NaivePiece, naiveCycleUs, naivePieces, total } from './naive-counters.ts';

/** The plan in plain instants, for the days that a test looks at. */
export interface NaivePlan {
  readonly shifts: readonly { readonly from: number; readonly to: number }[];
  readonly breaks: readonly { readonly from: number; readonly to: number }[];
}

const RANK = ['order', 'state', 'counter', 'count', 'requalify', 'heartbeat'];
const CLAIMS: Readonly<Record<string, string>> = { C1: 'setup', P1: 'plannedStop' };
const isFact = (event: MachineEvent): event is FactEvent => RANK.includes(event.type);
const alive = (event: MachineEvent): boolean => isFact(event) && !['order', 'requalify'].includes(event.type);
const said = (a: MachineEvent, b: MachineEvent): number => a.at - b.at || (a.id < b.id ? -1 : 1);
const own = (claim: string): boolean => claim === 'stop' || claim === 'breakdown';

/** A stretch without silence. */
interface Life {
  readonly from: number;
  readonly to: number;
}
/** A time in one kind of state. */
interface Run {
  readonly from: number;
  to: number;
  readonly claim: string;
}

export class NaiveMachine {
  readonly facts: FactEvent[];
  private readonly corrections: MachineEvent[];
  private readonly lives: Life[] = [];
  private readonly runs: Run[] = [];
  private readonly pieces: NaivePiece[];
  private readonly inferred: Life[];
  private readonly cuts: number[];
  private readonly neverHeard: boolean;

  constructor(
    private readonly model: MachineModel,
    private readonly plan: NaivePlan,
    events: readonly MachineEvent[],
    private readonly edge: number,
    private readonly lineCycles: readonly CycleModel[] | null = null,
  ) {
    this.neverHeard = !events.some(isFact);
    const once = new Map<string, MachineEvent>();
    for (const event of events) once.set(isFact(event) ? `${event.at} ${event.type} ${event.id}` : event.id, event);
    const standing = [...once.values()].filter(event => !this.isRevoked(event.id, [...once.values()]));
    this.facts = standing
      .filter(isFact)
      .sort((a, b) => a.at - b.at || RANK.indexOf(a.type) - RANK.indexOf(b.type) || said(a, b));
    this.corrections = standing.filter(event => !isFact(event)).sort(said);
    this.findLives();
    this.findRuns();
    const released = new Set(this.corrections.flatMap(event => (event.type === 'release' ? [event.releases] : [])));
    this.pieces = naivePieces(model, this.facts, released);
    this.inferred = this.findInferred();
    this.cuts = this.findCuts();
  }

  private isRevoked(id: string, all: readonly MachineEvent[]): boolean {
    return all.some(event => event.type === 'revoke' && event.revokes === id && !this.isRevoked(event.id, all));
  }

  private findLives(): void {
    const silence = this.model.silenceMs ?? Number.POSITIVE_INFINITY;
    const signs = this.facts.filter(alive).map(fact => fact.at);
    if (signs[0] === undefined) return;
    let from = signs[0];
    for (const [index, at] of signs.entries()) {
      const next = signs[index + 1] ?? this.edge;
      if (next - at <= silence && index + 1 < signs.length) continue;
      this.lives.push({ from, to: next - at <= silence ? Math.max(next, at) : at });
      from = next;
    }
  }

  private findRuns(): void {
    const states = this.facts.filter((fact): fact is StateEvent => fact.type === 'state');
    for (const life of this.lives) {
      const last = states.filter(state => state.at < life.from).at(-1);
      let run: Run = { from: life.from, to: life.to, claim: last === undefined ? 'unknown' : claimOf(last) };
      this.runs.push(run);
      for (const state of states.filter(each => each.at >= life.from && each.at <= life.to)) {
        const claim = claimOf(state);
        if (claim === run.claim || (own(claim) && own(run.claim))) continue;
        run.to = state.at;
        run = { from: state.at, to: life.to, claim };
        this.runs.push(run);
      }
    }
  }

  /** The tail of a silence that the first gain after it proves. */
  private findInferred(): Life[] {
    const out: Life[] = [];
    for (const [index, life] of this.lives.entries()) {
      const before = this.lives[index - 1];
      if (before === undefined) continue;
      const until = life.from + (this.model.silenceMs ?? 0);
      const proof = this.pieces.find(
        piece =>
          piece.across !== null &&
          piece.across <= before.to &&
          piece.at >= life.from &&
          piece.at <= until &&
          !piece.held &&
          total(piece) > 0,
      );
      if (proof === undefined) continue;
      const ms =
        Math.floor((total(proof) * (naiveCycleUs([...this.model.cycles, ...this.cyclesSaid()], proof) ?? 0)) / 1000) -
        (proof.at - life.from);
      const length = Math.min(Math.max(ms, 0), life.from - before.to);
      if (length > 0) out.push({ from: life.from - length, to: life.from });
    }
    return out;
  }

  /** Every instant at which anything can change. */
  private findCuts(): number[] {
    const spans = [...this.lives, ...this.runs, ...this.inferred, ...this.plan.shifts, ...this.plan.breaks];
    for (const event of this.corrections) if ('from' in event && 'to' in event) spans.push(event);
    const cuts = new Set([this.edge, ...spans.flatMap(span => [span.from, span.to])]);
    return [...cuts].sort((a, b) => a - b);
  }

  private painted(type: 'reclassify' | 'shift', at: number): ReclassifyEvent | ShiftEvent | undefined {
    return this.corrections
      .filter((event): event is ReclassifyEvent | ShiftEvent => event.type === type)
      .filter(event => event.from <= at && at < event.to)
      .at(-1);
  }

  /** The plan alone: whether the machine's own state decides. */
  private planOf(at: number): 'scheduled' | 'plannedStop' | 'notScheduled' {
    const exception = this.painted('shift', at);
    if (exception?.type === 'shift') return exception.planned;
    if (this.plan.breaks.some(span => span.from <= at && at < span.to)) return 'plannedStop';
    return this.plan.shifts.some(span => span.from <= at && at < span.to) ? 'scheduled' : 'notScheduled';
  }

  private ownCategory(at: number): Category {
    if (!this.lives.some(life => life.from <= at && at < life.to)) {
      return this.inferred.some(span => span.from <= at && at < span.to) ? 'producing' : 'unknown';
    }
    const run = this.runs.find(each => each.from <= at && at < each.to);
    if (run === undefined) return 'unknown';
    if (own(run.claim)) return run.to - run.from >= this.model.microStopMs ? 'breakdown' : 'microStop';
    return run.claim as Category;
  }

  /** The category of an instant before the edge; null beyond it, and on a machine that was never heard. */
  categoryAt(at: number): Category | null {
    if (at >= this.edge || this.neverHeard) return null;
    const restated = this.painted('reclassify', at);
    if (restated?.type === 'reclassify') return restated.category;
    const plan = this.planOf(at);
    return plan === 'scheduled' ? this.ownCategory(at) : plan;
  }

  tallyOver(from: number, to: number): Tally {
    const tally = emptyTally();
    const cuts = [...new Set([from, to, ...this.cuts.filter(cut => cut > from && cut < to)])].sort((a, b) => a - b);
    for (const [index, cut] of cuts.entries()) {
      const next = cuts[index + 1];
      const category = next === undefined ? null : this.categoryAt(cut);
      if (next === undefined || category === null) continue;
      tally[category] += next - cut;
      const proven = this.inferred.some(span => span.from <= cut && cut < span.to) && this.planOf(cut) === 'scheduled';
      if (proven && this.painted('reclassify', cut) === undefined) tally.inferred += next - cut;
    }
    this.countStops(tally, from, to);
    const inside = this.pieces.filter(piece => this.sliceOf(piece) >= from && this.sliceOf(piece) < to);
    addPieces(tally, inside, this.model.cycles, this.cyclesSaid(), this.lineCycles);
    return tally;
  }

  /** A run is counted where it first stands in planned time; a restatement where it is first visible. */
  private countStops(tally: Tally, from: number, to: number): void {
    const firsts: number[] = [];
    for (const run of this.runs.filter(
      each => each.to > each.from && each.claim !== 'producing' && each.claim !== 'unknown',
    )) {
      const seen = [run.from, ...this.cuts].filter(cut => cut >= run.from && cut < run.to);
      const first = seen
        .sort((a, b) => a - b)
        .find(cut => this.planOf(cut) === 'scheduled' && this.painted('reclassify', cut) === undefined);
      if (first !== undefined) firsts.push(first);
    }
    for (const event of this.corrections) {
      if (event.type !== 'reclassify') continue;
      const seen = this.restatementCuts(event).find(cut => this.painted('reclassify', cut) === event);
      if (seen !== undefined) firsts.push(seen);
    }
    for (const first of firsts.filter(at => at >= from && at < to)) {
      const category = this.categoryAt(first);
      if (category === 'microStop') tally.microStops += 1;
      if (category === 'breakdown') tally.failures += 1;
      if (category !== null && ['setup', 'breakdown', 'starved', 'blocked', 'idle'].includes(category))
        tally.stops += 1;
    }
  }

  private restatementCuts(event: ReclassifyEvent): number[] {
    const cuts = this.corrections.flatMap(other => (other.type === 'reclassify' ? [other.from, other.to] : []));
    return [event.from, ...cuts].filter(cut => cut >= event.from && cut < event.to).sort((a, b) => a - b);
  }

  /** A piece at the very end of a shift closes it where the plant file says so. */
  private sliceOf(piece: NaivePiece): number {
    const ends = this.model.countEdge === 'ending' && this.plan.shifts.some(shift => shift.to === piece.at);
    return ends ? piece.at - 1 : piece.at;
  }

  /** What people said of ideal cycles, as rows of the plant file. */
  cyclesSaid(): CycleModel[] {
    return this.corrections.flatMap(event =>
      event.type === 'cycle'
        ? [{ product: event.product, from: event.from, cycleUs: Math.round(event.idealCycleMs * 1000) }]
        : [],
    );
  }
}

function claimOf(state: StateEvent): string {
  return (state.reason === undefined ? undefined : CLAIMS[state.reason]) ?? state.state;
}
