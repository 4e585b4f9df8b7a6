// Sign-in page: a name and a password, or another house that says who somebody is.
// In: the store, the desk. Out: a session in the store.
// Touches: the focus.

import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { BrandMark } from './brand-mark.tsx';
import { LanguageSwitch, type SpeakAs } from './language-switch.tsx';
import { useStore } from './page-store.ts';
import type { Keep } from './plant-page.tsx';
import type { Session, SessionDesk, SignInAnswer } from './session-desk.ts';
import { ACCESS_TEXT, REFUSED_TEXT } from './spoken-texts.ts';

interface SignInPageProps {
  readonly desk: SessionDesk;
  readonly keep: Keep;
  readonly speakAs: SpeakAs;
  /** code of a refusal that another house brought back */
  readonly refused: string | null;
  readonly enter: (session: Session) => void;
}

export function SignInPage({ desk, keep, speakAs, refused, enter }: SignInPageProps) {
  const store = useStore();
  const name = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const isBusy = useSignal(false);
  const trouble = useSignal<string | null>(refused === null ? null : (REFUSED_TEXT[refused] ?? refused));
  useEffect(() => name.current?.focus(), []);

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    isBusy.value = true;
    const answer = await desk.signIn(name.current?.value ?? '', password.current?.value ?? '');
    isBusy.value = false;
    if (typeof answer === 'object' && 'user' in answer) return enter(answer);
    trouble.value = wordsOf(answer);
    password.current?.select();
  };
  return (
    <main class="sign-in">
      <div class="sign-in-card">
        <CardHead keep={keep} speakAs={speakAs} />
        <h1>{ACCESS_TEXT.title}</h1>
        <p class="muted">{store.plant.value === null ? ACCESS_TEXT.lead : ACCESS_TEXT.over}</p>
        {/* there from the beginning, so that a reader of screens hears what comes into it */}
        <p id="sign-in-trouble" class={trouble.value === null ? 'hidden-words' : 'sign-in-trouble'} role="alert">
          {trouble.value}
        </p>
        <form onSubmit={event => void submit(event)}>
          <label>
            {ACCESS_TEXT.name}
            <input
              ref={name}
              name="username"
              required
              maxLength={128}
              autocomplete="username"
              autocapitalize="none"
              spellcheck={false}
            />
          </label>
          <PasswordField password={password} />
          <button type="submit" class="sign-in-main" disabled={isBusy.value}>
            {isBusy.value ? ACCESS_TEXT.busy : ACCESS_TEXT.submit}
          </button>
        </form>
        <OtherHouse />
      </div>
    </main>
  );
}

function wordsOf(answer: Exclude<SignInAnswer, Session>): string {
  if (typeof answer === 'object') return ACCESS_TEXT.tooMany(answer.waitS);
  return answer === 'away' ? ACCESS_TEXT.away : ACCESS_TEXT.wrong;
}

function CardHead({ keep, speakAs }: Pick<SignInPageProps, 'keep' | 'speakAs'>) {
  return (
    <div class="sign-in-head">
      <BrandMark />
      <LanguageSwitch keep={keep} speakAs={speakAs} />
    </div>
  );
}

/** A gloved finger hits the wrong key: the password can be looked at. */
function PasswordField({ password }: { readonly password: RefObject<HTMLInputElement | null> }) {
  const isShown = useSignal(false);
  return (
    <>
      <label>
        {ACCESS_TEXT.password}
        <input
          ref={password}
          name="password"
          {...((isShown.value ? { type: 'text' } : { type: 'password' }) as { type: 'password' })}
          required
          maxLength={256}
          autocomplete="current-password"
          aria-describedby="sign-in-trouble"
        />
      </label>
      <label class="sign-in-show">
        <input
          type="checkbox"
          checked={isShown.value}
          onChange={event => {
            isShown.value = event.currentTarget.checked;
          }}
        />
        {ACCESS_TEXT.show}
      </label>
    </>
  );
}

function OtherHouse() {
  const house = useStore().session.value?.oidc?.title;
  if (house === undefined) return null;
  return (
    <>
      <p class="sign-in-or">{ACCESS_TEXT.or}</p>
      <a class="sign-in-house" href="v1/session/oidc">
        {ACCESS_TEXT.by(house)}
      </a>
    </>
  );
}
