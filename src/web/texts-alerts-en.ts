// Texts of alerts, English: every word that the page shows about alerts.
// In: values where a sentence needs them. Out: text.
// Pure.

import type { AlertSeverity } from '../core/alert-rule.ts';
import { ENGINE_PHRASES, type EnginePhrases } from '../core/engine-phrase.ts';

/** The engine speaks English: its sentences are the page's. */
export { ALERT_WORDS } from '../core/alert-words.ts';
export const PHRASE_TEXT: EnginePhrases = ENGINE_PHRASES;

export const SEVERITY_TEXT: Readonly<Record<AlertSeverity, string>> = {
  critical: 'Critical',
  warning: 'Warning',
  info: 'Info',
};

export const ALERT_TEXT = {
  alerts: 'Alerts',
  open: (active: number) => (active === 0 ? 'Alerts: none active' : `Alerts: ${active} active`),
  title: 'Alerts',
  active: 'Active',
  over: 'Last 24 hours',
  none: 'Nothing is wrong that a rule looks for.',
  noneOver: 'No alert ended in the last 24 hours.',
  more: (count: number) => `${count} more`,
  since: (time: string, length: string) => `since ${time}, ${length}`,
  raised: (time: string) => `told at ${time}`,
  span: (from: string, to: string) => `${from} – ${to}`,
  engine: 'Engine',
  flapping: (times: number) => `comes and goes, ${times} times`,
  members: (names: readonly string[], more: number) => names.join(', ') + (more > 0 ? ` and ${more} more` : ''),
  membersAll: (count: number) => `${count} machines`,
  until: (time: string) => `until ${time}`,
  acknowledgedBy: (by: string) => `taken on by ${by}`,
  acknowledgedLong: (by: string, time: string, why: string | null) =>
    `Taken on by ${by} at ${time}${why === null || why === '' ? '' : `: ${why}`}`,
  mutedUntil: (time: string) => `muted until ${time}`,
  escalated: (steps: number) => (steps === 1 ? 'escalated' : `escalated ${steps} times`),
  acknowledge: 'Acknowledge',
  acknowledgeOf: (text: string) => `Acknowledge: ${text}`,
  mute: 'Mute',
  muteOf: (text: string) => `Mute: ${text}`,
  unmute: 'Unmute',
  unmuteOf: (text: string) => `Unmute: ${text}`,
  /** who took back a mute when nobody gave a name */
  screen: 'somebody at a screen',
  show: 'Show unit',
  showOf: (unit: string) => `Show ${unit}`,
  byLabel: 'Your name',
  whyLabel: 'Why (may stay empty)',
  minutesLabel: 'For how long',
  minutes: (minutes: number) => (minutes < 60 ? `${minutes} min` : `${minutes / 60} h`),
  cancel: 'Cancel',
  resolved: 'over',
  withdrawn: 'withdrawn',
  withdrawnWhy: (why: string) => `withdrawn: ${why}`,
  refused: 'Not taken:',
} as const;
