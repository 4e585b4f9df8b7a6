// Report graphics: the waterfall and the bars of the printed report, as SVG that a black-and-white printer does not spoil.
// In: a waterfall, ratios. Out: SVG.
// Pure. Kinds of loss differ by pattern, not by colour alone; time that nobody saw is always hatched.

import type { Loss, Waterfall } from '../core/losses.ts';
import { Html, html, type Speech } from './report-words.ts';

type Look = Loss['factor'] | 'level';

interface Step {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly look: Look;
}

/** The patterns, once for each document. */
export const PATTERNS = new Html(`<svg width="0" height="0" aria-hidden="true" style="position:absolute"><defs>
<pattern id="p-schedule" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="#e3e6ea"/></pattern>
<pattern id="p-unknown" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="9" height="9" fill="#fff"/><rect width="2" height="9" fill="#444"/></pattern>
<pattern id="p-availability" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect width="6" height="6" fill="#f3b8a6"/><rect width="3" height="6" fill="#a5341a"/></pattern>
<pattern id="p-performance" width="7" height="7" patternUnits="userSpaceOnUse"><rect width="7" height="7" fill="#f6e3a8"/><circle cx="3.5" cy="3.5" r="1.9" fill="#7d6100"/></pattern>
<pattern id="p-quality" width="7" height="7" patternUnits="userSpaceOnUse"><rect width="7" height="7" fill="#d9c6ec"/><path d="M0 3.5h7M3.5 0v7" stroke="#593285" stroke-width="1.6"/></pattern>
<pattern id="p-level" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="#22303f"/></pattern>
</defs></svg>`);

/** Without ideal cycles for all pieces the steps end at the run time: nothing is invented below it. */
function stepsOf(fall: Waterfall, uncycled: number, { loss, level: levels }: Speech['words']): Step[] {
  const steps: Step[] = [];
  let left = fall.calendarMs;
  const level = (name: string): void => {
    steps.push({ name, from: 0, to: left, look: 'level' });
  };
  const lose = (...factors: readonly Loss['factor'][]): void => {
    for (const { name, factor, ms } of fall.losses) {
      if (!factors.includes(factor) || ms === 0) continue;
      steps.push({ name: loss[name], from: left - ms, to: left, look: factor });
      left -= ms;
    }
  };
  level(levels.all);
  lose('schedule', 'unknown');
  level(levels.planned);
  lose('availability');
  level(levels.run);
  if (uncycled !== 0) return steps;
  lose('performance');
  level(levels.ideal);
  lose('quality');
  level(levels.good);
  return steps;
}

const [WIDTH, ROW, LABEL, VALUE] = [940, 25, 180, 95];

export function waterfallSvg(fall: Waterfall, uncycled: number, { words, minutes }: Speech): Html {
  const steps = stepsOf(fall, uncycled, words);
  const most = Math.max(1, ...steps.flatMap(({ from, to }) => [from, to]));
  const scale = (WIDTH - LABEL - VALUE) / most;
  const rows = steps.map(({ name, from, to, look }, at) => {
    const [low, size] = [Math.min(from, to), Math.abs(to - from)];
    const y = at * ROW;
    const sign = look === 'level' ? '' : to >= from ? '−' : '+';
    const next = steps[at + 1];
    // where the next bar goes on
    const edge = next === undefined ? null : LABEL + (look === 'level' ? to : Math.min(from, to)) * scale;
    const thread =
      edge === null
        ? null
        : html`<path d="M${edge} ${y + 2}V${y + ROW + 20}" stroke="#9aa4ae" stroke-width="1" stroke-dasharray="2 3"/>`;
    return html`${thread}<text x="${LABEL - 10}" y="${y + 17}" text-anchor="end" class="${look}">${name}</text>
<rect x="${LABEL + low * scale}" y="${y + 3}" width="${Math.max(1.5, size * scale)}" height="${ROW - 7}" fill="url(#p-${look})" stroke="#22303f" stroke-width="1"/>
<text x="${WIDTH}" y="${y + 17}" text-anchor="end" class="${look} number">${sign}${minutes(size)} ${words.units.minute}</text>`;
  });
  const height = steps.length * ROW;
  return html`<svg class="fall" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${words.fall}">${rows}</svg>`;
}

/** A ratio as a bar from 0 to 1, with a mark where the target is. */
export function ratioBar(ratio: number | null, target: number | null): Html {
  const width = Math.max(0, Math.min(1, ratio ?? 0)) * 200;
  const at = target === null ? null : Math.min(1, target) * 200;
  const mark =
    at === null ? null : html`<path d="M${at} 0V16" stroke="#000" stroke-width="2.5"/><path d="M${at - 4} 0h8l-4 5z"/>`;
  return html`<svg class="bar" viewBox="-1 -1 202 18" preserveAspectRatio="none" aria-hidden="true"><rect width="200" height="16" y="0" fill="#fff" stroke="#22303f"/><rect width="${width}" height="16" fill="${ratio === null ? 'url(#p-unknown)' : '#22303f'}"/>${mark}</svg>`;
}

/** Planned time: seen in full, not seen hatched. */
export function coverageBar(coverage: number | null, name: string): Html {
  const seen = Math.max(0, Math.min(1, coverage ?? 0)) * 900;
  return html`<svg class="coverage" viewBox="-1 -1 902 20" preserveAspectRatio="none" role="img" aria-label="${name}"><rect width="900" height="18" fill="url(#p-unknown)" stroke="#22303f"/><rect width="${seen}" height="18" fill="#7d8b99" stroke="#22303f"/></svg>`;
}
