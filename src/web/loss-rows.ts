// Loss rows: the time of a span that was lost, by cause, the greatest first.
// In: an explanation, the machines whose reasons its intervals name, a span. Out: rows of category, reason, time and number of stops.
// Pure.

import type { WireExplanation } from '../core/explanation.ts';
import type { Category } from '../core/tally.ts';
import type { MachineAnswer } from './plant-answer.ts';
import { CATEGORY_TEXT } from './spoken-texts.ts';

export interface LossRow {
  readonly category: Category;
  readonly text: string;
  readonly ms: number;
  readonly times: number;
}

/** Time that is no loss of the machine's planned time. */
const NO_LOSS: ReadonlySet<Category> = new Set(['producing', 'notScheduled', 'plannedStop']);

export function lossesIn(
  explained: WireExplanation | null,
  machines: readonly MachineAnswer[],
  from: number,
  to: number,
): LossRow[] {
  const rows = new Map<string, LossRow>();
  const byId = new Map(machines.map(machine => [machine.id, machine]));
  for (const interval of explained?.intervals ?? []) {
    const { category, reason } = interval;
    const ms = Math.min(to, Date.parse(interval.to)) - Math.max(from, Date.parse(interval.from));
    if (ms <= 0 || NO_LOSS.has(category)) continue;
    // one code may be another reason on another machine
    const named = reason === null ? null : (byId.get(interval.unit)?.reasons?.[reason]?.text ?? reason);
    const text = named === null ? CATEGORY_TEXT[category] : `${named} (${CATEGORY_TEXT[category]})`;
    const row = rows.get(text) ?? { category, text, ms: 0, times: 0 };
    rows.set(text, { ...row, ms: row.ms + ms, times: row.times + 1 });
  }
  return [...rows.values()].sort((a, b) => b.ms - a.ms);
}
