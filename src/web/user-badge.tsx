// User badge: who is signed in, and the way out.
// In: the store. Out: a name with its role and a button, in the header; nothing where nobody is asked.
// Pure; acts through the function of the store.

import { useStore } from './page-store.ts';
import { ACCESS_TEXT, ROLE_TEXT } from './spoken-texts.ts';

export function UserBadge() {
  const store = useStore();
  const { user = null, mark = null } = store.session.value ?? {};
  if (user === null || store.isKiosk) return null;
  const role = ROLE_TEXT[user.role] ?? user.role;
  return (
    <p class="user">
      <span class="user-who" title={ACCESS_TEXT.signedInAs(user.name, role)}>
        <span class="hidden-words">{ACCESS_TEXT.signedInAs(user.name, role)}</span>
        <b aria-hidden="true">{user.name}</b>
        <span aria-hidden="true">{role}</span>
        <i aria-hidden="true">{initialsOf(user.name)}</i>
      </span>
      {mark !== null && (
        <button
          type="button"
          class="icon-button"
          title={ACCESS_TEXT.signOut}
          aria-label={ACCESS_TEXT.signOut}
          onClick={() => store.signOut()}
        >
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path
              d="M6.500 2.500h-4v11h4M6 8h8M11 5l3 3-3 3"
              fill="none"
              stroke="currentColor"
              stroke-width="1.500"
              stroke-linecap="round"
              stroke-linejoin="round"
            />
          </svg>
        </button>
      )}
    </p>
  );
}

/** What fits on a phone: two letters at most. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s._@-]+/).filter(word => word !== '');
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map(word => [...(word ?? '')][0]?.toUpperCase() ?? '').join('');
}
