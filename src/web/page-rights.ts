// Page rights: what of the page's buttons is for whoever is here; the server decides it, and says it with the session.
// In: the session in the store. Out: yes or no for a deed.
// Pure; listens to the store.

import type { EventType } from '../core/event-spec.ts';
import { useStore } from './page-store.ts';

/** What can be done on the page, by the server's names. */
export type PageDeed = 'alert.acknowledge' | 'alert.mute' | 'alert.unmute' | `event.${EventType}`;
/** What is done on the operator's page. */
export const WORK_DEEDS: readonly PageDeed[] = ['event.reclassify', 'event.requalify', 'event.order', 'event.revoke'];

/** Where nobody is asked everybody may do everything. */
export function useRights(): (deed: PageDeed) => boolean {
  const { isAsked = false, may = [] } = useStore().session.value ?? {};
  return deed => !isAsked || may.includes(deed);
}
