// Alert rig: the pipeline with alert rules on small plants, told by the clock, minute by minute.
// In: rules, events. Out: what was said of alerts, and what is known of them.
// Pure.

import type { Alert } from '../../src/core/alert.ts';
import type { AlertRule } from '../../src/core/alert-rule.ts';
import { alertsOf } from '../../src/core/alert-state.ts';
import type { Plant } from '../../src/core/plant-model.ts';
import { PipelineRig } from './pipeline-rig.ts';
import { machineModel, smallPlant } from './small-plant.ts';

/** a Monday, 06:00 UTC: the shift of the small plant begins */
export const MORNING = Date.UTC(2026, 10, 16, 6);
export const at = (minutes: number): number => MORNING + Math.round(minutes * 60_000);

export const ruleOf = (overrides: Partial<AlertRule> & Pick<AlertRule, 'id' | 'condition' | 'units'>): AlertRule => ({
  text: overrides.id,
  forMs: 0,
  severity: 'warning',
  togetherMs: 60_000,
  flapMs: 600_000,
  quiet: [],
  escalation: [],
  ...overrides,
});

/** A stop of ten minutes or longer on the machines named. */
export const stopRule = (units: readonly string[], overrides: Partial<AlertRule> = {}): AlertRule =>
  ruleOf({ id: 'stop', units, condition: { kind: 'stopLonger', longerMs: 600_000 }, ...overrides });

/** The small plant with rules; the machines send heartbeats or not at all. */
export const plantWithRules = (alerts: readonly AlertRule[], overrides: Partial<Plant> = {}): Plant => {
  const plant = smallPlant({ machine: { silenceMs: null }, settings: { refreshMs: 1_000 } });
  return { ...plant, alerts, ...overrides };
};

/** A plant of lines with machines `<line>-m0` … */
export function widePlant(
  lines: number,
  machines: number,
  alerts: readonly AlertRule[],
  silenceMs: number | null = null,
): Plant {
  const plant = smallPlant({ settings: { refreshMs: 1_000, slidingMinutes: [] } });
  const ids = Array.from({ length: lines }, (_, line) => `l${line}`);
  const machinesOf = (line: string): string[] => Array.from({ length: machines }, (_, n) => `${line}-m${n}`);
  const place = { area: 'area-1', site: 'site-1', tags: [] };
  return {
    ...plant,
    areas: plant.areas.map(area => ({ ...area, lines: ids })),
    lines: ids.map(id => ({ id, name: id, ...place, kind: 'parallel', machines: machinesOf(id), constraint: null })),
    machines: ids.flatMap(line => machinesOf(line).map(id => machineModel(id, line, { silenceMs }))),
    alerts,
  };
}

export class AlertRig {
  readonly rig: PipelineRig;
  private events = 0;

  constructor(plant: Plant, from = MORNING) {
    this.rig = new PipelineRig(plant, from);
  }

  /** A machine says a state. */
  state(machine: string, minute: number, state: string, arrival = minute): this {
    this.events += 1;
    this.rig.events([{ id: `s${this.events}`, machine, at: at(minute), type: 'state', state }], at(arrival));
    return this;
  }

  count(machine: string, minute: number, good: number, reject = 0, arrival = minute): this {
    this.events += 1;
    this.rig.events([{ id: `c${this.events}`, machine, at: at(minute), type: 'count', good, reject }], at(arrival));
    return this;
  }

  /** One tick at each half minute. */
  ticks(from: number, to: number): this {
    for (let minute = from; minute <= to; minute += 0.5) this.rig.tick(at(minute));
    return this;
  }

  /** Pieces each minute, rejects among them, and a tick right after. */
  run(machines: readonly string[], from: number, to: number, good: number, reject = 0): this {
    for (let minute = from; minute < to; minute += 1) {
      for (const machine of machines) this.count(machine, minute + 0.5, good, reject);
      this.rig.tick(at(minute + 1));
    }
    return this;
  }

  act(act: object, minute: number): this {
    this.rig.entry('alert-act', JSON.stringify(act), at(minute));
    return this;
  }

  get said(): Alert[] {
    return this.rig.outputs.filter(output => output.type === 'alert');
  }

  /** What people heard, in order: news, unit, minute of the morning. */
  get heard(): string[] {
    return this.said
      .filter(({ tell }) => tell !== 'none')
      .map(each => `${each.news} ${each.unit} ${minuteOfMorning(each.at)}`);
  }

  get known(): Alert[] {
    return alertsOf(this.rig.partition.alerts);
  }
}

/** The alerts that stand, without what depends on who was told when. */
export const standing = (rig: PipelineRig): Pick<Alert, 'id' | 'rule'>[] =>
  alertsOf(rig.partition.alerts)
    .filter(({ status }) => status !== 'withdrawn')
    .map(({ id, rule, unit, since, raisedAt, resolvedAt, status, members, occurrences, flapping }) => ({
      id,
      rule,
      unit,
      since,
      raisedAt,
      resolvedAt,
      status,
      members,
      occurrences,
      flapping,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));

const minuteOfMorning = (instant: number): number => (instant - MORNING) / 60_000;
