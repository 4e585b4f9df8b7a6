// Access config: who may come in, as the environment says it, checked with the rest.
// In: environment variables, where the engine listens. Out: settings; faults through the given ear.
// Pure.

import type { AccessSettings, OidcSettings } from './access/access-settings.ts';
import { parseClaimRoles } from './access/claim-roles.ts';
import { hostNameOf, isLoopback } from './access/front-door.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface AccessEars {
  wrong(key: string, trouble: string, remedy: string): void;
  whole(key: string, fallback: number, min: number, max: number): number;
  address(key: string, schemes: readonly string[]): string | null;
}

/** 192 bits as base64; what `openssl rand -base64 32` makes has 44 characters. */
const SECRET_LENGTH_MIN = 32;
const HOUR_MS = 3_600_000;
/** One shift, a long one. */
const OIDC_SESSION_HOURS = 12;
const MAKE_ONE = 'export OEE_SECRET="$(openssl rand -base64 32)", the same for every process of this journal';

export function readAccess(env: Environment, host: string, ears: AccessEars): AccessSettings {
  const { wrong, whole, address } = ears;
  const secret = env.OEE_SECRET || null;
  const publicUrl = address('OEE_PUBLIC_URL', ['http:', 'https:']);
  if (secret === null && !isLoopback(host)) {
    wrong(
      'OEE_SECRET',
      `is missing, and HOST is "${host}": others could reach an engine that asks nobody who they are`,
      `Set it (${MAKE_ONE}), then npm run oee -- users add; or listen on 127.0.0.1.`,
    );
  }
  if (secret !== null && secret.length < SECRET_LENGTH_MIN) {
    wrong('OEE_SECRET', `has ${secret.length} characters`, `Use at least ${SECRET_LENGTH_MIN}: ${MAKE_ONE}.`);
  }
  if (secret !== null && env.OEE_LIVE_TOKEN) {
    wrong(
      'OEE_LIVE_TOKEN',
      'is for an engine without sign-in',
      'Leave it out beside OEE_SECRET; npm run oee -- tokens add wall --role viewer makes a token.',
    );
  }
  return {
    secret,
    publicUrl,
    hosts: readHosts(env.OEE_HOSTS, wrong),
    proxies: wordsOf(env.OEE_PROXIES),
    sessionMs: whole('OEE_SESSION_HOURS', 12, 1, 720) * HOUR_MS,
    requestsPerMinute: whole('OEE_REQUESTS_PER_MINUTE', 6_000, 10, 10_000_000),
    signInsPerMinute: whole('OEE_SIGN_INS_PER_MINUTE', 10, 1, 10_000),
    oidc: readOidc(env, { isClosed: secret !== null, publicUrl }, ears),
  };
}

function readHosts(text: string | undefined, wrong: AccessEars['wrong']): string[] {
  return wordsOf(text).flatMap(word => {
    const name = hostNameOf(word);
    if (name === null) wrong('OEE_HOSTS', `has "${word}"`, 'Write names, separated by commas: oee.lan, oee-2.lan.');
    return name ?? [];
  });
}

const wordsOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map(word => word.trim())
    .filter(word => word !== '');

interface Around {
  readonly isClosed: boolean;
  readonly publicUrl: string | null;
}

function readOidc(
  env: Environment,
  { isClosed, publicUrl }: Around,
  { wrong, whole, address }: AccessEars,
): OidcSettings | null {
  const issuer = address('OEE_OIDC_ISSUER', ['https:', 'http:']);
  const { OEE_OIDC_CLIENT_ID: clientId, OEE_OIDC_CLIENT_SECRET: clientSecret } = env;
  const { OEE_OIDC_TITLE: title, OEE_OIDC_SCOPE: scope, OEE_OIDC_CLAIM: claim, OEE_OIDC_ROLES: roleText } = env;
  const sessionHours = whole('OEE_OIDC_SESSION_HOURS', OIDC_SESSION_HOURS, 1, 720);
  const signOut = env.OEE_OIDC_SIGN_OUT || 'everywhere';
  if (!['everywhere', 'here'].includes(signOut)) {
    wrong('OEE_OIDC_SIGN_OUT', `is "${signOut}"`, 'Say everywhere (the issuer forgets the browser, too) or here.');
  }
  if (issuer === null) return null;
  const need = (key: string, value: unknown, remedy: string): void => {
    if (value === undefined || value === null || value === '') wrong(key, 'is missing beside OEE_OIDC_ISSUER', remedy);
  };
  need('OEE_SECRET', isClosed ? 'set' : '', `Set it: ${MAKE_ONE}.`);
  need('OEE_PUBLIC_URL', publicUrl, 'Set it to the address that people open; the issuer sends them back there.');
  need('OEE_OIDC_CLIENT_ID', clientId, 'Register this engine with the issuer.');
  need('OEE_OIDC_ROLES', roleText, 'Say who becomes what: oee-admins=admin, shift-leads=supervisor, *=viewer.');
  if (issuer.startsWith('http:') && !isLoopback(new URL(issuer).hostname)) {
    wrong('OEE_OIDC_ISSUER', `is "${issuer}"`, 'Use https; http is for one on this computer.');
  }
  const roles = parseClaimRoles(roleText || '*=viewer');
  if (typeof roles === 'string')
    wrong('OEE_OIDC_ROLES', `cannot be read: ${roles}`, 'Write value=role, separated by commas.');
  return {
    issuer,
    sessionMs: sessionHours * HOUR_MS,
    signsOutThere: signOut === 'everywhere',
    clientId: clientId ?? '',
    clientSecret: clientSecret || null,
    title: title || new URL(issuer).hostname,
    scope: scope || 'openid profile email',
    claim: claim || 'groups',
    roles: typeof roles === 'string' ? new Map() : roles,
  };
}
