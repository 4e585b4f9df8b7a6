// Session desk: who the page works for: asked, signed in, signed out; and every change carries the session's mark.
// In: a `fetch`, a token of the address. Out: who it is; a `fetch` that is known by the server.
// Touches: the network, through the `fetch` handed in.

export interface User {
  readonly id: string;
  readonly name: string;
  readonly role: string;
}

/** What the server says of whoever asks. */
export interface Session {
  /** whether anybody is asked at all */
  readonly isAsked: boolean;
  readonly user: User | null;
  /** what they may change, by the names of the trail; where nobody is asked it does not matter */
  readonly may: readonly string[];
  /** null: there is no session to sign out of */
  readonly mark: string | null;
  /** another house that may say who somebody is */
  readonly oidc: { readonly title: string } | null;
}

export type SignInAnswer = Session | 'wrong' | 'away' | { readonly waitS: number };

export interface SessionDesk {
  /** @throws while the server does not answer */
  who(): Promise<Session>;
  signIn(name: string, password: string): Promise<SignInAnswer>;
  /** @returns where to go on to, so that the house that vouched for us forgets us, too; null: nowhere */
  signOut(): Promise<string | null>;
  /** as `fetch`, with what the server wants to see of us */
  readonly ask: typeof fetch;
}

const ANSWER_MS = 20_000;

/** @param onStranger told when the server no longer knows us */
export function createSessionDesk(get: typeof fetch, token: string | null, onStranger: () => void): SessionDesk {
  let mark: string | null = null;
  const bearer: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const marked = (): Record<string, string> => (mark === null ? bearer : { ...bearer, 'x-oee-mark': mark });
  const take = (session: Session): Session => {
    mark = session.mark;
    return session;
  };
  return {
    ask: async (path, init = {}) => {
      const answer = await get(path, {
        ...init,
        headers: { ...marked(), ...(init.headers as Record<string, string>) },
      });
      if (answer.status === 401) onStranger();
      return answer;
    },
    who: async () => {
      const answer = await get('v1/session', { headers: bearer, signal: AbortSignal.timeout(ANSWER_MS) });
      if (!answer.ok) throw new Error(`v1/session: ${answer.status} ${answer.statusText}`);
      return take((await answer.json()) as Session);
    },
    signIn: async (name, password) => {
      try {
        const answer = await get('v1/session', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ name, password }),
          signal: AbortSignal.timeout(ANSWER_MS),
        });
        if (answer.ok) return take((await answer.json()) as Session);
        if (answer.status === 429) return { waitS: Number(answer.headers.get('retry-after')) || 1 };
        return answer.status >= 500 ? 'away' : 'wrong';
      } catch {
        return 'away';
      }
    },
    signOut: async () => {
      const answer = await get('v1/session', { method: 'DELETE', headers: marked() });
      return answer.ok ? (((await answer.json()) as { goTo?: string | null }).goTo ?? null) : null;
    },
  };
}
