// Model Influx: a history that keeps the newest point of each series and time, and forgets nothing.
// In: outputs as a sink writes them. Out: what it holds, by the identity of its points.
// Pure but for its own memory.

import { type Output, packOutput } from '../../src/core/result.ts';

/** By which points an output is known: the newest word on a window or an interval, and each published revision for itself. */
export function pointsOf(output: Output): string[] {
  if (output.type === 'interval') return [`interval ${output.unit} ${output.from}`];
  if (output.type !== 'result') return [];
  const { unit, kind, name, start, revision, final } = output;
  // a sliding window begins anew with every look, and only its newest is of interest
  if (kind.startsWith('last')) return [`${unit} ${kind}`];
  const window = `${unit} ${kind} ${kind === 'shift' ? name : ''} ${start}`;
  return final || revision > 0 ? [window, `${window} revision ${revision}`] : [window];
}

export class ModelInflux {
  private readonly points = new Map<string, Output>();
  writes = 0;

  take(outputs: readonly Output[]): void {
    this.writes += 1;
    for (const output of outputs) for (const point of pointsOf(output)) this.points.set(point, output);
  }

  /** What it holds as text, to be compared digit by digit. */
  point(name: string): string | undefined {
    const output = this.points.get(name);
    return output === undefined ? undefined : packOutput(output);
  }

  names(): Iterable<string> {
    return this.points.keys();
  }
}
