// Page header: plant, window switch, the plant's clock, colours, and above all whether what is shown is live.
// In: the store. Out: the top of the page, with a banner across it when the connection is lost.
// Touches: the stored choice of colours and window, through functions handed in.

import { AlertButton } from './alert-bar.tsx';
import { BrandMark } from './brand-mark.tsx';
import { LanguageSwitch, type SpeakAs } from './language-switch.tsx';
import { LostBanner } from './lost-banner.tsx';
import { useStore } from './page-store.ts';
import { clock, date } from './show-values.ts';
import { TEXT, windowLongText, windowText } from './spoken-texts.ts';
import { UserBadge } from './user-badge.tsx';

export function windowKindsOf(slidingMinutes: readonly number[]): string[] {
  return [...slidingMinutes.map(m => `last${m}m`), 'hour', 'shift', 'day'];
}

interface PageHeaderProps {
  readonly keep: (key: 'theme' | 'kind' | 'language', value: string) => void;
  readonly speakAs: SpeakAs;
}

export function PageHeader({ keep, speakAs }: PageHeaderProps) {
  const store = useStore();
  const plant = store.plant.value;
  const site = plant?.sites[0];
  const isLight = store.theme.value === 'light';
  return (
    <header class="top">
      <div class="top-row">
        <div class="top-name">
          <BrandMark />
          <h1>{plant?.name ?? 'OEE'}</h1>
        </div>
        {plant !== null && <WindowSwitch kinds={windowKindsOf(plant.settings.slidingMinutes)} keep={keep} />}
        <div class="top-right">
          {site !== undefined && (
            <p class="clock">
              <b>{clock(store.now.value, site.zone)}</b>
              <span>
                {date(store.now.value, site.zone)} · {site.zone}
              </span>
            </p>
          )}
          {plant !== null && <AlertButton />}
          <LinkBadge />
          <UserBadge />
          <LanguageSwitch keep={keep} speakAs={speakAs} />
          <button
            type="button"
            class="icon-button"
            aria-label={isLight ? TEXT.toDark : TEXT.toLight}
            title={isLight ? TEXT.toDark : TEXT.toLight}
            onClick={() => {
              store.theme.value = isLight ? 'dark' : 'light';
              keep('theme', store.theme.value);
            }}
          >
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <path
                d="M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zm0 1.500v9a4.500 4.500 0 0 1 0-9z"
                fill="currentColor"
                fill-rule="evenodd"
              />
            </svg>
          </button>
        </div>
      </div>
      <LostBanner />
    </header>
  );
}

interface WindowSwitchProps {
  readonly kinds: readonly string[];
  readonly keep: (key: 'kind', value: string) => void;
}

function WindowSwitch({ kinds, keep }: WindowSwitchProps) {
  const store = useStore();
  return (
    <fieldset class="switch">
      <legend class="hidden-words">{TEXT.windows}</legend>
      {kinds.map(kind => (
        <label key={kind} title={windowLongText(kind)}>
          <input
            type="radio"
            name="window"
            value={kind}
            checked={store.kind.value === kind}
            onChange={() => {
              store.kind.value = kind;
              keep('kind', kind);
            }}
          />
          <span>{windowText(kind)}</span>
        </label>
      ))}
    </fieldset>
  );
}

function LinkBadge() {
  const link = useStore().link.value;
  const word = { live: TEXT.live, connecting: TEXT.connecting, lost: TEXT.lost }[link.mode];
  return (
    <p class={`link is-${link.mode}`} role="status" data-link={link.mode}>
      <i aria-hidden="true" />
      {word}
    </p>
  );
}
