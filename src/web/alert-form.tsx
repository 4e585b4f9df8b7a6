// Alert form: somebody takes an alert on, or wants quiet: with a name, and a reason where there is one.
// In: the alert and the deed. Out: the act, told to the server; its answer comes back as a change of the alert.
// Touches: the focus, the remembered name through a function handed in.

import { useEffect, useRef } from 'preact/hooks';
import type { WireAlert } from '../core/alert-to-wire.ts';
import type { AlertDeed } from './alert-store.ts';
import { useStore } from './page-store.ts';
import type { Trouble } from './server-refusal.ts';
import { ALERT_TEXT } from './spoken-texts.ts';
import { troubleText } from './trouble-text.ts';

const MINUTES = [15, 30, 60, 240, 480];
const NAME_MAX = 128;
const WHY_MAX = 500;

interface AlertFormProps {
  readonly alert: WireAlert;
  readonly deed: AlertDeed;
  readonly keepName: (name: string) => void;
}

export function AlertForm({ alert, deed, keepName }: AlertFormProps) {
  const { alerts, session } = useStore();
  const isKnown = session.value?.user != null;
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), [alert.id, deed]);

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const said = new FormData(event.currentTarget as HTMLFormElement);
    const by = isKnown ? alerts.by.value : String(said.get('by') ?? '').trim();
    const why = String(said.get('why') ?? '').trim() || null;
    alerts.by.value = by;
    if (!isKnown) keepName(by);
    void alerts.act(desk =>
      deed === 'mute' ? desk.mute(alert.id, by, Number(said.get('minutes')), why) : desk.acknowledge(alert.id, by, why),
    );
  };
  return (
    <form class="alert-form" onSubmit={submit}>
      {!isKnown && (
        <label>
          {ALERT_TEXT.byLabel}
          <input
            ref={first}
            name="by"
            required
            maxLength={NAME_MAX}
            defaultValue={alerts.by.value}
            autocomplete="name"
          />
        </label>
      )}
      {deed === 'mute' && <MinutesField />}
      <label class="alert-why">
        {ALERT_TEXT.whyLabel}
        <input {...(isKnown ? { ref: first } : {})} name="why" maxLength={WHY_MAX} autocomplete="off" />
      </label>
      <div class="alert-acts">
        <button type="submit" class="act is-main" disabled={alerts.busy.value}>
          {deed === 'mute' ? ALERT_TEXT.mute : ALERT_TEXT.acknowledge}
        </button>
        <button
          type="button"
          class="act"
          onClick={() => {
            alerts.form.value = null;
            alerts.refused.value = null;
          }}
        >
          {ALERT_TEXT.cancel}
        </button>
      </div>
      <Refused why={alerts.refused.value} />
    </form>
  );
}

function Refused({ why }: { readonly why: Trouble | null }) {
  if (why === null) return null;
  return (
    <p class="alert-refused" role="alert">
      <b>{ALERT_TEXT.refused}</b> {troubleText(why)}
    </p>
  );
}

function MinutesField() {
  return (
    <label>
      {ALERT_TEXT.minutesLabel}
      <select name="minutes">
        {MINUTES.map(minutes => (
          <option key={minutes} value={minutes}>
            {ALERT_TEXT.minutes(minutes)}
          </option>
        ))}
      </select>
    </label>
  );
}
