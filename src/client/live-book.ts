// Live book: what a client knows: the newest result per unit and window kind, the state of each machine, active alerts.
// In: words of the live link, in order. Out: answers to "what is it now?".
// Pure over its own memory.

import type { WireAlert } from '../core/alert-to-wire.ts';
import type { WireResult, WireState } from '../core/result-to-wire.ts';
import type { LiveWord } from './live-link.ts';

export class LiveBook {
  #results = new Map<string, WireResult>();
  #states = new Map<string, WireState>();
  #alerts = new Map<string, WireAlert>();

  /** A snapshot says all there is: what it does not name is not known any more. */
  take(word: LiveWord): void {
    if (word.op === 'snapshot') this.#begin(word);
    else if (word.op === 'result') this.#takeResult(word.result);
    else if (word.op === 'state') this.#takeState(word.state);
    else if (word.op === 'alert') this.#takeAlert(word.alert);
  }

  /** @param kind minute, hour, shift, day, order or a sliding one (last5m); null: nothing is known of it */
  result(unit: string, kind: string): WireResult | null {
    return this.#results.get(keyOf(unit, kind)) ?? null;
  }

  results(): WireResult[] {
    return [...this.#results.values()];
  }

  state(machine: string): WireState | null {
    return this.#states.get(machine) ?? null;
  }

  states(): WireState[] {
    return [...this.#states.values()];
  }

  /** Active ones. */
  alerts(): WireAlert[] {
    return [...this.#alerts.values()];
  }

  #begin({ results, states, alerts }: Extract<LiveWord, { op: 'snapshot' }>): void {
    const known = { results: this.#results, states: this.#states };
    this.#results = new Map(results.map(result => [keyOf(result.unit, result.window.kind), result]));
    this.#states = new Map(states.map(state => [state.unit, state]));
    this.#alerts = new Map(alerts.map(alert => [alert.id, alert]));
    // a server that has just started may know less of a window than we do
    for (const [key, result] of known.results) if (this.#results.has(key)) this.#takeResult(result);
    for (const [unit, state] of known.states) if (this.#states.has(unit)) this.#takeState(state);
  }

  #takeResult(result: WireResult): void {
    const key = keyOf(result.unit, result.window.kind);
    const known = this.#results.get(key);
    if (known === undefined || isNewerResult(result, known)) this.#results.set(key, result);
  }

  #takeState(state: WireState): void {
    const known = this.#states.get(state.unit);
    if (known === undefined || state.at >= known.at) this.#states.set(state.unit, state);
  }

  #takeAlert(alert: WireAlert): void {
    const known = this.#alerts.get(alert.id);
    if (known !== undefined && known.sequence > alert.sequence) return;
    if (alert.status === 'active') this.#alerts.set(alert.id, alert);
    else this.#alerts.delete(alert.id);
  }
}

const keyOf = (unit: string, kind: string): string => `${kind} ${unit}`;

/**
 * By window, then revision, then how far the facts reach: a restated shift of yesterday never takes the place of today's.
 * ISO instants of one form compare as text.
 */
export function isNewerResult(next: WireResult, known: WireResult): boolean {
  if (next.window.start !== known.window.start) return next.window.start > known.window.start;
  if (next.revision !== known.revision) return next.revision > known.revision;
  return next.window.edge >= known.window.edge;
}
