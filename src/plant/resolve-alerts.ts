// Resolve alerts: rules and maintenance windows of the plant file, with everything that they leave out.
// In: their entries, the plant's units, the receivers' names. Out: rules that can be judged, faults reported.
// Pure.

import type { AlertRule, Escalation, MaintenanceWindow } from '../core/alert-rule.ts';
import { parseInstant } from '../core/time.ts';
import { conditionOf } from './alert-condition.ts';
import { RULE_DEFAULTS } from './alert-schema.ts';
import { isOfEngine, scopeOf } from './alert-scope.ts';
import { checkReference } from './check-reference.ts';
import { parseDurationMs, shownDuration } from './measure.ts';
import { type Path, type Report, shownValue } from './plant-fault.ts';
import type { EscalationEntry, Items, MaintenanceEntry, RuleEntry } from './plant-file.ts';
import type { Units } from './resolve-units.ts';

/** What a rule can refer to. */
interface AlertNames {
  readonly units: Units;
  readonly receivers: readonly string[];
}

export function resolveAlerts(entries: Items<RuleEntry>, names: AlertNames, report: Report): AlertRule[] {
  const taken = new Set<string>();
  return entries.flatMap((entry, index) => {
    if (entry === undefined) return [];
    const path = ['alerts', index];
    if (entry.id !== undefined && taken.has(entry.id)) {
      const remedy = 'Give each rule an id of its own: it names the alerts that it raises.';
      report('DUPLICATE_ID', [...path, 'id'], `${entry.id} is already the id of a rule`, remedy);
    }
    taken.add(entry.id ?? '');
    const rule = ruleOf(entry, path, names, report);
    return rule === null ? [] : [rule];
  });
}

function ruleOf(entry: RuleEntry, path: Path, { units, receivers }: AlertNames, report: Report): AlertRule | null {
  const condition = entry.when === undefined ? null : conditionOf(entry.when, [...path, 'when'], report);
  const scope = scopeOf(entry.on, condition, units, path, report);
  const quiet = quietOf(entry.quiet ?? [], [...path, 'quiet'], report);
  const escalation = escalationOf(entry.escalate ?? [], receivers, [...path, 'escalate'], report);
  if (condition === null) return null;
  if (isOfEngine(condition) && quiet.length > 0) {
    const message = 'quiet hours go by the clock of a site, and the engine stands in none';
    report('SCOPE', [...path, 'quiet'], message, 'Take quiet out.', 'key');
  }
  const ms = (key: 'for' | 'together' | 'flap'): number => parseDurationMs(entry[key] ?? RULE_DEFAULTS[key]) ?? 0;
  return {
    id: entry.id ?? '',
    text: entry.text ?? '',
    condition,
    forMs: ms('for'),
    severity: entry.severity ?? RULE_DEFAULTS.severity,
    units: scope,
    togetherMs: ms('together'),
    flapMs: ms('flap'),
    quiet,
    escalation,
  };
}

function quietOf(spans: Items<string>, path: Path, report: Report): { start: string; end: string }[] {
  return spans.flatMap((span, index) => {
    if (span === undefined) return [];
    const [start = '', end = ''] = span.split(/ ?[-–] ?/);
    if (start !== end) return [{ start, end }];
    report(
      'SPAN',
      [...path, index],
      `${span} has no length`,
      'Give it an end other than its start, such as 22:00-06:00.',
    );
    return [];
  });
}

function escalationOf(
  steps: Items<EscalationEntry>,
  receivers: readonly string[],
  path: Path,
  report: Report,
): Escalation[] {
  let latest = 0;
  return steps.flatMap((step, index) => {
    const afterMs = step?.after === undefined ? null : parseDurationMs(step.after);
    if (step === undefined) return [];
    if (afterMs !== null && afterMs <= latest) {
      const than = index === 0 ? '0' : shownDuration(latest);
      const remedy = 'Give steps in the order of their times, each later than the one before.';
      report('SPAN', [...path, index, 'after'], `${shownDuration(afterMs)} is not after ${than}`, remedy);
    }
    latest = afterMs ?? latest;
    const to = (step.to ?? []).filter(
      (name, at): name is string =>
        name !== undefined && checkReference('receiver', name, receivers, [...path, index, 'to', at], report),
    );
    return afterMs === null ? [] : [{ afterMs, to: [...new Set(to)] }];
  });
}

export function resolveMaintenance(
  entries: Items<MaintenanceEntry>,
  units: Units,
  report: Report,
): MaintenanceWindow[] {
  const known = [...units.machines, ...units.lines, ...units.areas, ...units.sites].map(({ id }) => id);
  return entries.flatMap((entry, index) => {
    const path = ['maintenance', index];
    const named = (entry?.units ?? []).filter(
      (id, at): id is string => id !== undefined && checkReference('unit', id, known, [...path, 'units', at], report),
    );
    const from = instantOf(entry?.from, [...path, 'from'], report);
    const to = instantOf(entry?.to, [...path, 'to'], report);
    if (from === null || to === null) return [];
    if (to <= from) {
      report('SPAN', [...path, 'to'], 'the window ends before it begins', 'Give a to that is after from.');
    }
    return [{ units: [...new Set(named)], from, to, why: entry?.why ?? '' }];
  });
}

function instantOf(text: string | undefined, path: Path, report: Report): number | null {
  if (text === undefined) return null;
  const instant = parseInstant(text);
  if (instant === null) {
    const remedy = 'Write date, time and offset, such as 2026-12-01T06:00+01:00.';
    report('DATE', path, `${shownValue(text)} is no instant`, remedy);
  }
  return instant;
}
