// Plant file: the shape of the YAML as people write it.
// In: named by the schema's checks. Out: read by the resolvers, which fill in what was left out.
// Pure. Everything may be missing: a part that the schema refused is taken out, so that the rest can still be checked.

import type { AlertSeverity } from '../core/alert-rule.ts';

type Maybe<T> = { readonly [K in keyof T]?: T[K] | undefined };
export type Entries<T> = Readonly<Record<string, T | undefined>>;
export type Items<T> = readonly (T | undefined)[];

export type BreakEntry = Maybe<{ name: string; start: string; end: string }>;
export type ShiftEntry = Maybe<{ start: string; end: string; crew: string; breaks: Items<BreakEntry> }>;
/** a shift's name, or a name with the crew that works it */
export type ShiftReference = string | Maybe<{ shift: string; crew: string }>;
export type DayPattern = Items<ShiftReference>;

export type CalendarBody = Maybe<{
  shifts: Entries<ShiftEntry>;
  weekly: Entries<DayPattern>;
  rotation: Maybe<{ anchor: string; days: Items<DayPattern> }>;
  holidays: Items<string>;
  exceptions: Entries<DayPattern>;
}>;
export type RevisionEntry = CalendarBody & Maybe<{ from: string }>;
export type CalendarEntry = CalendarBody & Maybe<{ zone: string; dayStart: string; revisions: Items<RevisionEntry> }>;

export type VocabularyEntry = Maybe<{ extends: string; words: Entries<string> }>;
export type ReasonEntry = string | Maybe<{ text: string; claim: string }>;
export type CounterEntry = Maybe<{ modulus: number; startsWithOrder: boolean }>;
export type CycleEntry = string | Maybe<{ idealCycle: string; rate: string; from: string }>;

/** What a unit hands down to the machines below it. */
export type Scope = Maybe<{
  calendar: string;
  vocabulary: string | Items<string>;
  reasons: Entries<ReasonEntry>;
  microStop: string;
  silence: string;
  counters: Entries<CounterEntry>;
  maxRate: string;
  countEdge: 'starting' | 'ending';
  product: string;
  cycles: Entries<CycleEntry | Items<CycleEntry>>;
}>;

type Unit = Maybe<{ id: string; name: string; target: number }>;
type Tagged = Maybe<{ tags: Items<string> }>;
export type MachineEntry = Unit & Tagged & Scope;
export type LineEntry = Unit &
  Tagged &
  Scope &
  Maybe<{ kind: 'serial' | 'parallel'; constraint: string; machines: Items<MachineEntry> }>;
export type AreaEntry = Unit & Scope & Maybe<{ lines: Items<LineEntry> }>;
export type SiteEntry = Unit & Scope & Maybe<{ zone: string; areas: Items<AreaEntry> }>;

/** One key of the conditions, with `in` and `clear` where it is a figure. */
export type WhenEntry = Maybe<{
  oee: string;
  availability: string;
  performance: string;
  quality: string;
  scrap: string;
  microStops: string;
  pieces: string;
  stop: string;
  silence: string;
  counter: string;
  lag: string;
  neighbour: string;
  deadLetters: string;
  in: string;
  clear: string | number;
}>;
type ChosenUnits = 'all' | Items<string>;
export type OnEntry = Maybe<{
  machines: ChosenUnits;
  lines: ChosenUnits;
  areas: ChosenUnits;
  sites: ChosenUnits;
  of: Items<string>;
  tags: Items<string>;
}>;
export type EscalationEntry = Maybe<{ after: string; to: Items<string> }>;
export type RuleEntry = Maybe<{
  id: string;
  text: string;
  when: WhenEntry;
  on: OnEntry;
  for: string;
  severity: AlertSeverity;
  together: string;
  flap: string;
  quiet: Items<string>;
  escalate: Items<EscalationEntry>;
}>;
export type MaintenanceEntry = Maybe<{ units: Items<string>; from: string; to: string; why: string }>;

export type ReceiverEntry = Maybe<{
  id: string;
  url: string;
  secrets: Items<string>;
  wants: Items<string>;
  units: Items<string>;
  severities: Items<AlertSeverity>;
  plain: boolean;
  networks: Items<string>;
}>;

export type PlantFile = Maybe<{
  plant: string;
  settings: Maybe<{ lateness: string; horizon: string; maxAhead: string; sliding: Items<number>; refresh: string }>;
  defaults: Scope;
  products: Entries<Maybe<{ name: string; piece: string }>>;
  vocabularies: Entries<VocabularyEntry>;
  calendars: Entries<CalendarEntry>;
  sites: Items<SiteEntry>;
  alerts: Items<RuleEntry>;
  maintenance: Items<MaintenanceEntry>;
  receivers: Items<ReceiverEntry>;
}>;
