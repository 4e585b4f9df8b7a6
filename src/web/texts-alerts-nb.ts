// Texts of alerts, Norwegian (bokmål): every word that the page shows about alerts.
// In: values where a sentence needs them. Out: text.
// Pure.

import type { AlertWords } from '../core/alert-words.ts';
import { type EnginePhrases, rephrased } from '../core/engine-phrase.ts';
import type { Words } from './language.ts';
import type * as english from './texts-alerts-en.ts';

export const PHRASE_TEXT: EnginePhrases = {
  plantFile: 'anleggsfilen',
  revision: 'revisjon {revision}',
  plantRevision: 'revisjon {revision} av anleggsfilen',
  ofConstraint: 'ideell syklustid for flaskehalsen',
  byPlantFile: 'anleggsfilen: revisjon {revision}',
  ruleGone: 'regelen {rule} finnes ikke lenger i anleggsfilen (revisjon {revision})',
  neverWas: 'sene fakta: det var aldri slik',
  engineNeverWas: 'det var aldri slik',
  explained: 'forklart av {rule} ved {unit}',
  moved: 'sene fakta flyttet begynnelsen: det er {alert} nå',
  cycleTooLong: 'den ideelle syklustiden er for lang: {minutes} minutter produksjon har vist {seconds} s per enhet',
  cycleOfTooLong:
    'den ideelle syklustiden for {product} er for lang: {minutes} minutter produksjon har vist {seconds} s per enhet',
  partition: 'partisjon {partition}',
  deadLetters: 'avviste hendelser',
};

export const ALERT_WORDS: AlertWords = {
  decimal: ',',
  hour: 't',
  minute: 'min',
  second: 's',
  millisecond: 'ms',
  member: unit => rephrased(unit, { partition: PHRASE_TEXT.partition, deadLetters: PHRASE_TEXT.deadLetters }, ','),
  andMore: (names, more) => `${names} og ${more} til`,
  again: times => `det kommer og går, ${times} ganger hittil`,
  stopped: length => `har stått i ${length} eller lenger`,
  silent: length => `ikke livstegn på ${length} eller lenger`,
  quarantined: pieces => `en teller hoppet: ${pieces} enheter er holdt tilbake til noen frigir dem`,
  somePieces: 'noen',
  behind: length => `ligger ${length} etter`,
  away: length => `har vært borte i ${length}`,
  letters: count => `${count} venter på at noen ser på dem`,
  moreThan: count => `mer enn ${count}`,
  oee: 'OEE',
  availability: 'tilgjengelighet',
  performance: 'ytelse',
  quality: 'kvalitet',
  scrapRate: 'kassasjon',
  microStops: 'mikrostopp',
  goodPieces: 'gode enheter',
  lastMinutes: minutes => `de siste ${minutes} minuttene`,
  hourSoFar: 'hittil denne timen',
  shiftSoFar: 'hittil dette skiftet',
  daySoFar: 'hittil dette døgnet',
  figureOver: (figure, window) => `${figure} ${window}`,
  percent: value => `${value} %`,
  perHour: count => `${count}/t`,
  limit: limit => `grense ${limit}`,
  under: limit => `under ${limit}`,
  over: limit => `over ${limit}`,
};

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
