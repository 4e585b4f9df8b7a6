// Texts, Norwegian (bokmål): every word that the page shows, as said on a Norwegian shop floor.
// In: values where a sentence needs them. Out: text.
// Pure.

import type { Words } from './language.ts';
import type * as english from './texts-en.ts';

export * from './texts-access-nb.ts';
export * from './texts-alerts-nb.ts';
export * from './texts-refusals-nb.ts';
export * from './texts-work-nb.ts';

export const LOCALE: Words<typeof english.LOCALE> = { numbers: 'nb', dates: 'nb', separator: ';' };

export const UNIT_TEXT: Words<typeof english.UNIT_TEXT> = { day: 'd', hour: 't', minute: 'min', second: 's' };

export const CATEGORY_TEXT: Words<typeof english.CATEGORY_TEXT> = {
  notScheduled: 'Ikke planlagt',
  plannedStop: 'Planlagt stopp',
  producing: 'Produserer',
  microStop: 'Mikrostopp',
  setup: 'Omstilling',
  breakdown: 'Havari',
  starved: 'Mangler tilførsel',
  blocked: 'Blokkert',
  idle: 'Venter',
  unknown: 'Ingen signal',
};

export const NO_BASE_TEXT: Words<typeof english.NO_BASE_TEXT> = {
  noPlannedTime: 'ingen planlagt tid i dette tidsrommet',
  noRunTime: 'maskinen har ikke gått i dette tidsrommet',
  noPieces: 'ingen enheter i dette tidsrommet',
  noIdealCycle: 'enheter uten kjent ideell syklustid',
  noCalendar: 'tidsrommet er tomt',
};

export const SOURCE_TEXT: Words<typeof english.SOURCE_TEXT> = {
  state: 'meldt av maskinen',
  calendar: 'fra skiftkalenderen',
  restatement: 'rettet av en person',
  inferred: 'bevist av telleren',
  silence: 'ikke livstegn',
};

export const RATIO_TEXT: Words<typeof english.RATIO_TEXT> = {
  oee: { name: 'OEE', long: 'Total utstyrseffektivitet', formula: 'gode enheter i ideell takt / planlagt tid' },
  availability: { letter: 'T', name: 'Tilgjengelighet', long: 'Tilgjengelighet', formula: 'driftstid / planlagt tid' },
  performance: { letter: 'Y', name: 'Ytelse', long: 'Ytelse', formula: 'enheter i ideell takt / driftstid' },
  quality: {
    letter: 'K',
    name: 'Kvalitet',
    long: 'Kvalitet',
    formula: 'gode enheter i ideell takt / alle enheter i ideell takt',
  },
  teep: { name: 'TEEP', long: 'Total effektiv utstyrsytelse', formula: 'gode enheter i ideell takt / all tid' },
  utilisation: { name: 'Utnyttelse', long: 'Utnyttelse', formula: 'planlagt tid / all tid' },
  yield: { name: 'Utbytte', long: 'Utbytte', formula: 'gode enheter / alle enheter' },
  coverage: { name: 'Dekning', long: 'Dekning', formula: 'sett planlagt tid / all planlagt tid' },
};

export const BASIS_TEXT: Words<typeof english.BASIS_TEXT> = {
  own: 'egne tall',
  sum: 'summen av delene',
  constraint: machine => `Flaskehals: ${machine}`,
};

export const LOSS_TEXT: Words<typeof english.LOSS_TEXT> = {
  calendar: 'All tid',
  planned: 'Planlagt, sett',
  run: 'Driftstid',
  ideal: 'Ideell tid',
  good: 'Gode enheter',
  speed: 'Redusert fart',
  rejects: 'Kassasjon',
};

export function windowText(kind: string): string {
  const minutes = /^last(\d+)m$/.exec(kind)?.[1];
  if (minutes !== undefined) return `${minutes} min`;
  return { hour: 'Time', shift: 'Skift', day: 'Døgn', minute: 'Minutt', order: 'Ordre' }[kind] ?? kind;
}

export function windowLongText(kind: string, hasEnded = false): string {
  const minutes = /^last(\d+)m$/.exec(kind)?.[1];
  if (minutes !== undefined) return `siste ${minutes} minutter`;
  const over = { hour: 'forrige time', shift: 'forrige skift', day: 'forrige døgn' };
  const running = { hour: 'denne timen', shift: 'dette skiftet', day: 'dette døgnet' };
  return (hasEnded ? over : running)[kind as keyof typeof running] ?? kind;
}

