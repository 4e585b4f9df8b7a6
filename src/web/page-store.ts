// Page store: everything the page knows, as signals: each figure on the screen listens to its own.
// In: the plant, words of the live client, timelines. Out: signals per unit and window, per machine, of the link and the clock.
// Touches nothing; the clock is told to it.

import { batch, computed, type Signal, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { isNewerResult } from '../client/live-book.ts';
import type { Link, LiveWord } from '../client/live-link.ts';
import type { WireInterval, WireResult, WireState } from '../core/result-to-wire.ts';
import type { AlertDesk } from './alert-desk.ts';
import { AlertStore } from './alert-store.ts';
import type { Language } from './language.ts';
import { lowestOf } from './lowest-machine.ts';
import { machinesOf, type PlantAnswer, type PlantReader } from './plant-answer.ts';
import type { Trouble } from './server-refusal.ts';
import type { Session } from './session-desk.ts';
import { type Stretch, stretchOf } from './stretch.ts';
import { concernsWall, unknownNames, wallPlant } from './wall-plant.ts';
import type { WorkStore } from './work-store.ts';

/** How far back the timelines on the page reach. */
export const TIMELINE_MS = 8 * 3_600_000;

/** What the pointer or the keyboard points at on a timeline. */
export interface Tip {
  readonly stretch: Stretch;
  readonly zone: string;
  readonly x: number;
  readonly y: number;
}

export class PageStore {
  readonly reader: PlantReader;
  readonly alerts: AlertStore;
  readonly work: WorkStore;
  /** whom the page works for; null: not known yet */
  readonly session = signal<Session | null>(null);
  signOut: () => void = () => undefined;
  readonly plant = signal<PlantAnswer | null>(null);
  /** why the plant could not be read */
  readonly trouble = signal<Trouble | null>(null);
  readonly link = signal<Link>({ mode: 'connecting' });
  /** the server's clock, told once a second */
  readonly now: Signal<number>;
  /** window kind that the page shows */
  readonly kind = signal('shift');
  /** unit whose details are open, or the list of alerts */
  readonly opened = signal<string | null>(null);
  readonly tip = signal<Tip | null>(null);
  /** on a wall, where nobody touches it */
  isKiosk = false;
  /** lines, areas and sites that hang there; none: all */
  wall: readonly string[] = [];
  /** what of them the plant does not have, and all that it has */
  readonly astray = signal<ReturnType<typeof unknownNames>>({ unknown: [], known: [] });
  readonly theme = signal<'dark' | 'light'>('dark');
  /** spoken on the page; set once its words are there */
  readonly language = signal<Language>('en');
  /** the machine with the lowest OEE of each site, in the window that the page shows */
  readonly lowest = computed(
    () =>
      new Set(
        this.plant.value?.sites.map(({ areas }) =>
          lowestOf(
            areas.flatMap(({ lines }) =>
              lines.flatMap(({ machines }) => machines.map(({ id }) => this.resultOf(id, this.kind.value).value)),
            ),
          ),
        ),
      ),
  );
  /** the active alerts about what the page shows */
  readonly alertsHere = computed(() => {
    const { active } = this.alerts;
    const plant = this.plant.value;
    const isPart = plant !== null && this.wall.length > 0;
    return isPart ? active.value.filter(alert => concernsWall(plant, alert)) : active.value;
  });
  readonly #results = new Map<string, Signal<WireResult | null>>();
  readonly #states = new Map<string, Signal<WireState | null>>();
  readonly #stretches = new Map<string, Signal<readonly Stretch[]>>();

  constructor(reader: PlantReader, desk: AlertDesk, work: WorkStore, now: number) {
    this.reader = reader;
    this.alerts = new AlertStore(desk);
    this.work = work;
    this.now = signal(now);
  }

  resultOf(unit: string, kind: string): Signal<WireResult | null> {
    return this.#at(this.#results, `${kind} ${unit}`, null);
  }

  stateOf(unit: string): Signal<WireState | null> {
    return this.#at(this.#states, unit, null);
  }

  /** No shift runs at a machine or a line just now: there is no figure of one to wait for. */
  hasNoShift(unit: string): boolean {
    const state = this.stateOf(unit).value;
    if (state !== null) return state.category === 'notScheduled';
    const plant = this.plant.value;
    const lines = plant?.sites.flatMap(({ areas }) => areas.flatMap(area => area.lines)) ?? [];
    return lines.some(({ id }) => id === unit) && plant?.shiftsNow.some(({ line }) => line === unit) === false;
  }

  stretchesOf(unit: string): Signal<readonly Stretch[]> {
    return this.#at(this.#stretches, unit, []);
  }

  #at<T>(map: Map<string, Signal<T>>, key: string, empty: T): Signal<T> {
    const known = map.get(key);
    if (known !== undefined) return known;
    const fresh = signal<T>(empty);
    map.set(key, fresh);
    return fresh;
  }

  takePlant(plant: PlantAnswer): void {
    batch(() => {
      this.plant.value = wallPlant(plant, this.wall);
      this.astray.value = unknownNames(plant, this.wall);
      this.trouble.value = null;
      for (const machine of machinesOf(plant)) if (machine.state !== null) this.#takeState(machine.state);
    });
  }

  takeWord(word: LiveWord): void {
    batch(() => {
      if (word.op === 'snapshot') {
        for (const result of word.results) this.#takeResult(result);
        for (const state of word.states) this.#takeState(state);
        this.alerts.take(word.alerts);
      } else if (word.op === 'result') this.#takeResult(word.result);
      else if (word.op === 'state') this.#takeState(word.state);
      else if (word.op === 'alert') this.alerts.take([word.alert]);
      else if (word.op === 'interval') this.takeIntervals(word.interval.unit, [word.interval]);
    });
  }

  #takeResult(result: WireResult): void {
    const known = this.resultOf(result.unit, result.window.kind);
    if (known.value === null || isNewerResult(result, known.value)) known.value = result;
  }

  #takeState(state: WireState): void {
    const known = this.stateOf(state.unit);
    if (known.value === null || state.at >= known.value.at) known.value = state;
  }

  /** Puts intervals in by their start; one that ends where it starts was superseded, and what is older than the page falls out. */
  takeIntervals(unit: string, intervals: readonly WireInterval[]): void {
    if (intervals.length === 0) return;
    const known = this.stretchesOf(unit);
    const byStart = new Map(known.value.map(stretch => [stretch.from, stretch]));
    for (const interval of intervals) {
      const stretch = stretchOf(interval);
      if (stretch.to > stretch.from) byStart.set(stretch.from, stretch);
      else byStart.delete(stretch.from);
    }
    const oldest = this.now.value - TIMELINE_MS;
    known.value = [...byStart.values()].filter(s => s.open || s.to > oldest).sort((a, b) => a.from - b.from);
  }

  /** A whole timeline from the server: everything known before in its span is replaced. */
  replaceIntervals(unit: string, intervals: readonly WireInterval[]): void {
    this.stretchesOf(unit).value = [];
    this.takeIntervals(unit, intervals);
  }
}

export const StoreContext = createContext<PageStore | null>(null);

export function useStore(): PageStore {
  const store = useContext(StoreContext);
  if (store === null) throw new Error('the page was rendered without its store');
  return store;
}
