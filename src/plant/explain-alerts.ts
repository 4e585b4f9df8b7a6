// Explain alerts: each rule in one sentence that a person understands, and the maintenance windows beside it.
// In: a resolved plant. Out: lines of text for a terminal.
// Pure.

import type { AlertCondition, AlertRule, JudgedWindow, MaintenanceWindow } from '../core/alert-rule.ts';
import type { Plant } from '../core/plant-model.ts';
import { isoOf } from '../core/time.ts';
import { RULE_DEFAULTS } from './alert-schema.ts';
import { parseDurationMs, shownDuration, shownPercent } from './measure.ts';

/** The rules and windows of a plant, as paragraphs under a heading; nothing where there are none. */
export function explainAlerts({ alerts, maintenance }: Plant): string[] {
  const rules = alerts.flatMap(rule => [`  ${rule.id}  ${rule.severity}`, ...wrapped(ruleSentence(rule))]);
  const manners = `unless said otherwise ${togetherText(TOGETHER_MS)}, and ${flapText(FLAP_MS)}`;
  return [
    ...(rules.length === 0 ? [] : ['', `ALERTS · ${manners}`, ...rules]),
    ...(maintenance.length === 0 ? [] : ['', 'MAINTENANCE', ...maintenance.map(windowLine)]),
  ];
}

const TOGETHER_MS = parseDurationMs(RULE_DEFAULTS.together) ?? 0;
const FLAP_MS = parseDurationMs(RULE_DEFAULTS.flap) ?? 0;
const togetherText = (ms: number): string =>
  ms === 0 ? 'every machine alerts by itself' : `machines of a line within ${shownDuration(ms)} are one alert`;
const flapText = (ms: number): string => `what comes back within ${shownDuration(ms)} is the same alert`;

/** What a rule does, in one sentence: what it says, when, about what, for how long, who hears of it and when nobody does. */
export function ruleSentence(rule: AlertRule): string {
  const { text, forMs, togetherMs, flapMs, quiet, escalation, units, condition } = rule;
  const until = clearText(condition);
  const manners = [
    ...(until === '' ? [] : [until]),
    ...(togetherMs === TOGETHER_MS ? [] : [togetherText(togetherMs)]),
    ...(flapMs === FLAP_MS ? [] : [flapText(flapMs)]),
    ...quiet.map(({ start, end }) => `nobody is told from ${start} to ${end} unless it is still so afterwards`),
    ...escalation.map(
      ({ afterMs, to }) => `unacknowledged for ${shownDuration(afterMs)} it goes to ${to.join(' and ')}`,
    ),
  ];
  const held = forMs === 0 ? '' : `, and has been so for ${shownDuration(forMs)}`;
  return `${[`“${text}” is said when ${conditionText(condition, unitsText(units))}${held}`, ...manners].join('; ')}.`;
}

/** Units that a sentence names one by one. */
const NAMED_MAX = 4;

function unitsText(units: readonly string[]): string {
  if (units.length <= 1) return units[0] ?? 'no unit';
  if (units.length > NAMED_MAX) return `any of ${units.length} units (${units[0]}, ${units[1]} …)`;
  return `${units.slice(0, -1).join(', ')} or ${units.at(-1) ?? ''}`;
}

function windowText(window: JudgedWindow): string {
  const minutes = /\d+/.exec(window)?.[0];
  return minutes === undefined ? `in the ${window} so far` : `over the last ${minutes} min`;
}

const shownRate = (perHour: number): string => `${Number(perHour.toFixed(2))}`;

/** A condition as the rest of "when …". */
function conditionText(condition: AlertCondition, unit: string): string {
  switch (condition.kind) {
    case 'ratioBelow': {
      const name = condition.ratio === 'oee' ? 'OEE' : condition.ratio;
      return `the ${name} of ${unit} ${windowText(condition.window)} is below ${shownPercent(condition.limit)}`;
    }
    case 'performanceAbove':
      return `the performance of ${unit} ${windowText(condition.window)} is above ${shownPercent(condition.limit)} (its ideal cycle is wrong)`;
    case 'scrapRateAbove':
      return `more than ${shownPercent(condition.limit)} of the pieces of ${unit} ${windowText(condition.window)} are rejects`;
    case 'microStopsAbove':
      return `${unit} has more than ${shownRate(condition.limit)} micro-stops per hour ${windowText(condition.window)}`;
    case 'piecesBelow':
      return `${unit} makes fewer than ${shownRate(condition.limit)} good pieces per hour ${windowText(condition.window)}`;
    case 'stopLonger':
      return `${unit} has been stopped by itself for longer than ${shownDuration(condition.longerMs)}`;
    case 'silentLonger':
      return `nothing has been heard of ${unit} for longer than ${shownDuration(condition.longerMs)}`;
    case 'quarantined':
      return `a counter of ${unit} jumped beyond what the machine can make and was set aside`;
    case 'engineLag':
      return `the engine is behind its log for longer than ${shownDuration(condition.longerMs)}`;
    case 'neighbourAway':
      return `Redis or InfluxDB is away for longer than ${shownDuration(condition.longerMs)}`;
    case 'deadLetters':
      return `more than ${condition.more} dead letters wait`;
  }
}

function clearText(condition: AlertCondition): string {
  if (!('clear' in condition)) return '';
  const isRate = condition.kind === 'microStopsAbove' || condition.kind === 'piecesBelow';
  return `it ends when it is ${isRate ? `${shownRate(condition.clear)} per hour` : shownPercent(condition.clear)} again`;
}

function windowLine({ units, from, to, why }: MaintenanceWindow): string {
  return `  ${isoOf(from).slice(0, 16)}Z – ${isoOf(to).slice(0, 16)}Z  ${units.join(', ')}: ${why}`;
}

const WIDTH_MAX = 116;

/** Words in lines that a terminal shows whole. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = '   ';
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > WIDTH_MAX) {
      lines.push(line);
      line = '   ';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
