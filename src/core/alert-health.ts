// Alert health: how the engine saw itself, as a fact of the log, so that alerts about it replay as well.
// In: the body of a `health` entry. Out: what the rules about the engine compare.
// Pure.

import { isFigure } from './alert-figure.ts';
import type { AlertCondition } from './alert-rule.ts';
import { enginePhrase } from './engine-phrase.ts';
import type { Plant } from './plant-model.ts';

/**
 * The unit whose partition carries alerts about the engine, one that is worked in every plant: the first line. The partition's
 * owner appends what it sees every HEALTH_EVERY_MS.
 */
export const healthHome = ({ lines }: Pick<Plant, 'lines'>): string => lines[0]?.id ?? '';
export const HEALTH_EVERY_MS = 10_000;
/** The unit of alerts about the engine; no unit of a plant may be called so. */
export const ENGINE_UNIT = 'engine';

/** What one process knows of the whole: of other processes only as far as it can see them. */
export interface Health {
  /** by partition that it works or sees: how old the oldest entry is that was not worked in, milliseconds */
  readonly lagMs: Readonly<Record<string, number>>;
  /** neighbours that do not answer -> for how long, milliseconds */
  readonly awayMs: Readonly<Record<string, number>>;
  /** dead letters that wait, all partitions that it sees */
  readonly deadLetters: number;
}

/** What of the engine a rule is about, and its size: members of the alert. Figures of units are none of it. */
export function healthTroubles(condition: AlertCondition, health: Health): { name: string; value: number }[] {
  if (isFigure(condition)) return [];
  const beyond = (values: Readonly<Record<string, number>>, limit: number) =>
    Object.entries(values)
      .filter(([, value]) => value > limit)
      .map(([name, value]) => ({ name, value }));
  switch (condition.kind) {
    case 'engineLag':
      return beyond(health.lagMs, condition.longerMs).map(({ name, value }) => ({
        name: enginePhrase('partition', { partition: name }),
        value,
      }));
    case 'neighbourAway':
      return beyond(health.awayMs, condition.longerMs);
    case 'deadLetters':
      return health.deadLetters > condition.more
        ? [{ name: enginePhrase('deadLetters', {}), value: health.deadLetters }]
        : [];
    default:
      return [];
  }
}

/** @returns null for a body that says nothing that can be read: only the engine writes these entries */
export function parseHealth(text: string): Health | null {
  try {
    const { lagMs, awayMs, deadLetters } = JSON.parse(text) as Partial<Health>;
    return { lagMs: lagMs ?? {}, awayMs: awayMs ?? {}, deadLetters: deadLetters ?? 0 };
  } catch {
    return null;
  }
}
