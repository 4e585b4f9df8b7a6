// Texts of sign-in, English: every word that the page shows about who somebody is.
// In: values where a sentence needs them. Out: text.
// Pure.

export const ROLE_TEXT: Readonly<Record<string, string>> = {
  machine: 'machine',
  viewer: 'viewer',
  operator: 'operator',
  supervisor: 'supervisor',
  engineer: 'engineer',
  admin: 'administrator',
};

/** why another house signed nobody in, by code */
export const REFUSED_TEXT: Readonly<Record<string, string>> = {
  OEE_ACCESS_OIDC: 'That did not work. Begin again here.',
  OEE_ACCESS_OIDC_AWAY: 'The sign-in service does not answer. Try again in a moment.',
  OEE_ACCESS_OIDC_ROLE: 'You have no role here yet. Ask whoever runs this.',
};

export const ACCESS_TEXT = {
  title: 'Sign in',
  lead: 'Live OEE of every machine, line and site',
  over: 'Your session is over. Sign in to go on; nothing that you sent is lost.',
  name: 'Name',
  password: 'Password',
  show: 'Show password',
  submit: 'Sign in',
  busy: 'Signing in …',
  or: 'or',
  by: (house: string) => `Sign in with ${house}`,
  wrong: 'The name or the password is wrong.',
  tooMany: (seconds: number) => `Too many tries. Wait ${seconds} s.`,
  away: 'The server does not answer. Try again in a moment.',
  signedInAs: (name: string, role: string) => `Signed in as ${name}, ${role}`,
  signOut: 'Sign out',
} as const;
