// Lost banner: says that the connection is lost, since when what is shown is old, and when the next try comes.
// In: the store. Out: a line across whatever is open, nothing while the page is live.
// Pure; listens to the store.

import { useStore } from './page-store.ts';
import { clock, lengthOf } from './show-values.ts';
import { TEXT } from './spoken-texts.ts';

export function LostBanner() {
  const store = useStore();
  const link = store.link.value;
  const zone = store.plant.value?.sites[0]?.zone;
  if (link.mode !== 'lost' || zone === undefined) return null;
  const now = store.now.value;
  return (
    <p class="lost">
      <b>{TEXT.lostBanner(clock(link.since, zone), lengthOf(now - link.since))}</b>{' '}
      {TEXT.lostRetry(Math.max(0, Math.ceil((link.retryAt - now) / 1000)))}
    </p>
  );
}
