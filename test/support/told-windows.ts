// Told windows: every window of a span as the engine answers and as InfluxDB holds it, to compare two runs with.
// In: a running engine, units, a span. Out: figures by unit, kind and start, without what depends on when one looked.
// Touches the engine and InfluxDB by questions.

import type { EngineChild } from './engine-child.ts';
import type { InfluxRow } from './influx-child.ts';

const KINDS = ['minute', 'hour', 'shift'] as const;

export interface ToldWindows {
  /** from GET /v1/oee */
  readonly answers: Readonly<Record<string, unknown>>;
  /** measurement oee */
  readonly rows: Readonly<Record<string, InfluxRow>>;
  /** measurement machine_state, without points that say that their span belongs to others */
  readonly states: Readonly<Record<string, InfluxRow>>;
}

/** @param span windows that lie in it whole; all of it behind the last event by more than the lateness */
export async function toldWindows(
  engine: EngineChild,
  units: readonly string[],
  span: { readonly from: number; readonly to: number },
): Promise<ToldWindows> {
  const answers: Record<string, unknown> = {};
  for (const unit of units) {
    for (const window of KINDS) {
      for (const result of await engine.results({ unit, window, ...span })) {
        if (Date.parse(result.window.end) > span.to || Date.parse(result.window.start) < span.from) continue;
        answers[`${unit} ${window} ${result.window.start}`] = result;
      }
    }
  }
  const within = `time >= ${span.from}ms AND time < ${span.to}ms`;
  const rows = await engine.influx.rows(`SELECT * FROM oee WHERE ${within} AND "window" =~ /^(${KINDS.join('|')})$/`);
  const states = await engine.influx.rows(`SELECT * FROM machine_state WHERE ${within} AND superseded = false`);
  return {
    answers,
    rows: keyed(rows.filter(row => Number(row.end) <= span.to).map(asToBeRead)),
    states: keyed(states.filter(row => Number(row.to) <= span.to)),
  };
}

/** InfluxDB cannot take a field back: a ratio that has lost its base is one of those that `undefinedBecause` names. */
function asToBeRead(row: InfluxRow): InfluxRow {
  const missing = String(row.undefinedBecause ?? '').split(' ');
  return { ...row, ...Object.fromEntries(missing.map(each => [each.split(':')[0] ?? '', null])) };
}

function keyed(rows: readonly InfluxRow[]): Record<string, InfluxRow> {
  return Object.fromEntries(rows.map(row => [`${row.unit} ${row.window ?? 'state'} ${row.time}`, row]));
}

/**
 * Figures that do not depend on the pace. Events in order never restate a machine or a line, so their revisions must agree.
 * Areas and sites add up lines of several partitions, which do not wait for one another: the line that comes second
 * restates the sum, so how often depends on who was quicker.
 */
export const atAnyPace = (told: ToldWindows): ToldWindows =>
  stripped(told, level => level === 'area' || level === 'site');

/** Figures that do not depend on how often a window was restated on the way: shuffled events restate between two ticks. */
export const withoutRevisions = (told: ToldWindows): ToldWindows => stripped(told, () => true);

function stripped(told: ToldWindows, from: (level: unknown) => boolean): ToldWindows {
  const strip = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(
      Object.entries(record).map(([key, value]) => {
        const { level } = value as { level?: unknown };
        return [key, from(level) ? { ...value, revision: 0 } : value];
      }),
    );
  return { answers: strip(told.answers), rows: strip(told.rows), states: told.states };
}
