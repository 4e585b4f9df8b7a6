// Alert list: every alert that is active with what can be done about it, and those of the last day that are over.
// In: the store. Out: a dialog over the page; Escape and the back button close it.
// Touches: the dialog's focus.

import { useEffect, useRef } from 'preact/hooks';
import type { WireAlert } from '../core/alert-to-wire.ts';
import { ALERTS_OPEN, placeOf, usePlace } from './alert-bar.tsx';
import { AlertForm } from './alert-form.tsx';
import { unitOf } from './found-unit.ts';
import { LostBanner } from './lost-banner.tsx';
import { useRights } from './page-rights.ts';
import { useStore } from './page-store.ts';
import { alertRows } from './saved-rows.ts';
import { SeverityMark } from './severity-mark.tsx';
import { date, hourMinute, lengthOf } from './show-values.ts';
import { spokenAlert } from './spoken-alert.ts';
import { ALERT_TEXT, SEVERITY_TEXT, TEXT } from './spoken-texts.ts';
import { TableDownload } from './table-download.tsx';

export function AlertList({ keepName }: { readonly keepName: (name: string) => void }) {
  const store = useStore();
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = store.opened.value === ALERTS_OPEN && store.plant.value !== null;

  useEffect(() => {
    if (isOpen && dialog.current?.open === false) dialog.current.showModal();
    if (!isOpen) dialog.current?.close();
  }, [isOpen]);

  const close = (): void => {
    store.alerts.form.value = null;
    if (store.opened.value === ALERTS_OPEN) store.opened.value = null;
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the dialog closes by Escape by itself; the click is the backdrop's
    <dialog
      ref={dialog}
      class="detail"
      aria-label={ALERT_TEXT.title}
      onClose={close}
      onClick={event => {
        if (event.target === dialog.current) close();
      }}
    >
      {isOpen && (
        <div class="detail-body">
          <LostBanner />
          <header class="detail-head">
            <h2>{ALERT_TEXT.title}</h2>
            <button type="button" class="icon-button" aria-label={TEXT.close} onClick={close}>
              <svg viewBox="0 0 16 16" aria-hidden="true">
                <path d="M4 4l8 8M12 4l-8 8" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
              </svg>
            </button>
          </header>
          <Active keepName={keepName} />
          <Over />
        </div>
      )}
    </dialog>
  );
}

function Active({ keepName }: { readonly keepName: (name: string) => void }) {
  const { alerts, plant } = useStore();
  const active = alerts.active.value.map(alert => spokenAlert(alert, plant.value));
  const rows = () => alertRows(active, alert => placeOf(plant.value, alert));
  return (
    <div class="alert-group">
      <h3>
        {ALERT_TEXT.active} <small>{active.length}</small>
        {active.length > 0 && <TableDownload name={`${ALERT_TEXT.title}, ${ALERT_TEXT.active}`} rows={rows} />}
      </h3>
      {active.length === 0 && <p class="muted">{ALERT_TEXT.none}</p>}
      {active.map(alert => (
        <ActiveAlert key={alert.id} alert={alert} keepName={keepName} />
      ))}
    </div>
  );
}

function ActiveAlert({ alert, keepName }: { readonly alert: WireAlert; readonly keepName: (name: string) => void }) {
  const { alerts, now } = useStore();
  const { name, path, zone } = usePlace(alert);
  const since = Date.parse(alert.since);
  const form = alerts.form.value?.id === alert.id ? alerts.form.value : null;
  return (
    <section class={`alert-full is-${alert.severity}`} data-active={alert.id}>
      <p class="alert-severity">
        <SeverityMark severity={alert.severity} />
        {SEVERITY_TEXT[alert.severity]}
      </p>
      <h4>{alert.text}</h4>
      <p>
        {name}
        {path !== '' && <span class="muted"> · {path}</span>}
      </p>
      <p class="muted">
        {ALERT_TEXT.since(`${date(since, zone)} ${hourMinute(since, zone)} ${zone}`, lengthOf(now.value - since))} ·{' '}
        {ALERT_TEXT.raised(hourMinute(Date.parse(alert.raisedAt), zone))}
      </p>
      <Marks alert={alert} zone={zone} />
      {alert.why !== null && <p>{alert.why}</p>}
      {alert.acknowledged !== null && (
        <p class="alert-by">
          {ALERT_TEXT.acknowledgedLong(
            alert.acknowledged.by,
            hourMinute(Date.parse(alert.acknowledged.at), zone),
            alert.acknowledged.why,
          )}
        </p>
      )}
      {form === null ? (
        <Acts alert={alert} unitName={name} />
      ) : (
        <AlertForm alert={alert} deed={form.deed} keepName={keepName} />
      )}
    </section>
  );
}