export const TEXT: Words<typeof english.TEXT> = {
  titleOf: plant => `${plant} · OEE`,
  otherLanguage: language => `Språk: ${language}`,
  loading: 'Leser anlegget …',
  troubleTitle: 'Anlegget kunne ikke leses.',
  retrying: 'Prøver igjen av seg selv.',
  emptyPlant: 'Dette anlegget har ingen maskiner ennå.',
  live: 'Direkte',
  connecting: 'Kobler til …',
  lost: 'Forbindelsen er brutt',
  lostBanner: (time, ago) => `Forbindelsen er brutt. Det du ser, er fra ${time}, ${ago} siden.`,
  lostRetry: seconds => (seconds > 0 ? `Neste forsøk om ${seconds} s` : 'Prøver nå'),
  stale: time => `Gammelt: fakta til ${time}`,
  windows: 'Tidsrom',
  toLight: 'Lyse farger',
  toDark: 'Mørke farger',
  noState: 'Ikke hørt noe ennå',
  noWindow: 'ingen tall for dette tidsrommet ennå',
  nothingSeen: 'ingenting ble hørt i dette tidsrommet',
  noShiftNow: 'ikke noe skift nå',
  waiting: 'venter på sitt første tidsrom',
  target: value => `mål ${value}`,
  good: 'gode',
  reject: 'kassert',
  rework: 'omarbeid',
  order: order => `ordre ${order}`,
  constraint: 'Flaskehals',
  constraintLong: 'Denne maskinen bestemmer takten: linjen måles etter den',
  lowest: 'Lavest OEE',
  lowestLong: 'Lavest OEE av alle maskiner på stedet i dette tidsrommet',
  serial: 'Linje i serie',
  parallel: 'Parallelle maskiner',
  sums: 'Rene summer',
  sumsOf: count => `Summer over ${count} maskiner`,
  undecided: 'ennå ikke en stopp',
  above: 'Y > 100 %',
  aboveLong: 'Raskere enn ideell syklustid: kontroller syklustiden til produktet, eller telleren',
  seen: share => `${share} sett`,
  bandLong: (low, high) => `Uten signal en del av tiden; den sanne OEE ligger mellom ${low} og ${high}`,
  provisional: 'foreløpig',
  provisionalLong: 'Tidsrommet er åpent, eller sene fakta kan fortsatt komme',
  final: 'endelig',
  revision: n => `revisjon ${n}`,
  ended: time => `sluttet ${time}`,
  details: unit => `Detaljer for ${unit}`,
  close: 'Lukk',
  shiftReport: 'Skiftrapport for utskrift',
  timelineOf: unit => `Tidslinje for ${unit}, siste 8 timer`,
  timelineSpan: (unit, from, to) => `Tidslinje for ${unit}, ${from} til ${to}`,
  noStretch: 'ingenting registrert her',
  ongoing: 'nå',
  last8h: 'Siste 8 timer',
  turn: (turn, turns) => `${turn} / ${turns}`,
  astray: (unknown, known) => `Skjermen skal vise ${unknown}, men det har anlegget ikke. Det har: ${known}.`,
  timeline: 'Tidslinje',
  trend: 'OEE over tid',
  spanEarlier: 'Tidligere',
  spanLater: 'Senere',
  spanIn: 'Zoom inn',
  spanOut: 'Zoom ut',
  countsOf: (good, reject) => `Enheter over samme tid: ${good} gode, ${reject} kassert`,
  backToLive: 'Tilbake til nå',
  explainWindow: (window, value) => `Dette ligger bak ${window}: OEE ${value}`,
  hourBoard: 'Time for time',
  hour: 'Time',
  planned: 'Plan',
  actual: 'Faktisk',
  difference: 'Avvik',
  mainReason: 'Hovedårsak',
  pareto: 'Det som kostet mest tid',
  timeOf: machines => `Linjens tid er tiden til: ${machines}`,
  cause: 'Årsak',
  lostTime: 'Tapt tid',
  times: 'Antall',
  nothingWasLost: 'Ingenting gikk tapt i dette tidsrommet.',
  saveAs: (form, table) => `Lagre som ${form}: ${table}`,
  timeZone: 'Tidssone',
  excelAway: 'Serveren svarer ikke: lagre som CSV, eller prøv igjen senere.',
  whatMade: 'Dette ligger bak tallene',
  changes: 'Det folk har endret',
  change: 'Endring',
  byWhom: 'Av hvem, og hvorfor',
  oeeWithout: 'OEE uten den',
  piecesByCycle: 'Enheter etter produkt og ideell syklustid',
  product: 'Produkt',
  idealCycle: 'Ideell syklustid',
  calendar: 'Kalenderen slik den gjaldt',
  from: 'Fra',
  to: 'Til',
  kind: 'Slag',
  nameOfIt: 'Navn',
  intervals: count => `Alle ${count} intervaller med kilde`,
  intervalTable: 'Intervaller',
  length: 'Varighet',
  wordAndReason: 'Maskinens ord og årsak',
  source: 'Kilde',
  plan: count => `av ${count}`,
  planLong: target => `Planlagt tid hittil i ideell takt for disse produktene, ganger målet på ${target}`,
  behind: count => `${count} bak`,
  ahead: count => `${count} foran`,
  factsOld: age => `fakta ${age} gamle`,
  hourTrendEmpty: 'Ingen hel time registrert ennå.',
  losses: 'Hvor tiden ble av',
  ratios: 'Forholdstall',
  time: 'Tid etter kategori',
  pieces: 'Enheter og stopp',
  minutes: 'min',
  share: 'Andel',
  pieceCount: 'enheter',
  severity: 'Alvorlighet',
  unit: 'Enhet i anlegget',
  text: 'Tekst',
  state: 'Tilstand',
  by: 'Av',
  why: 'Hvorfor',
  reason: 'Årsak',
  revisionHead: 'Revisjon',
  undoneHead: 'Trukket tilbake av',
  category: 'Kategori',
  ratio: 'Forholdstall',
  value: 'Verdi',
  how: 'Hvordan',
  count: 'Antall',
  total: 'Totalt',
  all: 'alt',
  uncycled: 'uten ideell syklustid',
  quarantined: 'holdt tilbake (usannsynlig hopp)',
  stops: 'stopp',
  failures: 'havarier',
  microStops: 'mikrostopp',
  windowSpan: (from, to) => `${from} til ${to}`,
  factsUpTo: time => `fakta til ${time}`,
  restatedBy: (by, why) => `rettet av ${by}: ${why}`,
  legend: 'Kategorier',
  nothingLost: 'Ingen tid i dette tidsrommet.',
  inCategory: (count, category) => `${count} ${category.toLowerCase()}`,
};
