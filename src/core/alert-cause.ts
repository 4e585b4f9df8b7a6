// Alert cause: a figure is bad because a machine stands: only the machine is told of, unless the figure stays bad after it.
// In: episodes of a figure, of stops and silences on the same line. Out: the episodes of the figure that are told, and when.
// Pure.

import { isFigure } from './alert-figure.ts';
import type { AlertRule } from './alert-rule.ts';
import type { Episode } from './alert-state.ts';
import { MINUTE_MS } from './time.ts';

/** A figure over a window remembers what is over: so long after the cause it is still put down to it. */
export const AFTER_CAUSE_MS = 15 * MINUTE_MS;

/** What standing machines explain: the line's time and pieces; not what it made of them. */
export function isExplained({ condition }: AlertRule): boolean {
  if (!isFigure(condition)) return false;
  return condition.kind === 'piecesBelow' || (condition.kind === 'ratioBelow' && condition.ratio !== 'quality');
}

export const isCause = ({ condition }: AlertRule): boolean =>
  condition.kind === 'stopLonger' || condition.kind === 'silentLonger';

/** A stop or a silence; one that has not lasted long enough to be told is a cause while it may still become so. */
export interface Cause {
  readonly rule: string;
  readonly unit: string;
  readonly from: number;
  /** null while it lasts */
  readonly to: number | null;
}

/**
 * A figure's episode that would be raised while a cause lasts, or soon after it, is raised when that time is over, if it still
 * holds then; else never. @returns the episode as it is told, or the cause that explains it away
 */
export function explained(
  rule: AlertRule,
  episode: Episode,
  causes: readonly Cause[],
  upTo: number,
): { readonly told: Episode } | { readonly by: Cause } {
  let { raisedAt } = episode;
  let by: Cause | null = null;
  const wait = Math.max(rule.forMs, AFTER_CAUSE_MS);
  while (raisedAt <= upTo) {
    const cause = causes.find(({ from, to }) => from <= raisedAt && (to === null || to + wait > raisedAt));
    if (cause === undefined) break;
    by = cause;
    raisedAt = cause.to === null ? Number.POSITIVE_INFINITY : cause.to + wait;
  }
  if (by === null) return { told: episode };
  if (raisedAt > upTo || (episode.to !== null && episode.to <= raisedAt)) return { by };
  return { told: { ...episode, raisedAt } };
}
