// First page: where the page begins: real time, chance, the network and the browser's memory enter here, nowhere else.
// In: the address it was opened with. Out: a running page.
// Touches: the document, HTTP, the WebSocket, local storage, timers.

import { effect } from '@preact/signals';
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import { LiveLink, type LiveWord } from '../client/live-link.ts';
import { createAlertDesk } from './alert-desk.ts';
import { type Language, languageFor } from './language.ts';
import { windowKindsOf } from './page-header.tsx';
import { PageStore, StoreContext, TIMELINE_MS } from './page-store.ts';
import { pageVisit } from './page-visit.ts';
import { createPlantReader, machinesOf, type PlantAnswer } from './plant-answer.ts';
import { PlantPage } from './plant-page.tsx';
import { troubleOf } from './server-refusal.ts';
import { createSessionDesk } from './session-desk.ts';
import { SignInPage } from './sign-in-page.tsx';
import { speak, TEXT } from './spoken-texts.ts';
import { wallNames } from './wall-plant.ts';
import { createWorkDesk } from './work-desk.ts';
import { WorkStore } from './work-store.ts';

/** How long to wait before asking again for a plant that did not answer. */
const PLANT_RETRY_MS = 2_000;
/** How often the plant is read again: shifts begin and end, and a plant file may have changed. */
const PLANT_REFRESH_MS = 60_000;
/** How far back alerts that are over are shown. */
const ALERTS_MS = 24 * 3_600_000;

const token = new URLSearchParams(location.search).get('access_token');
/** a clock that nobody can set back: silence is measured with it */
const steady = (): number => performance.timeOrigin + performance.now();
/** server's clock minus this one: a wall screen with a wrong clock still counts the right time */
let skewMs = 0;
const now = (): number => steady() + skewMs;
const sessionDesk = createSessionDesk(
  (path, init) => fetch(path, init),
  token,
  () => noticeStranger(),
);
const { ask } = sessionDesk;
const reader = createPlantReader(ask, token);
const desk = createWorkDesk(ask, token);
const work = new WorkStore({
  ...desk,
  shifts: (unit, from, to) => reader.results(unit, 'shift', from, to),
  shiftAt: async (unit, at) => (await reader.results(unit, 'shift', at, at + 1)).at(-1) ?? null,
  now,
  newId: () => `page-${Math.floor(now()).toString(36)}-${crypto.getRandomValues(new Uint32Array(2)).join('')}`,
  wait: ms => new Promise(done => setTimer(done, ms)),
});
const store = new PageStore(reader, createAlertDesk(ask, token), work, now());
const visit = pageVisit(store, sessionDesk, {
  begin: () => void readPlant(),
  reload: () => location.reload(),
  leave: address => location.assign(address),
});
let isConnected = false;
const refused = new URLSearchParams(location.search).get('refused');

function setTimer(run: () => void, afterMs: number): () => void {
  const timer = setTimeout(run, afterMs);
  return () => clearTimeout(timer);
}

/** The server may know us no more; where nobody is asked it never did. */
function noticeStranger(): void {
  if (store.session.value?.isAsked === true) visit.recognise().catch(() => undefined);
}

function recall(key: string): string | null {
  try {
    return localStorage.getItem(`oee.${key}`);
  } catch {
    // storage may be forbidden; the page then starts with its defaults
    return null;
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(`oee.${key}`, value);
  } catch {
    // nothing to keep it in
  }
}

async function readPlant(): Promise<void> {
  try {
    const plant = await store.reader.plant();
    skewMs = Date.parse(plant.now) - steady();
    store.now.value = now();
    store.takePlant(plant);
    if (!isConnected) connect(plant);
    isConnected = true;
    await readTimelines(store.plant.value ?? plant);
  } catch (error) {
    store.trouble.value = troubleOf(error);
    setTimer(() => void readPlant(), PLANT_RETRY_MS);
  }
}

/** The list is right without it for what happens from now on: an answer that does not come is asked for at the next snapshot. */
async function readAlerts(): Promise<void> {
  store.alerts.replace(await store.alerts.desk.list(now() - ALERTS_MS));
}

async function readTimelines(plant: PlantAnswer): Promise<void> {
  const to = now();
  await Promise.all(
    machinesOf(plant).map(async ({ id }) => {
      store.replaceIntervals(id, await store.reader.timeline(id, to - TIMELINE_MS, to));
    }),
  );
}