const isMuted = ({ mutedUntil }: WireAlert, now: number): boolean =>
  mutedUntil !== null && Date.parse(mutedUntil) > now;

/** What is special about it, in a few words each. */
function Marks({ alert, zone }: { readonly alert: WireAlert; readonly zone: string }) {
  const { now } = useStore();
  const marks = [
    alert.flapping ? ALERT_TEXT.flapping(alert.occurrences) : '',
    alert.escalated > 0 ? ALERT_TEXT.escalated(alert.escalated) : '',
    isMuted(alert, now.value) ? ALERT_TEXT.mutedUntil(hourMinute(Date.parse(alert.mutedUntil ?? ''), zone)) : '',
  ].filter(mark => mark !== '');
  if (marks.length === 0) return null;
  return (
    <p class="chips">
      {marks.map(mark => (
        <span key={mark} class="chip">
          {mark}
        </span>
      ))}
    </p>
  );
}

function Acts({ alert, unitName }: { readonly alert: WireAlert; readonly unitName: string }) {
  const store = useStore();
  const { alerts, now, plant } = store;
  const begin = (deed: 'acknowledge' | 'mute') => (): void => {
    alerts.refused.value = null;
    alerts.form.value = { id: alert.id, deed };
  };
  const may = useRights();
  const isQuiet = isMuted(alert, now.value);
  const hasUnit = plant.value !== null && unitOf(plant.value, alert.unit) !== null;
  return (
    <div class="alert-acts">
      {alert.acknowledged === null && may('alert.acknowledge') && (
        <button
          type="button"
          class="act is-main"
          aria-label={ALERT_TEXT.acknowledgeOf(alert.text)}
          onClick={begin('acknowledge')}
        >
          {ALERT_TEXT.acknowledge}
        </button>
      )}
      {isQuiet && may('alert.unmute') && (
        <button
          type="button"
          class="act"
          aria-label={ALERT_TEXT.unmuteOf(alert.text)}
          onClick={() => void alerts.act(desk => desk.unmute(alert.id, alerts.by.value || ALERT_TEXT.screen))}
        >
          {ALERT_TEXT.unmute}
        </button>
      )}
      {!isQuiet && may('alert.mute') && (
        <button type="button" class="act" aria-label={ALERT_TEXT.muteOf(alert.text)} onClick={begin('mute')}>
          {ALERT_TEXT.mute}
        </button>
      )}
      {hasUnit && (
        <button
          type="button"
          class="act"
          aria-label={ALERT_TEXT.showOf(unitName)}
          onClick={() => {
            store.opened.value = alert.unit;
          }}
        >
          {ALERT_TEXT.show}
        </button>
      )}
    </div>
  );
}

function Over() {
  const { alerts, plant } = useStore();
  const over = alerts.over.value.map(alert => spokenAlert(alert, plant.value));
  const rows = () => alertRows(over, alert => placeOf(plant.value, alert));
  return (
    <section class="alert-over" aria-label={ALERT_TEXT.over}>
      <h3>
        {ALERT_TEXT.over} <small>{over.length}</small>
        {over.length > 0 && <TableDownload name={`${ALERT_TEXT.title}, ${ALERT_TEXT.over}`} rows={rows} />}
      </h3>
      {over.length === 0 && <p class="muted">{ALERT_TEXT.noneOver}</p>}
      <ol>
        {over.map(alert => (
          <PastAlert key={alert.id} alert={alert} />
        ))}
      </ol>
    </section>
  );
}

function PastAlert({ alert }: { readonly alert: WireAlert }) {
  const { name, zone } = usePlace(alert);
  const [from, to] = [alert.since, alert.resolvedAt ?? alert.at].map(iso => Date.parse(iso)) as [number, number];
  const end =
    alert.status === 'resolved'
      ? lengthOf(to - from)
      : alert.why === null
        ? ALERT_TEXT.withdrawn
        : ALERT_TEXT.withdrawnWhy(alert.why);
  return (
    <li class={`is-${alert.status}`} data-over={alert.id}>
      <span class="alert-severity" title={SEVERITY_TEXT[alert.severity]}>
        <SeverityMark severity={alert.severity} />
        <span class="hidden-words">{SEVERITY_TEXT[alert.severity]}</span>
      </span>
      <span class="alert-span">
        {ALERT_TEXT.span(hourMinute(from, zone), hourMinute(to, zone))}
        <small>
          {date(from, zone)}, {zone}
        </small>
      </span>
      <span class="alert-what">
        <b>{alert.text}</b> {name}
      </span>
      <span class="alert-end">
        {end}
        {alert.flapping && ` · ${ALERT_TEXT.flapping(alert.occurrences)}`}
        {alert.acknowledged !== null && ` · ${ALERT_TEXT.acknowledgedBy(alert.acknowledged.by)}`}
      </span>
    </li>
  );
}
