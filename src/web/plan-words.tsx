// Plan words: pieces against plan in words, ahead or behind; and how old the newest facts are.
// In: a result, the target. Out: a few words, nothing where there is no plan.
// Pure; listens to the store's clock.

import type { WireResult } from '../core/result-to-wire.ts';
import { useStore } from './page-store.ts';
import { plannedPieces } from './planned-pieces.ts';
import { lengthOf, percent, pieces } from './show-values.ts';
import { TEXT } from './spoken-texts.ts';

interface PlanWordsProps {
  readonly result: WireResult | null;
  readonly target: number | null;
}

export function PlanWords({ result, target }: PlanWordsProps) {
  const plan = result === null ? null : plannedPieces(result, target);
  if (result === null || plan === null) return null;
  const behind = Math.round(plan) - result.tally.good;
  return (
    <span class={`plan ${behind > 0 ? 'is-behind' : ''}`} title={TEXT.planLong(percent(target))}>
      {TEXT.plan(pieces(Math.round(plan)))}{' '}
      <b>{behind > 0 ? TEXT.behind(pieces(behind)) : TEXT.ahead(pieces(-behind))}</b>
    </span>
  );
}

/** How old the newest facts of a running window are. */
export function Freshness({ result }: { readonly result: WireResult | null }) {
  const { now, link } = useStore();
  if (result === null) return null;
  const { edge, end, kind } = result.window;
  if (!kind.startsWith('last') && edge >= end) return null;
  const at = link.value.mode === 'lost' ? Math.max(now.value, link.value.since) : now.value;
  return <span class="fresh">{TEXT.factsOld(lengthOf(Math.max(0, at - Date.parse(edge))))}</span>;
}
