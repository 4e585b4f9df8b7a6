// Claim roles: what another house says of a person, and the role that this one gives for it.
// In: the mapping as it is written, claims. Out: the mapping, or its fault; the highest role that holds.
// Pure.

import { isRole, mayAct, ROLES, type Role } from '../core/access.ts';

/** Whoever the issuer vouches for. */
const ANYBODY = '*';

/** @param text `oee-admins=admin, shift-leads=supervisor, *=viewer` @returns what is wrong with it, as a sentence */
export function parseClaimRoles(text: string): ReadonlyMap<string, Role> | string {
  const roles = new Map<string, Role>();
  for (const part of text.split(',').map(each => each.trim())) {
    const at = part.lastIndexOf('=');
    const [value, role] = [part.slice(0, at).trim(), part.slice(at + 1).trim()];
    if (at < 1 || !isRole(role)) return `"${part}" is no value=role with a role of ${ROLES.join(', ')}`;
    roles.set(value, role);
  }
  return roles;
}

/** @param value of the claim: a text or a list @returns null: nobody of ours */
export function roleOfClaim(value: unknown, roles: ReadonlyMap<string, Role>): Role | null {
  const words = [ANYBODY, ...[value].flat().map(String)];
  const held = words.flatMap(word => roles.get(word) ?? []);
  return held.reduce<Role | null>((best, role) => (best === null || mayAct(role, best) ? role : best), null);
}
