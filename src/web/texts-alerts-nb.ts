// Texts of alerts, Norwegian (bokmål): every word that the page shows about alerts.
// In: values where a sentence needs them. Out: text.
// Pure.

import type { Words } from './language.ts';
import type * as english from './texts-alerts-en.ts';

export const SEVERITY_TEXT: Words<typeof english.SEVERITY_TEXT> = {
  critical: 'Kritisk',
  warning: 'Advarsel',
  info: 'Info',
};

export const ALERT_TEXT: Words<typeof english.ALERT_TEXT> = {
  alerts: 'Varsler',
  open: active => (active === 0 ? 'Varsler: ingen aktive' : `Varsler: ${active} aktive`),
  title: 'Varsler',
  active: 'Aktive',
  over: 'Siste 24 timer',
  none: 'Ingenting er galt som en regel ser etter.',
  noneOver: 'Ingen varsler er avsluttet de siste 24 timene.',
  more: count => `${count} til`,
  since: (time, length) => `siden ${time}, ${length}`,
  raised: time => `meldt ${time}`,
  span: (from, to) => `${from} – ${to}`,
  engine: 'Motoren',
  flapping: times => `kommer og går, ${times} ganger`,
  members: (names, more) => names.join(', ') + (more > 0 ? ` og ${more} til` : ''),
  membersAll: count => `${count} maskiner`,
  until: time => `til ${time}`,
  acknowledgedBy: by => `tatt av ${by}`,
  acknowledgedLong: (by, time, why) => `Tatt av ${by} ${time}${why === null || why === '' ? '' : `: ${why}`}`,
  mutedUntil: time => `dempet til ${time}`,
  escalated: steps => (steps === 1 ? 'eskalert' : `eskalert ${steps} ganger`),
  acknowledge: 'Kvitter',
  acknowledgeOf: text => `Kvitter: ${text}`,
  mute: 'Demp',
  muteOf: text => `Demp: ${text}`,
  unmute: 'Opphev demping',
  unmuteOf: text => `Opphev demping: ${text}`,
  screen: 'noen ved en skjerm',
  show: 'Vis enhet',
  showOf: unit => `Vis ${unit}`,
  byLabel: 'Navnet ditt',
  whyLabel: 'Hvorfor (kan stå tomt)',
  minutesLabel: 'Hvor lenge',
  minutes: minutes => (minutes < 60 ? `${minutes} min` : `${minutes / 60} t`),
  cancel: 'Avbryt',
  resolved: 'over',
  withdrawn: 'trukket tilbake',
  withdrawnWhy: why => `trukket tilbake: ${why}`,
  refused: 'Ikke godtatt:',
};
