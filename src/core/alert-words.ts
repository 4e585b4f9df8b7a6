// Alert words: what a language has to give so that what a rule found becomes a sentence; English, which the engine itself speaks.
// In: numbers as they are to be read, names. Out: parts of a sentence.
// Pure.

export interface AlertWords {
  /** between whole and parts */
  readonly decimal: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
  readonly millisecond: string;
  /** whom it is about, as the engine names it: a unit of the plant, or a part of the engine */
  readonly member: (unit: string) => string;
  readonly andMore: (names: string, more: string) => string;
  readonly again: (times: string) => string;
  readonly stopped: (length: string) => string;
  readonly silent: (length: string) => string;
  readonly quarantined: (pieces: string) => string;
  readonly somePieces: string;
  readonly behind: (length: string) => string;
  readonly away: (length: string) => string;
  readonly letters: (count: string) => string;
  readonly moreThan: (count: string) => string;
  /** names of figures */
  readonly oee: string;
  readonly availability: string;
  readonly performance: string;
  readonly quality: string;
  readonly scrapRate: string;
  readonly microStops: string;
  readonly goodPieces: string;
  readonly lastMinutes: (minutes: string) => string;
  readonly hourSoFar: string;
  readonly shiftSoFar: string;
  readonly daySoFar: string;
  readonly figureOver: (figure: string, window: string) => string;
  readonly percent: (value: string) => string;
  readonly perHour: (count: string) => string;
  readonly limit: (limit: string) => string;
  readonly under: (limit: string) => string;
  readonly over: (limit: string) => string;
}

export const ALERT_WORDS: AlertWords = {
  decimal: '.',
  hour: 'h',
  minute: 'min',
  second: 's',
  millisecond: 'ms',
  member: unit => unit,
  andMore: (names, more) => `${names} and ${more} more`,
  again: times => `it comes and goes, ${times} times so far`,
  stopped: length => `stopped for ${length} or longer`,
  silent: length => `silent for ${length} or longer`,
  quarantined: pieces => `a counter jumped: ${pieces} pieces are set aside until somebody releases them`,
  somePieces: 'some',
  behind: length => `behind by ${length}`,
  away: length => `away for ${length}`,
  letters: count => `${count} wait for somebody to look at them`,
  moreThan: count => `more than ${count}`,
  oee: 'OEE',
  availability: 'availability',
  performance: 'performance',
  quality: 'quality',
  scrapRate: 'scrap',
  microStops: 'micro-stops',
  goodPieces: 'good pieces',
  lastMinutes: minutes => `the last ${minutes} minutes`,
  hourSoFar: 'the hour so far',
  shiftSoFar: 'the shift so far',
  daySoFar: 'the day so far',
  figureOver: (figure, window) => `${figure} of ${window}`,
  percent: value => `${value} %`,
  perHour: count => `${count}/h`,
  limit: limit => `limit ${limit}`,
  under: limit => `under ${limit}`,
  over: limit => `over ${limit}`,
};
