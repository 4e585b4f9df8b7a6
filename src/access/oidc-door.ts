// OIDC door: another house says who somebody is: authorization code with PKCE, state and nonce.
// In: settings; the browser's way there and back. Out: an address to go to; a caller with the role of the claim, or why not.
// Touches the network: the issuer's addresses.

import * as oidc from 'openid-client';
import type { Caller } from '../core/access.ts';
import { type Rejection, rejection } from '../core/rejection.ts';
import type { OidcSettings } from './access-settings.ts';
import { roleOfClaim } from './claim-roles.ts';

/** What the browser carries, sealed, between going and coming back. */
export interface OidcJourney {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface OidcDoor {
  /** @throws when the issuer does not answer */
  leave(): Promise<{ readonly to: URL; readonly journey: OidcJourney }>;
  /** @param back address with the issuer's answer in it */
  comeBack(back: URL, journey: OidcJourney): Promise<Caller | Rejection>;
}

const WAIT_S = 10;
const NAME_MAX = 100;

/** @param redirectUri where the issuer sends the browser back to; registered there */
export function oidcDoor(settings: OidcSettings, redirectUri: string): OidcDoor {
  const { issuer, clientId, clientSecret, scope } = settings;
  const isPlain = issuer.startsWith('http:');
  let known: Promise<oidc.Configuration> | null = null;
  const discover = (): Promise<oidc.Configuration> => {
    known ??= oidc
      .discovery(
        new URL(issuer),
        clientId,
        clientSecret ?? undefined,
        clientSecret === null ? oidc.None() : undefined,
        { timeout: WAIT_S, ...(isPlain ? { execute: [oidc.allowInsecureRequests] } : {}) },
      )
      .catch((error: unknown) => {
        // asked again when the next one wants to sign in
        known = null;
        throw error;
      });
    return known;
  };
  return {
    leave: async () => {
      const config = await discover();
      const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
      const to = oidc.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope,
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      return { to, journey: { state, nonce, verifier } };
    },
    comeBack: async (back, { state, nonce, verifier }) => {
      const config = await discover();
      const granted = await oidc.authorizationCodeGrant(config, back, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      const claims = granted.claims();
      if (claims === undefined || claims[settings.claim] !== undefined) return callerOfClaims(claims ?? {}, settings);
      // some houses put into the ID token only who it is, and tell the rest when asked
      const isTold = config.serverMetadata().userinfo_endpoint !== undefined;
      const more = isTold ? await oidc.fetchUserInfo(config, granted.access_token, claims.sub) : {};
      return callerOfClaims({ ...more, ...claims }, settings);
    },
  };
}

function callerOfClaims(claims: Readonly<Record<string, unknown>>, settings: OidcSettings): Caller | Rejection {
  const role = roleOfClaim(claims[settings.claim], settings.roles);
  const words = [claims.name, claims.preferred_username, claims.email, claims.sub];
  const name = words.find((word): word is string => typeof word === 'string' && word !== '') ?? '';
  if (role !== null) {
    return { id: `oidc:${String(claims.sub)}`, name: name.slice(0, NAME_MAX), rank: role, how: 'session' };
  }
  const remedy = `An administrator gives ${settings.claim} a role in OEE_OIDC_ROLES.`;
  return rejection('OEE_ACCESS_OIDC_ROLE', `${name} has no role here`, remedy);
}
