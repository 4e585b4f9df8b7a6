// Alert store: the alerts that the page knows, and what somebody is about to say of one.
// In: alerts of the live socket and of the API. Out: signals: what is active, what is over, the open form.
// Touches nothing but the server, through the desk.

import { computed, signal } from '@preact/signals';
import type { WireAlert } from '../core/alert-to-wire.ts';
import type { AlertDesk } from './alert-desk.ts';
import { type Trouble, troubleOf } from './server-refusal.ts';

/** Alerts that are over, kept on the page; older ones are asked of the API. */
const OVER_MAX = 200;
const SEVERITIES = ['critical', 'warning', 'info'];

export type AlertDeed = 'acknowledge' | 'mute';

export class AlertStore {
  readonly #all = signal<ReadonlyMap<string, WireAlert>>(new Map());
  /** the alert that somebody is about to act on, and how */
  readonly form = signal<{ readonly id: string; readonly deed: AlertDeed } | null>(null);
  /** why the last act was not taken */
  readonly refused = signal<Trouble | null>(null);
  readonly busy = signal(false);
  /** who acts at this screen */
  readonly by = signal('');
  /** whether anything has been heard of alerts yet */
  readonly known = signal(false);

  /** Worst first, then what nobody has taken on, then the youngest. */
  readonly active = computed(() =>
    [...this.#all.value.values()]
      .filter(({ status }) => status === 'active')
      .sort(
        (a, b) =>
          SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
          Number(a.acknowledged !== null) - Number(b.acknowledged !== null) ||
          b.since.localeCompare(a.since),
      ),
  );
  /** The youngest first. */
  readonly over = computed(() =>
    [...this.#all.value.values()]
      .filter(({ status }) => status !== 'active')
      .sort((a, b) => b.since.localeCompare(a.since)),
  );

  constructor(readonly desk: AlertDesk) {}

  /** The greatest sequence of an alert is what is known of it. */
  take(alerts: readonly WireAlert[]): void {
    const all = new Map(this.#all.value);
    for (const alert of alerts) {
      const known = all.get(alert.id);
      if (known === undefined || alert.sequence >= known.sequence) all.set(alert.id, alert);
    }
    this.known.value = true;
    this.#all.value = all;
    const extra = this.over.value.slice(OVER_MAX);
    if (extra.length === 0) return;
    const forgotten = new Set(extra.map(({ id }) => id));
    this.#all.value = new Map([...all].filter(([id]) => !forgotten.has(id)));
  }

  /** What the server says is active is all that is: what ended while nobody listened is not shown as going on. */
  replace(alerts: readonly WireAlert[]): void {
    this.#all.value = new Map(this.over.value.map(alert => [alert.id, alert]));
    this.take(alerts);
  }

  async act(work: (desk: AlertDesk) => Promise<void>): Promise<void> {
    this.busy.value = true;
    this.refused.value = null;
    try {
      await work(this.desk);
      this.form.value = null;
    } catch (error) {
      this.refused.value = troubleOf(error);
    } finally {
      this.busy.value = false;
    }
  }
}
