// Strip tip: what the pointed stretch of a timeline was, beside the pointer.
// In: the store's tip. Out: a small box inside the window's edges.
// Pure.

import { CategoryMark } from './category-mark.tsx';
import { useStore } from './page-store.ts';
import { machinesOf } from './plant-answer.ts';
import { clock, lengthOf } from './show-values.ts';
import { CATEGORY_TEXT, SOURCE_TEXT, TEXT } from './spoken-texts.ts';

const TIP_WIDTH = 250;

export function StripTip() {
  const store = useStore();
  const tip = store.tip.value;
  if (tip === null) return null;
  const { stretch, zone } = tip;
  const left = Math.min(Math.max(8, tip.x - TIP_WIDTH / 2), window.innerWidth - TIP_WIDTH - 8);
  // above the strip, or below it where there is no room
  const place = tip.y > 150 ? { bottom: `${window.innerHeight - tip.y + 8}px` } : { top: `${tip.y + 48}px` };
  const to = stretch.open ? store.now.value : stretch.to;
  const plant = store.plant.value;
  const machine = plant === null ? undefined : machinesOf(plant).find(m => m.id === stretch.unit);
  const reason = stretch.reason === null ? null : (machine?.reasons?.[stretch.reason]?.text ?? null);
  return (
    <div class="tip" style={{ left: `${left}px`, width: `${TIP_WIDTH}px`, ...place }} aria-hidden="true">
      <div class={`tip-state on-${stretch.category}`}>
        <CategoryMark category={stretch.category} />
        <b>{CATEGORY_TEXT[stretch.category]}</b>
        <span>{lengthOf(to - stretch.from)}</span>
      </div>
      <p>
        {clock(stretch.from, zone)} – {stretch.open ? TEXT.ongoing : clock(stretch.to, zone)}
      </p>
      {stretch.state !== null && <p>{[stretch.state, stretch.reason, reason].filter(Boolean).join(' · ')}</p>}
      <p class="muted">
        {SOURCE_TEXT[stretch.source]}
        {stretch.undecided && ` · ${TEXT.undecided}`}
      </p>
    </div>
  );
}
