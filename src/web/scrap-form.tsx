// Scrap form: pieces that turned out otherwise than they were counted are moved, in the hour in which they were made.
// In: the machine, the chosen shift. Out: one requalification.
// Pure; acts through the work store.

import { type Signal, useSignal } from '@preact/signals';
import { GloveChoices, GloveInput } from './glove-field.tsx';
import { useStore } from './page-store.ts';
import type { MachineAnswer } from './plant-answer.ts';
import { hourMinute, pieces } from './show-values.ts';
import { WORK_TEXT } from './spoken-texts.ts';
import { troubleOr } from './trouble-text.ts';
import { spanOf } from './work-job.ts';

const HOUR_MS = 3_600_000;
const FEWER = [-10, -1];
const MORE = [1, 10];

type Move = keyof typeof WORK_TEXT.moves;
type Kind = 'good' | 'reject' | 'rework';
const MOVES: Readonly<Record<Move, readonly [Kind, Kind]>> = {
  scrap: ['good', 'reject'],
  rework: ['good', 'rework'],
  saved: ['reject', 'good'],
  mended: ['rework', 'good'],
};

interface ScrapFormProps {
  readonly machine: MachineAnswer;
  readonly zone: string;
}

export function ScrapForm({ machine, zone }: ScrapFormProps) {
  const store = useStore();
  const { work } = store;
  const move = useSignal<Move>('scrap');
  const count = useSignal(1);
  const why = useSignal('');
  const hour = useSignal<number | null>(null);
  const shift = work.shift.value;
  const figures = work.explained.value?.figures;
  if (shift === null || figures === undefined)
    return <p class="muted">{troubleOr(work.trouble.value, WORK_TEXT.noShift)}</p>;
  const [start, end] = spanOf(shift);
  const edge = Math.min(end, Date.parse(shift.window.edge));
  const hours = hoursOf(start, edge);
  const made = hours.find(each => each === hour.value) ?? hours.at(-1) ?? start;
  const [out, into] = MOVES[move.value];
  const most = figures[out];
  const moved = Math.min(count.value, most);

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const at = Math.max(made, Math.min(made + HOUR_MS, edge) - 1);
    const text = WORK_TEXT.moved(moved, WORK_TEXT.moves[move.value]);
    const said = why.value.trim();
    const requalify = { type: 'requalify' as const, machine: machine.id, at, [out]: -moved, [into]: moved };
    why.value = '';
    count.value = 1;
    void work.tell(
      { ...requalify, by: store.alerts.by.value, why: said === '' ? WORK_TEXT.whyDefault : said },
      at,
      text,
    );
  };
  return (
    <form class="work-form" onSubmit={submit}>
      <p class="now-counted">
        {WORK_TEXT.nowCounted(pieces(figures.good), pieces(figures.reject), pieces(figures.rework))}
      </p>
      <GloveChoices
        label={WORK_TEXT.kindOfMove}
        choices={(Object.keys(MOVES) as Move[]).map(each => [each, WORK_TEXT.moves[each]])}
        chosen={move.value}
        choose={choice => {
          move.value = choice;
        }}
      />
      <Stepper count={count} most={most} />
      <HourChoice hours={hours} end={end} zone={zone} made={made} hour={hour} />
      <GloveInput label={WORK_TEXT.whyLabel} value={why} />
      <button type="submit" class="glove is-main" disabled={moved < 1}>
        {WORK_TEXT.move(moved, WORK_TEXT.moves[move.value])}
      </button>
    </form>
  );
}

function Stepper({ count, most }: { readonly count: Signal<number>; readonly most: number }) {
  const button = (step: number) => (
    <button
      key={step}
      type="button"
      class="glove"
      aria-label={step < 0 ? WORK_TEXT.fewer(-step) : WORK_TEXT.more(step)}
      onClick={() => {
        count.value = Math.max(1, count.value + step);
      }}
    >
      {step < 0 ? `−${-step}` : `+${step}`}
    </button>
  );
  return (
    <fieldset class="stepper" aria-label={WORK_TEXT.howMany}>
      {FEWER.map(button)}
      <input
        class="glove"
        type="number"
        inputMode="numeric"
        min={1}
        max={most}
        aria-label={WORK_TEXT.howMany}
        value={count.value}
        onInput={event => {
          count.value = Math.max(1, Math.trunc(Number(event.currentTarget.value)) || 1);
        }}
      />
      {MORE.map(button)}
    </fieldset>
  );
}

interface HourChoiceProps {
  readonly hours: readonly number[];
  readonly end: number;
  readonly zone: string;
  readonly made: number;
  readonly hour: Signal<number | null>;
}

function HourChoice({ hours, end, zone, made, hour }: HourChoiceProps) {
  return (
    <label>
      {WORK_TEXT.made}
      <select
        class="glove"
        value={made}
        onChange={event => {
          hour.value = Number(event.currentTarget.value);
        }}
      >
        {hours.map(each => (
          <option key={each} value={each}>
            {WORK_TEXT.hour(hourMinute(each, zone), hourMinute(Math.min(each + HOUR_MS, end), zone))}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The hours of a shift in which facts lie, counted from its start. */
function hoursOf(start: number, edge: number): number[] {
  const hours: number[] = [];
  for (let at = start; at < edge; at += HOUR_MS) hours.push(at);
  return hours;
}
