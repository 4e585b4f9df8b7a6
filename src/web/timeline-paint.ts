// Timeline paint: stretches of time as a coloured strip, the short ones never lost under the long ones.
// In: a canvas context, a size, a span, stretches, colours. Out: pixels.
// Touches the canvas it is given.

import type { Category } from '../core/tally.ts';
import type { Stretch } from './stretch.ts';

export interface StripPlan {
  readonly width: number;
  readonly height: number;
  readonly from: number;
  readonly to: number;
  readonly stretches: readonly Stretch[];
  /** how far an open stretch is drawn */
  readonly edge: number;
  readonly ticks: readonly number[];
  readonly colourOf: (name: string) => string;
  /** stretch under the pointer */
  readonly marked: Stretch | null;
  /** instants that want attention */
  readonly flags: readonly number[];
  /** span that is worked on */
  readonly chosen: { readonly from: number; readonly to: number } | null;
}

/** Painted from the first to the last: what a supervisor must not miss comes on top. */
const LAYERS: readonly Category[] = [
  'notScheduled',
  'plannedStop',
  'producing',
  'idle',
  'unknown',
  'starved',
  'blocked',
  'setup',
  'microStop',
  'breakdown',
];

/** A stop shorter than a pixel is still a stop. */
const STOP_WIDTH_MIN = 1.5;

/** An open stretch is told again and again as it grows; without news for longer than this nobody knows whether it goes on. */
const OPEN_TRUST_MS = 90_000;

export function endOf(stretch: Stretch, edge: number): number {
  return stretch.open ? Math.max(stretch.to, Math.min(edge, stretch.to + OPEN_TRUST_MS)) : stretch.to;
}

export function stretchAt(stretches: readonly Stretch[], at: number, edge: number): Stretch | null {
  return stretches.findLast(s => s.from <= at && at < endOf(s, edge)) ?? null;
}

export function paintStrip(context: CanvasRenderingContext2D, plan: StripPlan): void {
  const { width, height, from, to, colourOf } = plan;
  const scale = width / (to - from);
  context.clearRect(0, 0, width, height);
  context.fillStyle = colourOf('--track');
  context.fillRect(0, 0, width, height);
  for (const layer of LAYERS) {
    for (const stretch of plan.stretches) {
      if (stretch.category !== layer) continue;
      const left = Math.max(0, (stretch.from - from) * scale);
      const right = Math.min(width, (endOf(stretch, plan.edge) - from) * scale);
      if (right <= 0 || left >= width) continue;
      const wide = Math.max(right - left, layer === 'producing' ? 0.5 : STOP_WIDTH_MIN);
      context.fillStyle = colourOf(`--c-${layer}`);
      context.fillRect(left, 0, wide, height);
      if (layer === 'unknown') hatch(context, left, wide, height, colourOf('--hatch'));
    }
  }
  paintTicks(context, plan, scale);
  for (const flag of plan.flags) paintFlag(context, plan, (flag - from) * scale);
  if (plan.chosen !== null) paintChosen(context, plan, plan.chosen, scale);
  if (plan.marked !== null) paintMark(context, plan, plan.marked, scale);
}

function hatch(context: CanvasRenderingContext2D, left: number, wide: number, height: number, colour: string): void {
  context.save();
  context.beginPath();
  context.rect(left, 0, wide, height);
  context.clip();
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  for (let x = left - height - ((left - height) % 6); x < left + wide; x += 6) {
    context.moveTo(x, height);
    context.lineTo(x + height, 0);
  }
  context.stroke();
  context.restore();
}

function paintTicks(context: CanvasRenderingContext2D, plan: StripPlan, scale: number): void {
  // notches, no lines: a line across would look like a stop
  context.fillStyle = plan.colourOf('--surface');
  for (const tick of plan.ticks) context.fillRect(Math.round((tick - plan.from) * scale) - 1, plan.height - 4, 2, 4);
}

function paintMark(context: CanvasRenderingContext2D, plan: StripPlan, marked: Stretch, scale: number): void {
  const left = Math.max(0, (marked.from - plan.from) * scale);
  const right = Math.min(plan.width, (endOf(marked, plan.edge) - plan.from) * scale);
  context.strokeStyle = plan.colourOf('--text');
  context.lineWidth = 2;
  context.strokeRect(left + 1, 1, Math.max(2, right - left - 2), plan.height - 2);
}

/** A pennant over what nobody has explained: found by shape, whatever colour lies under it. */
function paintFlag(context: CanvasRenderingContext2D, { colourOf }: StripPlan, x: number): void {
  context.beginPath();
  context.moveTo(x - 6, 0);
  context.lineTo(x + 6, 0);
  context.lineTo(x, 11);
  context.closePath();
  context.fillStyle = colourOf('--text');
  context.fill();
  context.strokeStyle = colourOf('--ground');
  context.lineWidth = 1.5;
  context.stroke();
}

function paintChosen(
  context: CanvasRenderingContext2D,
  { height, from, colourOf }: StripPlan,
  chosen: { readonly from: number; readonly to: number },
  scale: number,
): void {
  const left = (chosen.from - from) * scale;
  const wide = Math.max(4, (chosen.to - chosen.from) * scale);
  context.strokeStyle = colourOf('--ground');
  context.lineWidth = 5;
  context.strokeRect(left, 2, wide, height - 4);
  context.strokeStyle = colourOf('--focus');
  context.lineWidth = 3;
  context.strokeRect(left, 2, wide, height - 4);
}
