// Sign-in walk: she signs in by keyboard, gives a reason in her own name, sees it in the trail, is signed out and comes back.
// In: the real engine with a secret, the page as it is built, a real browser. Out: what the screen says, what the trail keeps.
// Touches Chromium, child processes, loopback, a temporary folder.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { commandBook } from '../../src/access/book-command.ts';
import { openAccessBookAlone } from '../../src/journal/access-book.ts';
import { ask, bearer, PASSWORD, SECRET, signIn } from '../support/access-stage.ts';
import { axeComplaints } from '../support/axe-complaints.ts';
import { complaintsOf } from '../support/chromium-window.ts';
import { walkEngine } from '../support/walk-stage.ts';

const CLIENT_CONFIG = fileURLToPath(new URL('../../src/client/client.config.ts', import.meta.url));

interface Trail {
  readonly deeds: readonly { readonly what: string; readonly who: { readonly name: string }; readonly about: object }[];
}

type Clerk = (
  of: 'users' | 'tokens',
  deed: string,
  name: string,
  role: string,
  fullName: string | null,
) => Promise<string>;

function clerkOf(redisUrl: string, t: TestContext): Clerk {
  const { book, close } = openAccessBookAlone({ url: redisUrl, prefix: 'oee' });
  t.after(close);
  return (of, deed, name, role, fullName) =>
    commandBook(
      { book: of, deed, name, role, fullName, count: 1, json: false },
      { book, now: Date.now, random: randomBytes, who: 'tester', password: async () => PASSWORD },
    );
}

/** The client as one module, put into a page and asked there. */
async function clientIn(page: Page, said: object): Promise<unknown> {
  const built = await build({ configFile: CLIENT_CONFIG, logLevel: 'silent', build: { write: false } });
  const code = (built as { output: { code: string }[] }[])[0]?.output[0]?.code ?? '';
  const module = JSON.stringify(`data:text/javascript,${encodeURIComponent(code)}`);
  return page.evaluate(`import(${module}).then(({ openClient }) => openClient().send(${JSON.stringify(said)}))`);
}

test('she signs in, works in her own name, and signs out', { timeout: 240_000 }, async t => {
  let clerk: Clerk | null = null;
  const stage = await walkEngine(t, {
    settings: { OEE_SECRET: SECRET },
    tokenFrom: async engine => {
      clerk = clerkOf(engine.redis.url, t);
      return clerk('tokens', 'add', 'gateway', 'machine', null);
    },
  });
  if (stage === null || clerk === null) return;
  const { engine, browser } = stage;
  const command: Clerk = clerk;
  await command('users', 'add', 'anna', 'operator', 'Anna Berg');
  const admin = await command('tokens', 'add', 'auditor', 'admin', null);
  const onlooker = await command('tokens', 'add', 'hall-screen', 'viewer', null);
  const errors: string[] = [];
  const page: Page = await browser.newPage({ viewport: { width: 1366, height: 768 }, locale: 'en-GB' });
  page.setDefaultTimeout(60_000);
  page.on('pageerror', error => errors.push(error.message));
  page.on('console', message => void (message.type() === 'error' && errors.push(message.text())));

  await t.test('by keyboard alone; a wrong password is said aloud and gives nothing away', async () => {
    await page.goto(engine.url);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    assert.equal(await page.locator(':focus').getAttribute('name'), 'username');
    assert.deepEqual([await complaintsOf(page), errors], [[], []]);
    await page.keyboard.type('anna');
    await page.keyboard.press('Tab');
    await page.keyboard.type('wrong, and long');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('The name or the password is wrong.').waitFor();
    assert.deepEqual(await axeComplaints(page), []);
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('[data-link=live]').waitFor();
    await page.getByText('Signed in as Anna Berg, operator').waitFor({ state: 'attached' });
    assert.deepEqual(await complaintsOf(page), []);
    const [refused, ...others] = errors.splice(0);
    assert.match(refused ?? '', /401/, 'the browser itself tells of the wrong password');
    assert.deepEqual(others, []);
  });

  await t.test('a reason is hers without asking for a name; it is in the trail', async () => {
    await page.getByRole('button', { name: /stops? needs? a reason: Filler/ }).click();
    await page.locator('.stop-item.is-open').first().click();
    assert.equal(await page.getByLabel('Your name').count(), 0);
    await page.locator('.all-reasons').locator('[data-reason=M1]').click();
    await page.locator('.job[data-stage=restated]').getByText('Waiting for material').waitFor();
    const { body } = await ask<Trail>(engine.url, 'GET /v1/audit?count=1', bearer(admin));
    const [deed] = body.deeds;
    assert.deepEqual([deed?.what, deed?.who.name], ['event.reclassify', 'Anna Berg']);
    assert.match(JSON.stringify(deed?.about), /"by":"Anna Berg"/);
    await page.keyboard.press('Escape');
  });

  await t.test('a program in her page writes as she does, under the session of the browser', async () => {
    const [from, to] = [Date.now() - 60_000, Date.now()];
    const said = { type: 'reclassify', machine: 'capper', from, to, category: 'setup', why: 'format change' };
    const receipt = await clientIn(page, said);
    assert.deepEqual(receipt, { sent: 1, accepted: 1, duplicates: 0, rejected: [] });
    const { body } = await ask<Trail>(engine.url, 'GET /v1/audit?count=1', bearer(admin));
    assert.match(JSON.stringify(body.deeds), /"Anna Berg".*"capper".*"by":"Anna Berg"/);
    assert.match(
      errors.splice(0).join(' '),
      /^[^ ].*403[^4]*$/,
      'the browser itself tells that the mark was missed once',
    );
  });

  await t.test('whoever may only look sees stops and changes, and no button that would be refused', async () => {
    const looking = await browser.newPage({ viewport: { width: 1366, height: 768 }, locale: 'en-GB' });
    looking.setDefaultTimeout(30_000);
    const named = (name: string | RegExp): Promise<number> => looking.getByRole('button', { name }).count();
    await looking.goto(`${engine.url}/?access_token=${onlooker}#filler`);
    await looking.getByRole('heading', { name: 'What made these numbers' }).waitFor();
    assert.equal(await named(/work at Filler/), 0);
    await looking.evaluate('location.hash = "#!work%20filler"');
    await looking.locator('.stop-item').first().click();
    const tabs = await looking.locator('.work-tabs button').allTextContents();
    assert.deepEqual(
      tabs.map(tab => tab.replace(/\d+$/, '')),
      ['Stops', 'Done'],
    );
    assert.equal(await looking.locator('.reason-pad').count(), 0);
    await looking.getByRole('button', { name: 'Done', exact: true }).click();
    await looking
      .locator('.done li')
      .getByText(/^Anna Berg: /)
      .first()
      .waitFor();
    assert.equal(await named(/^Undo|^Put back/), 0);
    await looking.close();
  });

  await t.test(
    'when her session is over the page asks again, and goes on where it was; then she signs out',
    async () => {
      const elsewhere = await signIn(engine.url, 'anna');
      assert.equal((await elsewhere.ask('GET /v1/plant')).status, 200);
      await command('users', 'password', 'anna', '', null);
      await page.reload();
      await page.getByLabel('Name').fill('anna');
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.locator('[data-link=live]').waitFor();
      assert.equal((await elsewhere.ask('GET /v1/plant')).status, 401);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      assert.equal(await page.evaluate('fetch("v1/plant").then(answer => answer.status)'), 401);
      assert.deepEqual(
        errors.filter(error => !error.includes('401')),
        [],
      );
    },
  );
});
