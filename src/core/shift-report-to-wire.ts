// Shift report to wire: reports and confirmations in the JSON shape that the outside holds on to.
// In: a report, a confirmation. Out: plain JSON with ISO times, milliseconds and undivided ratios.
// Pure.

import type { Confirmation } from './confirmation.ts';
import { type Waterfall, waterfallOf } from './losses.ts';
import type { LossOfReason, ShiftReport, UnexplainedStop } from './result.ts';
import { resultToWire, tallyToWire, type WireResult, type WireTally } from './result-to-wire.ts';
import { isoOf } from './time.ts';

export type WireStop = Omit<UnexplainedStop, 'from' | 'to'> & { readonly from: string; readonly to: string };

export interface WireReport {
  readonly unit: string;
  readonly result: WireResult;
  readonly waterfall: Waterfall;
  readonly losses: readonly LossOfReason[];
  readonly unexplained: readonly WireStop[];
  readonly more: ShiftReport['more'];
}

export function reportToWire({ unit, result, losses, unexplained, more }: ShiftReport): WireReport {
  return {
    unit,
    result: resultToWire(result),
    waterfall: waterfallOf(result.tally),
    losses,
    unexplained: unexplained.map(stop => ({ ...stop, from: isoOf(stop.from), to: isoOf(stop.to) })),
    more,
  };
}

export interface WireConfirmation {
  readonly id: string;
  readonly revision: number;
  readonly order: string;
  readonly product: string | null;
  readonly from: string;
  readonly to: string;
  readonly tally: WireTally;
  /** what this one takes back: the revision before it */
  readonly restates: { readonly revision: number; readonly tally: WireTally } | null;
  readonly by: string | null;
  readonly why: string | null;
}

export function confirmationToWire(said: Confirmation): WireConfirmation {
  const { id, revision, order, product, from, to, tally, before, by, why } = said;
  const restates = before === null ? null : { revision: revision - 1, tally: tallyToWire(before) };
  return {
    id,
    revision,
    order,
    product,
    from: isoOf(from),
    to: isoOf(to),
    tally: tallyToWire(tally),
    restates,
    by,
    why,
  };
}
