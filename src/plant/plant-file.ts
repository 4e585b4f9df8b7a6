// Plant file: the shape of the YAML as people write it.
// In: named by the schema's checks. Out: read by the resolvers, which fill in what was left out.
// Pure. Everything may be missing: a part that the schema refused is taken out, so that the rest can still be checked.

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
export type MachineEntry = Unit & Scope;
export type LineEntry = Unit &
  Scope &
  Maybe<{ kind: 'serial' | 'parallel'; constraint: string; machines: Items<MachineEntry> }>;
export type AreaEntry = Unit & Scope & Maybe<{ lines: Items<LineEntry> }>;
export type SiteEntry = Unit & Scope & Maybe<{ zone: string; areas: Items<AreaEntry> }>;

export type PlantFile = Maybe<{
  plant: string;
  settings: Maybe<{ lateness: string; horizon: string; maxAhead: string; sliding: Items<number>; refresh: string }>;
  defaults: Scope;
  products: Entries<Maybe<{ name: string; piece: string }>>;
  vocabularies: Entries<VocabularyEntry>;
  calendars: Entries<CalendarEntry>;
  sites: Items<SiteEntry>;
}>;
