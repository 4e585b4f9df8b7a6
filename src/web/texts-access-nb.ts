// Texts of sign-in, Norwegian (bokmål): every word that the page shows about who somebody is.
// In: values where a sentence needs them. Out: text.
// Pure.

import type { Words } from './language.ts';
import type * as english from './texts-access-en.ts';

export const ROLE_TEXT: Words<typeof english.ROLE_TEXT> = {
  machine: 'maskin',
  viewer: 'leser',
  operator: 'operatør',
  supervisor: 'skiftleder',
  engineer: 'ingeniør',
  admin: 'administrator',
};

export const REFUSED_TEXT: Words<typeof english.REFUSED_TEXT> = {
  OEE_ACCESS_OIDC: 'Det gikk ikke. Begynn på nytt her.',
  OEE_ACCESS_OIDC_AWAY: 'Innloggingstjenesten svarer ikke. Prøv igjen om litt.',
  OEE_ACCESS_OIDC_ROLE: 'Du har ingen rolle her ennå. Spør den som drifter systemet.',
};

export const ACCESS_TEXT: Words<typeof english.ACCESS_TEXT> = {
  title: 'Logg inn',
  lead: 'OEE for hver maskin, linje og fabrikk, akkurat nå',
  over: 'Økten er utløpt. Logg inn for å fortsette; ingenting du sendte, er tapt.',
  name: 'Navn',
  password: 'Passord',
  show: 'Vis passord',
  submit: 'Logg inn',
  busy: 'Logger inn …',
  or: 'eller',
  by: house => `Logg inn med ${house}`,
  wrong: 'Navnet eller passordet er feil.',
  tooMany: seconds => `For mange forsøk. Vent ${seconds} s.`,
  away: 'Serveren svarer ikke. Prøv igjen om litt.',
  signedInAs: (name, role) => `Logget inn som ${name}, ${role}`,
  signOut: 'Logg ut',
};