function connect(plant: PlantAnswer): void {
  const url = new URL('v1/live', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.search = token === null ? '' : new URLSearchParams({ access_token: token }).toString();
  url.hash = '';
  new LiveLink({
    url: url.href,
    windows: windowKindsOf(plant.settings.slidingMinutes),
    open: address => new WebSocket(address),
    now: steady,
    random: Math.random,
    setTimer,
    onWord: hear,
    onLink: link => {
      const isLost = link.mode === 'lost';
      // a server that no longer knows us cuts the line
      if (isLost) noticeStranger();
      store.link.value = isLost ? { ...link, since: link.since + skewMs, retryAt: link.retryAt + skewMs } : link;
    },
  });
}

function hear(word: LiveWord): void {
  if (word.op === 'pong') skewMs = Date.parse(word.at) - steady();
  // what lies in the gap is only known over HTTP
  if (word.op === 'gap') void readPlant();
  if (word.op === 'snapshot') {
    readAlerts().catch((error: unknown) => console.warn('alerts were not read', String(error)));
  }
  if (word.op === 'error') console.warn(word.code, word.message, word.remedy);
  store.takeWord(word);
}

function followTheme(): void {
  const light = matchMedia('(prefers-color-scheme: light)');
  const kept = recall('theme');
  store.theme.value = kept === 'light' || kept === 'dark' ? kept : light.matches ? 'light' : 'dark';
  light.addEventListener('change', event => {
    if (recall('theme') === null) store.theme.value = event.matches ? 'light' : 'dark';
  });
  effect(() => {
    document.documentElement.dataset.theme = store.theme.value;
  });
}

/** Nothing changes until the words of the language are there. */
async function speakAs(language: Language): Promise<void> {
  await speak(language);
  document.documentElement.lang = language;
  store.language.value = language;
}

/** The language that the address asks for, that was chosen here, or that the browser is set to. */
const firstLanguage = (): Language =>
  languageFor([new URLSearchParams(location.search).get('lang'), recall('language'), ...navigator.languages]);

/** The opened unit is part of the address: it survives a reload, and the back button closes it. */
function followAddress(): void {
  const read = (): void => {
    store.opened.value = location.hash.length > 1 ? decodeURIComponent(location.hash.slice(1)) : null;
  };
  read();
  addEventListener('hashchange', read);
  effect(() => {
    const hash = store.opened.value === null ? '' : `#${encodeURIComponent(store.opened.value)}`;
    if (location.hash !== hash) history.pushState(null, '', hash || location.pathname + location.search);
  });
  addEventListener('popstate', read);
}

const wall = new URLSearchParams(location.search).get('kiosk');
store.isKiosk = wall !== null;
store.wall = wallNames(wall ?? '');
followTheme();
followAddress();
store.kind.value = recall('kind') ?? 'shift';
store.alerts.by.value = recall('name') ?? '';
if (refused !== null) history.replaceState(null, '', location.pathname + location.hash);
setInterval(() => {
  store.now.value = now();
}, 1_000);
setInterval(() => {
  if (!visit.isIn()) return;
  // a server that does not answer now is said by the link; the next minute asks again
  store.reader.plant().then(
    plant => store.takePlant(plant),
    () => undefined,
  );
}, PLANT_REFRESH_MS);
function WholePage() {
  const { language, plant } = store;
  useEffect(() => {
    document.title = plant.value === null ? 'OEE' : TEXT.titleOf(plant.value.name);
  }, [language.value, plant.value?.name]);
  // another language is another page: every word of it is written anew
  return (
    <StoreContext.Provider value={store}>
      {visit.isIn() ? (
        <PlantPage key={language.value} keep={keep} speakAs={speakAs} />
      ) : (
        <SignInPage key={language.value} {...{ desk: sessionDesk, keep, speakAs, refused, enter: visit.enter }} />
      )}
    </StoreContext.Provider>
  );
}

Promise.all([speakAs(firstLanguage()), visit.recognise()]).then(
  () => {
    const root = document.getElementById('page');
    if (root !== null) render(<WholePage />, root);
    if (visit.isIn()) void readPlant();
  },
  // the server went away between the page and its words, or has newer ones
  () => setTimer(() => location.reload(), PLANT_RETRY_MS),
);
