// Alert state: what is remembered of alerts: how far each place was judged, its episodes, what was told, what people said.
// In: filled by the alert functions beside it. Out: plain JSON for the checkpoint, and back.
// Pure; changed in place by the partition's owner.

import type { Alert } from './alert.ts';
import type { Level } from './plant-model.ts';

/** A condition of one unit that held long enough. */
export interface Episode {
  readonly unit: string;
  /** the condition began; it had held long enough; it was over (null: it holds) */
  readonly from: number;
  readonly raisedAt: number;
  readonly to: number | null;
  /** figures: as it was raised; stops and silences: milliseconds that count; quarantined: pieces; null: nothing to measure */
  readonly value: number | null;
}

/** A condition that holds at the end of what was judged and has not held long enough yet. */
export interface Head {
  readonly since: number;
  readonly heldMs: number;
}

/** Where rules are judged: a line with its machines, an area, a site, or the engine. Everything in it reaches equally far. */
export interface Place {
  readonly unit: string;
  readonly level: Level | 'engine';
  /** judged up to here, epoch ms; 0: never */
  upTo: number;
  /** unit -> the earliest instant from which facts that came since are to be judged anew */
  readonly altered: Map<string, number>;
  /** who caused that, where it was a person */
  author: Author | null;
  /** `rule|unit` -> what is about to be an episode */
  readonly heads: Map<string, Head>;
  /** rule -> its episodes within the horizon, by raisedAt, from, unit */
  readonly episodes: Map<string, readonly Episode[]>;
  unsaved: boolean;
  /** something of it changes by time alone, or may: it is looked at again */
  waits: boolean;
}

export interface Author {
  readonly by: string;
  readonly why: string;
}

/** What was told of one alert, and to whom. */
export interface Told {
  readonly alert: Alert;
  readonly place: string;
  /** event time at which people heard of it first; null: nobody did */
  readonly heardAt: number | null;
  /** what they heard last; null: nothing */
  readonly heardStatus: Alert['status'] | null;
  /** members that they heard of */
  readonly heardMembers: number;
  /** messages that people heard */
  readonly said: number;
}

export interface Mute {
  readonly rule: string | null;
  readonly unit: string | null;
  readonly by: string;
  readonly why: string | null;
  readonly until: number;
}

export interface AlertState {
  readonly places: Map<string, Place>;
  /** by alert id */
  readonly told: Map<string, Told>;
  /** place -> ids of what was told of it */
  readonly idsOf: Map<string, Set<string>>;
  mutes: readonly Mute[];
  /** ids of told alerts that changed since they were saved */
  readonly unsaved: Set<string>;
  mutesUnsaved: boolean;
}

/** Alerts that are remembered per partition; beyond it the oldest that are over go first. */
export const TOLD_MAX = 20_000;

export const newAlertState = (): AlertState => ({
  places: new Map(),
  told: new Map(),
  idsOf: new Map(),
  mutes: [],
  unsaved: new Set(),
  mutesUnsaved: false,
});

export const newPlace = (unit: string, level: Level | 'engine'): Place => ({
  unit,
  level,
  upTo: 0,
  altered: new Map(),
  author: null,
  heads: new Map(),
  episodes: new Map(),
  unsaved: false,
  waits: true,
});

export function keepTold(state: AlertState, told: Told): void {
  const { id } = told.alert;
  state.told.set(id, told);
  state.idsOf.set(told.place, (state.idsOf.get(told.place) ?? new Set()).add(id));
  state.unsaved.add(id);
}

export function forgetTold(state: AlertState, { alert, place }: Told): void {
  state.told.delete(alert.id);
  state.idsOf.get(place)?.delete(alert.id);
  state.unsaved.add(alert.id);
}

/** What is known of every alert that is remembered, newest first: the answer to whoever asks for alerts. */
export function alertsOf(state: AlertState): Alert[] {
  return [...state.told.values()].map(({ alert }) => alert).sort((a, b) => b.since - a.since);
}

/** Fields of the checkpoint: `w:` places, `a:` told alerts, `mutes`. */
export function saveAlerts(state: AlertState, fields: Map<string, string>): void {
  for (const place of state.places.values()) {
    if (!place.unsaved) continue;
    place.unsaved = false;
    const { level, upTo, altered, author, heads, episodes } = place;
    const saved: SavedPlace = {
      level,
      upTo,
      altered: [...altered],
      author,
      heads: [...heads],
      episodes: [...episodes].filter(([, list]) => list.length > 0),
    };
    fields.set(`w:${place.unit}`, JSON.stringify(saved));
  }
  for (const id of state.unsaved) {
    const told = state.told.get(id);
    fields.set(`a:${id}`, told === undefined ? '' : JSON.stringify(told));
  }
  state.unsaved.clear();
  if (state.mutesUnsaved) fields.set('mutes', JSON.stringify(state.mutes));
  state.mutesUnsaved = false;
}

interface SavedPlace {
  readonly level: Place['level'];
  readonly upTo: number;
  readonly altered: [string, number][];
  readonly author: Author | null;
  readonly heads: [string, Head][];
  readonly episodes: [string, readonly Episode[]][];
}

export function loadAlerts(fields: ReadonlyMap<string, string>): AlertState {
  const state = newAlertState();
  for (const [field, text] of fields) {
    if (text === '') continue;
    if (field === 'mutes') state.mutes = JSON.parse(text) as Mute[];
    else if (field.startsWith('w:')) state.places.set(field.slice(2), placeOf(field.slice(2), text));
    else if (field.startsWith('a:')) keepTold(state, JSON.parse(text) as Told);
  }
  state.unsaved.clear();
  return state;
}

function placeOf(unit: string, text: string): Place {
  const { level, upTo, altered, author, heads, episodes } = JSON.parse(text) as SavedPlace;
  return {
    unit,
    level,
    upTo,
    altered: new Map(altered),
    author,
    heads: new Map(heads),
    episodes: new Map(episodes),
    unsaved: false,
    waits: true,
  };
}
