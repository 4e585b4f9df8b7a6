// Cookie text: the one or two cookies of ours, read and written.
// In: headers. Out: values; headers.
// Pure.

export interface CookieSite {
  /** opened over https: the cookie then never leaves it */
  readonly isSecure: boolean;
}

/** @returns null when it is not among them */
export function cookieIn(header: string | undefined, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}

/**
 * `__Host-` binds it to this very host, over https; over http there is no such bond.
 * @param maxAgeS 0: take it away
 */
export function cookieText(name: string, value: string, maxAgeS: number, { isSecure }: CookieSite): string {
  // Lax: a link in a mail opens a report; what changes anything needs more than the cookie
  const words = [`${name}=${value}`, 'Path=/', `Max-Age=${maxAgeS}`, 'HttpOnly', 'SameSite=Lax'];
  return [...words, ...(isSecure ? ['Secure'] : [])].join('; ');
}

export const cookieName = (name: string, { isSecure }: CookieSite): string => (isSecure ? `__Host-${name}` : name);
