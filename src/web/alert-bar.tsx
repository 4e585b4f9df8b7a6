// Alert bar: the active alerts over the plant, the worst first, and the button that opens the whole list.
// In: the store. Out: a row of short cards, nothing while nothing is wrong.
// Pure; listens to the store.

import type { WireAlert } from '../core/alert-to-wire.ts';
import { unitOf } from './found-unit.ts';
import { useRights } from './page-rights.ts';
import { useStore } from './page-store.ts';
import type { PlantAnswer } from './plant-answer.ts';
import { SeverityMark } from './severity-mark.tsx';
import { hourMinute, lengthOf } from './show-values.ts';
import { spokenAlert } from './spoken-alert.ts';
import { ALERT_TEXT, ALERT_WORDS, SEVERITY_TEXT } from './spoken-texts.ts';

/** Alerts shown over the plant; the list has them all. */
const SHOWN_MAX = 3;
/** Members named on a card. */
const NAMED_MAX = 3;
/** The list's place in the address; no unit can be called so. */
export const ALERTS_OPEN = '!alerts';

export interface AlertPlace {
  readonly name: string;
  readonly path: string;
  readonly zone: string;
}

/** What a person calls the units of an alert, and the clock that they live by. */
export function placeOf(plant: PlantAnswer | null, alert: WireAlert): AlertPlace {
  const found = plant === null ? null : unitOf(plant, alert.unit);
  const names = alert.members.map(
    ({ unit }) => (plant === null ? null : unitOf(plant, unit))?.name ?? ALERT_WORDS.member(unit),
  );
  const own = found?.name ?? (alert.unit === 'engine' ? ALERT_TEXT.engine : alert.unit);
  const isGroup = names.length > 1 || (names.length === 1 && alert.members[0]?.unit !== alert.unit);
  const named = ALERT_TEXT.members(names.slice(0, NAMED_MAX), names.length - NAMED_MAX);
  return {
    name: isGroup ? `${own}: ${named}` : own,
    path: found?.path ?? '',
    zone: found?.zone ?? plant?.sites[0]?.zone ?? 'UTC',
  };
}

export const usePlace = (alert: WireAlert): AlertPlace => placeOf(useStore().plant.value, alert);

export function AlertButton() {
  const store = useStore();
  const active = store.alertsHere.value;
  const worst = active[0]?.severity;
  return (
    <button
      type="button"
      class={`alert-button ${worst === undefined ? '' : `is-${worst}`}`}
      title={ALERT_TEXT.open(active.length)}
      onClick={() => {
        store.opened.value = ALERTS_OPEN;
      }}
    >
      <SeverityMark severity={worst ?? 'info'} />
      <span class="alert-button-word">{ALERT_TEXT.alerts}</span>
      <b data-alerts={active.length}>{active.length}</b>
    </button>
  );
}

export function AlertBar() {
  const store = useStore();
  const active = store.alertsHere.value;
  if (active.length === 0) return null;
  const more = active.length - SHOWN_MAX;
  return (
    <section class="alert-bar" aria-label={ALERT_TEXT.active}>
      {active.slice(0, SHOWN_MAX).map(alert => (
        <AlertCard key={alert.id} alert={spokenAlert(alert, store.plant.value)} />
      ))}
      {more > 0 && (
        <button
          type="button"
          class="alert-more"
          onClick={() => {
            store.opened.value = ALERTS_OPEN;
          }}
        >
          {ALERT_TEXT.more(more)}
        </button>
      )}
    </section>
  );
}

/** Seconds do not matter to who decides where to go first. */
const wholeMinutes = (ms: number): string => lengthOf(Math.floor(ms / 60_000) * 60_000);

function AlertCard({ alert }: { readonly alert: WireAlert }) {
  const store = useStore();
  const { name, zone } = usePlace(alert);
  const since = Date.parse(alert.since);
  const { acknowledged } = alert;
  const may = useRights();
  return (
    <article class={`alert-card is-${alert.severity}`} data-alert={alert.id}>
      <SeverityMark severity={alert.severity} />
      <div class="alert-words">
        <h3>{alert.text}</h3>
        <p>
          <b>{SEVERITY_TEXT[alert.severity]}</b> · {name} ·{' '}
          {ALERT_TEXT.since(hourMinute(since, zone), wholeMinutes(store.now.value - since))}
          {alert.flapping && ` · ${ALERT_TEXT.flapping(alert.occurrences)}`}
        </p>
      </div>
      {acknowledged !== null && <p class="alert-taken">{ALERT_TEXT.acknowledgedBy(acknowledged.by)}</p>}
      {acknowledged === null && may('alert.acknowledge') && (
        <button
          type="button"
          class="act"
          aria-label={ALERT_TEXT.acknowledgeOf(alert.text)}
          onClick={() => {
            store.alerts.form.value = { id: alert.id, deed: 'acknowledge' };
            store.opened.value = ALERTS_OPEN;
          }}
        >
          {ALERT_TEXT.acknowledge}
        </button>
      )}
    </article>
  );
}
