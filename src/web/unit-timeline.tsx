// Unit timeline: a machine's timeline that is zoomed and dragged by wheel, finger, button or key, with its counts underneath.
// In: unit, zone, target. Out: a strip, a chart of counts over the same time, and the span in words.
// Touches: the server, when the span leaves what the page knows.

import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { WireResult } from '../core/result-to-wire.ts';
import { CountChart } from './count-chart.tsx';
import { TIMELINE_MS, useStore } from './page-store.ts';
import type { MachineAnswer } from './plant-answer.ts';
import { stretchRows, windowRows } from './saved-rows.ts';
import { date, hourMinute } from './show-values.ts';
import { TEXT } from './spoken-texts.ts';
import { type Stretch, stretchOf } from './stretch.ts';
import { TableDownload } from './table-download.tsx';
import { TimelineStrip } from './timeline-strip.tsx';

/** Less is a click. */
const DRAG_MIN_PX = 4;
const SPAN_MIN_MS = 5 * 60_000;
const SPAN_MAX_MS = 7 * 86_400_000;
const MINUTES_UP_TO_MS = 3 * 3_600_000;
/** A turn of the wheel asks once, when it comes to rest. */
const REST_MS = 150;

interface UnitTimelineProps {
  readonly unit: string;
  readonly name: string;
  readonly zone: string;
  readonly target: number | null;
  readonly machine: MachineAnswer;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

export function UnitTimeline({ unit, name, zone, target, machine }: UnitTimelineProps) {
  const store = useStore();
  const { now } = store;
  const live = store.stretchesOf(unit);
  const { span, fixed, zoom, move, show, toLive } = useSpan();
  const known = useHistory(unit, fixed, Math.floor(now.value / 60_000));
  const drag = useRef<{ x: number; span: Span } | null>(null);
  const onKey = keysOf({ zoom, move, toLive });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: wheel and drag are beside the buttons and keys that do the same
    <div
      class="unit-timeline"
      data-span={Math.round(span.to - span.from)}
      onKeyDown={onKey}
      onWheel={event => {
        // the page scrolls by the wheel; with Ctrl, as a pinch on a touch pad says it, the time grows
        if (!event.ctrlKey) return;
        event.preventDefault();
        const box = event.currentTarget.getBoundingClientRect();
        const at = span.from + ((event.clientX - box.left) / box.width) * (span.to - span.from);
        zoom(event.deltaY > 0 ? 1.25 : 0.8, at);
      }}
      onPointerDown={event => {
        drag.current = { x: event.clientX, span };
      }}
      onPointerMove={event => {
        const begun = drag.current;
        if (begun === null || event.buttons !== 1 || Math.abs(event.clientX - begun.x) < DRAG_MIN_PX) return;
        const wide = begun.span.to - begun.span.from;
        const by = ((begun.x - event.clientX) / event.currentTarget.clientWidth) * wide;
        show({ from: begun.span.from + by, to: begun.span.to + by });
      }}
    >
      <TimelineStrip
        unit={unit}
        name={name}
        zone={zone}
        height={64}
        every={labelEvery(span)}
        {...(fixed === null ? {} : { of: { ...span, stretches: known.stretches } })}
      />
      <CountChart results={known.counts} target={target} from={span.from} to={span.to} />
      <SpanButtons span={span} zone={zone} isLive={fixed === null} zoom={zoom} move={move} toLive={toLive}>
        <TableDownload
          name={TEXT.timeline}
          rows={() => stretchRows(fixed === null ? live.value : known.stretches, machine, zone, now.value)}
        />
        <TableDownload
          name={`${TEXT.pieceCount}, ${TEXT.timeline}`}
          short={TEXT.pieceCount}
          rows={() => windowRows(known.counts, target, zone)}
        />
      </SpanButtons>
    </div>
  );
}

