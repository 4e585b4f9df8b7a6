// Timeline strip: a machine's last hours as a strip; pointer, finger or arrow keys tell what each stretch was.
// In: unit, zone, height. Out: a canvas with its clock underneath.
// Touches: a canvas, the size of its box.

import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { TIMELINE_MS, useStore } from './page-store.ts';
import { clock, fullHours, hourMinute, lengthOf } from './show-values.ts';
import { CATEGORY_TEXT, TEXT } from './spoken-texts.ts';
import type { Stretch } from './stretch.ts';
import { endOf, paintStrip, type StripPlan, stretchAt } from './timeline-paint.ts';

interface StripProps {
  readonly unit: string;
  readonly name: string;
  readonly zone: string;
  readonly height: number;
  /** hours between two labels of the clock */
  readonly every: number;
  /** another span than the last hours, with its own stretches */
  readonly of?: StripSpan;
  /** instants that want attention */
  readonly flags?: readonly number[];
  /** a span that is worked on */
  readonly chosen?: { readonly from: number; readonly to: number } | null;
  /** a click or Enter on a stretch */
  readonly onPick?: (stretch: Stretch) => void;
}

export interface StripSpan {
  readonly from: number;
  readonly to: number;
  readonly stretches: readonly Stretch[];
}

/** The strip moves on in steps of this: one pixel of a wide strip is about fifteen seconds. */
const STEP_MS = 5_000;

export function TimelineStrip(props: StripProps) {
  const { unit, name, zone, height, every, of, flags = [], chosen = null, onPick } = props;
  const store = useStore();
  const canvas = useRef<HTMLCanvasElement>(null);
  const liveTo = Math.ceil(store.now.value / STEP_MS) * STEP_MS;
  const live = { from: liveTo - TIMELINE_MS, to: liveTo, stretches: store.stretchesOf(unit).value };
  const { from, to, stretches } = of ?? live;
  // an open stretch goes on by itself only while the link says that it does
  const edge = store.link.value.mode === 'live' ? store.now.value : 0;
  const pointing = usePointing({ from, to, stretches }, edge, zone, onPick);
  const marked = pointing.marked.value;
  const ticks = fullHours(from, to, zone, 1);
  usePaint(canvas, { height, from, to, stretches, edge, ticks, marked, flags, chosen });
  const shown = marked === null ? stretches.length - 1 : stretches.findIndex(s => s.from === marked.from);
  const spanned = TEXT.timelineSpan(name, hourMinute(from, zone), hourMinute(to, zone));
  return (
    <div class="strip">
      <canvas
        ref={canvas}
        style={{ height: `${height}px` }}
        tabIndex={0}
        role="slider"
        aria-label={of === undefined ? TEXT.timelineOf(name) : spanned}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, stretches.length - 1)}
        aria-valuenow={Math.max(0, shown)}
        aria-valuetext={stretchText(stretches[shown] ?? null, zone, edge)}
        onPointerMove={pointing.onPointer}
        onPointerDown={pointing.onPointer}
        onClick={pointing.pick}
        onPointerLeave={pointing.leave}
        onBlur={pointing.leave}
        onKeyDown={pointing.onKey}
      />
      <StripClock from={from} to={to} zone={zone} every={every} />
    </div>
  );
}

/** What the pointer or the keyboard points at, with its tip. */
function usePointing(
  { from, to, stretches }: StripSpan,
  edge: number,
  zone: string,
  onPick: ((stretch: Stretch) => void) | undefined,
) {
  const store = useStore();
  const marked = useSignal<Stretch | null>(null);
  const point = (stretch: Stretch | null, x: number, y: number): void => {
    marked.value = stretch;
    store.tip.value = stretch === null ? null : { stretch, zone, x, y };
  };
  const pick = (): void => {
    if (marked.value !== null) onPick?.(marked.value);
  };
  const onPointer = (event: PointerEvent): void => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const at = from + ((event.clientX - box.left) / box.width) * (to - from);
    point(stretchAt(stretches, at, edge), event.clientX, box.top);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      // the first Escape takes the tip away, only the next one a dialog
      if (marked.value !== null) event.preventDefault();
      point(null, 0, 0);
    }
    if (event.key === 'Enter') pick();
    const next = nextStretch(stretches, marked.value, event.key);
    if (next === undefined) return;
    event.preventDefault();
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const middle = (Math.max(next.from, from) + Math.min(endOf(next, edge), to)) / 2;
    point(next, box.left + ((middle - from) / (to - from)) * box.width, box.top);
  };
  return { marked, onPointer, onKey, pick, leave: () => point(null, 0, 0) };
}

/** The stretch to which an arrow key leads; from nowhere to the newest. */
function nextStretch(stretches: readonly Stretch[], marked: Stretch | null, key: string): Stretch | undefined {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (step === undefined) return undefined;
  const index = stretches.findIndex(s => s.from === marked?.from);
  return index < 0 ? stretches.at(-1) : stretches[Math.min(Math.max(index + step, 0), stretches.length - 1)];
}

/** Paints the strip, in the width that its box has. */
function usePaint(canvas: RefObject<HTMLCanvasElement | null>, plan: Omit<StripPlan, 'width' | 'colourOf'>): void {
  const width = useSignal(0);
  const wide = width.value;
  const theme = useStore().theme.value;
  const { height, from, to, stretches, edge, marked } = plan;
  const extras = `${plan.flags.join()} ${plan.chosen?.from} ${plan.chosen?.to}`;

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      width.value = element.clientWidth;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [canvas, width]);

  // the theme is in the list because it changes what colourOf reads
  useEffect(() => {
    const context = canvas.current?.getContext('2d') ?? null;
    if (context === null || wide === 0) return;
    const ratio = window.devicePixelRatio;
    context.canvas.width = Math.round(wide * ratio);
    context.canvas.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const style = getComputedStyle(document.documentElement);
    paintStrip(context, { ...plan, width: wide, colourOf: colour => style.getPropertyValue(colour) });
  }, [wide, height, from, to, stretches, edge, marked, theme, extras]);
}

interface StripClockProps {
  readonly from: number;
  readonly to: number;
  readonly zone: string;
  readonly every: number;
}

function StripClock({ from, to, zone, every }: StripClockProps) {
  // a label at the very edge would be cut in half
  const margin = (to - from) * Math.min(0.12, 0.04 * every);
  return (
    <div class="strip-clock" aria-hidden="true">
      {fullHours(from + margin, to - margin, zone, every).map(at => (
        <span key={at} style={{ left: `${((at - from) / (to - from)) * 100}%` }}>
          {hourMinute(at, zone)}
        </span>
      ))}
    </div>
  );
}

function stretchText(stretch: Stretch | null, zone: string, edge: number): string {
  if (stretch === null) return TEXT.noStretch;
  const until = stretch.open ? TEXT.ongoing : clock(stretch.to, zone);
  const length = lengthOf(endOf(stretch, edge) - stretch.from);
  return `${CATEGORY_TEXT[stretch.category]}, ${clock(stretch.from, zone)} – ${until}, ${length}`;
}
