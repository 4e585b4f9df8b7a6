// Roles: what one process does of the whole: take events in, compute, answer. All by default; several processes may share them.
// In: a list of words. Out: roles.
// Pure.

export interface Roles {
  /** POST /v1/events */
  readonly ingest: boolean;
  /** owns partitions: works their logs, delivers their results */
  readonly compute: boolean;
  /** results, the page, WebSocket */
  readonly web: boolean;
}

export const ALL_ROLES: Roles = { ingest: true, compute: true, web: true };
export const ROLE_NAMES = ['ingest', 'compute', 'web'] as const;

/** @returns null when a word is no role, or there is none */
export function parseRoles(text: string): Roles | null {
  const words = text
    .split(',')
    .map(word => word.trim())
    .filter(word => word !== '');
  if (words.length === 0 || words.some(word => !(ROLE_NAMES as readonly string[]).includes(word))) return null;
  return { ingest: words.includes('ingest'), compute: words.includes('compute'), web: words.includes('web') };
}
