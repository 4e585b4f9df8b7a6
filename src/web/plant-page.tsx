// Plant page: the whole plant on one page: sites, lines, machines, and what the colours mean.
// In: the store. Out: the page.
// Pure; listens to the store.

import { CATEGORIES, type Category } from '../core/tally.ts';
import { AlertBar } from './alert-bar.tsx';
import { AlertList } from './alert-list.tsx';
import { CategoryMark } from './category-mark.tsx';
import { turnAt } from './kiosk-cycle.ts';
import type { SpeakAs } from './language-switch.tsx';
import { LinePanel } from './line-panel.tsx';
import { PageHeader } from './page-header.tsx';
import { useStore } from './page-store.ts';
import { machinesOf, type PlantAnswer, type SiteAnswer } from './plant-answer.ts';
import { whyNone } from './ratio-figures.tsx';
import type { Trouble } from './server-refusal.ts';
import { clock, percent } from './show-values.ts';
import { CATEGORY_TEXT, RATIO_TEXT, TEXT, windowLongText } from './spoken-texts.ts';
import { StripTip } from './strip-tip.tsx';
import { troubleText } from './trouble-text.ts';
import { UnitDetail } from './unit-detail.tsx';
import { wallPages } from './wall-plant.ts';
import { hasEnded } from './window-age.ts';
import { WorkView } from './work-view.tsx';

export type Keep = (key: 'theme' | 'kind' | 'name' | 'language', value: string) => void;

interface PlantPageProps {
  readonly keep: Keep;
  readonly speakAs: SpeakAs;
}

export function PlantPage({ keep, speakAs }: PlantPageProps) {
  const store = useStore();
  const plant = store.plant.value;
  return (
    <div class={`page is-${store.link.value.mode} ${store.isKiosk ? 'is-kiosk' : ''}`}>
      <PageHeader keep={keep} speakAs={speakAs} />
      <main>
        {plant === null && <Waiting trouble={store.trouble.value} />}
        {plant !== null && machinesOf(plant).length === 0 && store.wall.length === 0 && (
          <p class="waiting">{TEXT.emptyPlant}</p>
        )}
        {plant !== null && <AlertBar />}
        {plant !== null && store.isKiosk && <KioskTurn plant={plant} />}
        {!store.isKiosk && plant?.sites.map(site => <Site key={site.id} site={site} />)}
      </main>
      <footer class="legend">
        <span class="hidden-words">{TEXT.legend}</span>
        {CATEGORIES.map(category => (
          <span key={category}>
            <i class={`on-${category} ${category === 'unknown' ? 'hatched' : ''}`}>
              <CategoryMark category={category} />
            </i>
            {CATEGORY_TEXT[category]}
          </span>
        ))}
      </footer>
      <UnitDetail />
      <AlertList keepName={name => keep('name', name)} />
      <WorkView keepName={name => keep('name', name)} />
      <StripTip />
    </div>
  );
}

function Waiting({ trouble }: { readonly trouble: Trouble | null }) {
  if (trouble === null) return <p class="waiting">{TEXT.loading}</p>;
  return (
    <p class="waiting" role="alert">
      <b>{TEXT.troubleTitle}</b> {troubleText(trouble)} {TEXT.retrying}
    </p>
  );
}

/** The lines by turns, each turn a page of its own. */
function KioskTurn({ plant }: { readonly plant: PlantAnswer }) {
  const { now, astray } = useStore();
  const { unknown, known } = astray.value;
  const { shown, turn, turns } = turnAt(wallPages(plant.sites), now.value);
  return (
    <>
      {unknown.length > 0 && (
        <p class="astray" role="alert">
          {TEXT.astray(unknown.join(', '), known.join(', '))}
        </p>
      )}
      {shown !== null && <Site key={`${shown.id} ${turn}`} site={shown} />}
      {turns > 1 && <p class="kiosk-turn">{TEXT.turn(turn, turns)}</p>}
    </>
  );
}

function Site({ site }: { readonly site: SiteAnswer }) {
  const store = useStore();
  const result = store.resultOf(site.id, store.kind.value).value;
  return (
    <section class="site" aria-label={site.name} data-unit={site.id}>
      <div class="site-head">
        <h2>
          <button
            type="button"
            aria-label={TEXT.details(site.name)}
            onClick={() => {
              store.opened.value = site.id;
            }}
          >
            {site.name}
          </button>
        </h2>
        <p class="site-figures" title={whyNone(result, 'oee') ?? RATIO_TEXT.oee.formula}>
          OEE <b data-ratio="oee">{percent(result?.oee ?? null)}</b>
          {result !== null && hasEnded(result) && ` ${windowLongText(result.window.kind, true)}`}
        </p>
        <StateCounts site={site} />
        <p class="site-clock">
          {clock(store.now.value, site.zone)} <span>{site.zone}</span>
        </p>
      </div>
      {site.areas.flatMap(area =>
        area.lines.map(line => <LinePanel key={line.id} line={line} area={area.name} zone={site.zone} />),
      )}
    </section>
  );
}

/** How many machines are doing what, the site at one glance. */
function StateCounts({ site }: { readonly site: SiteAnswer }) {
  const store = useStore();
  const counts = new Map<Category, number>();
  for (const area of site.areas) {
    for (const line of area.lines) {
      for (const machine of line.machines) {
        const category = store.stateOf(machine.id).value?.category ?? 'unknown';
        counts.set(category, (counts.get(category) ?? 0) + 1);
      }
    }
  }
  return (
    <p class="site-states">
      {CATEGORIES.filter(c => counts.has(c)).map(category => (
        <span key={category} title={CATEGORY_TEXT[category]}>
          <i class={`on-${category} ${category === 'unknown' ? 'hatched' : ''}`}>
            <CategoryMark category={category} />
          </i>
          {TEXT.inCategory(counts.get(category) ?? 0, CATEGORY_TEXT[category])}
        </span>
      ))}
    </p>
  );
}
