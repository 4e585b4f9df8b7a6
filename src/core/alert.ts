// Alert: what is said when a rule fires, changes, ends or turns out to have been wrong.
// In: made by the alert functions beside it. Out: alerts as outputs, beside results and intervals.
// Pure; plain JSON.

import type { AlertSeverity } from './alert-rule.ts';
import type { Level } from './plant-model.ts';

export type * from './alert-rule.ts';

/** One unit under an alert: since when its condition holds, and until when it held. */
export interface AlertMember {
  readonly unit: string;
  readonly since: number;
  /** null while it holds */
  readonly until: number | null;
  /** the figure when it was raised: a ratio, a rate, or milliseconds; null where there is none */
  readonly value: number | null;
}

/**
 * raised, escalated: somebody should do something. updated: more members, or it flaps. resolved: over. withdrawn: late facts or
 * a correction undid it; it never was. acknowledged, muted: a person said so.
 */
export type AlertNews = 'raised' | 'updated' | 'escalated' | 'resolved' | 'withdrawn' | 'acknowledged' | 'muted';

/** One thing said about one alert. `(id, sequence)` is its identity; the greatest sequence is what is known now. */
export interface Alert {
  readonly type: 'alert';
  /** a function of rule, unit and the instant at which the first condition began: a replay gives the same */
  readonly id: string;
  readonly sequence: number;
  readonly news: AlertNews;
  readonly status: 'active' | 'resolved' | 'withdrawn';
  readonly rule: string;
  readonly severity: AlertSeverity;
  /** what it is about: one unit, or the line of several machines; `engine` for the engine itself */
  readonly unit: string;
  readonly level: Level | 'engine';
  /** one sentence for a person */
  readonly text: string;
  readonly members: readonly AlertMember[];
  /** event time: the condition began; it had held long enough; it was over */
  readonly since: number;
  readonly raisedAt: number;
  readonly resolvedAt: number | null;
  /** how far the facts reached when this was said */
  readonly at: number;
  readonly occurrences: number;
  readonly flapping: boolean;
  readonly acknowledged: { readonly by: string; readonly at: number; readonly why: string | null } | null;
  readonly mutedUntil: number | null;
  /** steps of the rule's escalation that were taken */
  readonly escalated: number;
  /** why it was withdrawn, or what it proposes (a better cycle); null: nothing to add */
  readonly why: string | null;
  /** the alert that this one stands for since late facts moved its beginning; null: none */
  readonly supersedes: string | null;
  /** `none`: nobody is told of this (quiet hours, muted); `all`: whoever wants alerts; or only these receivers */
  readonly tell: 'all' | 'none' | readonly string[];
}