/** The keyboard does all that buttons, wheel and finger do. */
function keysOf({ zoom, move, toLive }: Pick<SpanButtonsProps, 'zoom' | 'move' | 'toLive'>) {
  return (event: KeyboardEvent): void => {
    const acts: Record<string, () => void> = {
      '+': () => zoom(0.5),
      '-': () => zoom(2),
      PageUp: () => move(-0.5),
      PageDown: () => move(0.5),
      Home: toLive,
    };
    const act = acts[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
}

/** The time that is shown: the last hours, moving on, until somebody looks at another. */
function useSpan() {
  const { now } = useStore();
  const fixed = useSignal<Span | null>(null);
  const span = fixed.value ?? { from: now.value - TIMELINE_MS, to: now.value };
  const show = (next: Span): void => {
    const wide = Math.min(SPAN_MAX_MS, Math.max(SPAN_MIN_MS, next.to - next.from));
    const to = Math.min(now.value, next.to);
    fixed.value = { from: to - wide, to };
  };
  const zoom = (factor: number, at = (span.from + span.to) / 2): void =>
    show({ from: at - (at - span.from) * factor, to: at + (span.to - at) * factor });
  const move = (share: number): void => {
    const by = (span.to - span.from) * share;
    show({ from: span.from + by, to: span.to + by });
  };
  const toLive = (): void => {
    fixed.value = null;
  };
  return { span, fixed: fixed.value, show, zoom, move, toLive };
}

const labelEvery = ({ from, to }: Span): number =>
  to - from > 2 * 86_400_000 ? 24 : to - from > 14 * 3_600_000 ? 4 : 1;

/** What happened in the span, asked for when it comes to rest; counts by minute where there is room for them. */
function useHistory(unit: string, fixed: Span | null, minute: number) {
  const store = useStore();
  const known = useSignal<{ stretches: readonly Stretch[]; counts: readonly WireResult[] }>({
    stretches: [],
    counts: [],
  });
  useEffect(() => {
    let isWanted = true;
    const { from, to } = fixed ?? { from: store.now.value - TIMELINE_MS, to: store.now.value };
    const kind = to - from <= MINUTES_UP_TO_MS ? 'minute' : 'hour';
    const rest = setTimeout(() => {
      Promise.all([
        fixed === null ? [] : store.reader.timeline(unit, from, to),
        store.reader.results(unit, kind, from, to),
      ]).then(
        ([intervals, counts]) => {
          if (isWanted) known.value = { stretches: intervals.map(stretchOf), counts };
        },
        // the strip above is live without it, and the next turn asks again
        () => undefined,
      );
    }, REST_MS);
    return () => {
      isWanted = false;
      clearTimeout(rest);
    };
  }, [unit, fixed?.from, fixed?.to, fixed === null ? minute : 0]);
  return known.value;
}

interface SpanButtonsProps {
  readonly span: Span;
  readonly zone: string;
  readonly isLive: boolean;
  readonly zoom: (factor: number) => void;
  readonly move: (share: number) => void;
  readonly toLive: () => void;
  /** what can be done with what is shown */
  readonly children: ComponentChildren;
}

function SpanButtons({ span, zone, isLive, zoom, move, toLive, children }: SpanButtonsProps) {
  return (
    <div class="span-buttons">
      <button type="button" class="act" aria-label={TEXT.spanEarlier} onClick={() => move(-0.5)}>
        ‹
      </button>
      <button type="button" class="act" aria-label={TEXT.spanOut} onClick={() => zoom(2)}>
        −
      </button>
      <button type="button" class="act" aria-label={TEXT.spanIn} onClick={() => zoom(0.5)}>
        +
      </button>
      <button type="button" class="act" aria-label={TEXT.spanLater} onClick={() => move(0.5)}>
        ›
      </button>
      <button type="button" class="act" disabled={isLive} onClick={toLive}>
        {TEXT.last8h}
      </button>
      <span class="muted">
        {date(span.from, zone)} {hourMinute(span.from, zone)} – {date(span.to, zone)} {hourMinute(span.to, zone)} {zone}
      </span>
      {children}
    </div>
  );
}
