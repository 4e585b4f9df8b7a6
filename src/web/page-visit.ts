// Page visit: whom the page works for, from coming in to going out.
// In: the store, the desk. Out: the session in the store; the page begins anew for somebody else.
// Touches the server through the desk, the page through the functions handed in.

import type { PageStore } from './page-store.ts';
import type { Session, SessionDesk } from './session-desk.ts';

export interface PageVisit {
  /** Whether nobody is asked, or we are known. */
  isIn(): boolean;
  /** Asks who we are; a session may end while the page is open. @throws while the server does not answer */
  recognise(): Promise<void>;
  enter(session: Session): void;
}

interface VisitDoors {
  /** Reads what the page shows. */
  readonly begin: () => void;
  readonly reload: () => void;
  readonly leave: (address: string) => void;
}

export function pageVisit(store: PageStore, desk: SessionDesk, { begin, reload, leave }: VisitDoors): PageVisit {
  let last: string | null = null;
  const take = (session: Session): void => {
    store.session.value = session;
    if (session.user === null) return;
    last = session.user.id;
    store.alerts.by.value = session.user.name;
  };
  store.signOut = () => {
    // whatever came of it: the page begins anew, and asks who we are
    void desk.signOut().then(to => (to === null ? reload() : leave(to)), reload);
  };
  return {
    isIn: () => {
      const { isAsked = true, user = null } = store.session.value ?? {};
      return !isAsked || user !== null;
    },
    recognise: async () => take(await desk.who()),
    enter: session => {
      // whoever comes after somebody else finds nothing of theirs; whoever comes back finds everything
      if (last !== null && last !== session.user?.id) {
        reload();
        return;
      }
      take(session);
      begin();
    },
  };
}
