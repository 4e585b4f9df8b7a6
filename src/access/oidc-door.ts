// OIDC door: another house says who somebody is: authorization code with PKCE, state and nonce; and is told when they leave.
// In: settings; the browser's way there and back. Out: an address to go to; a caller with the role of the claim, or why not.
// Touches the network: the issuer's addresses.

import * as oidc from 'openid-client';
import type { Caller } from '../core/access.ts';
import { isRejection, type Rejection, rejection } from '../core/rejection.ts';
import type { AccessSettings, OidcSettings } from './access-settings.ts';
import { roleOfClaim } from './claim-roles.ts';

/** What the browser carries, sealed, between going and coming back. */
export interface OidcJourney {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Somebody whom the house vouches for. */
export interface OidcGuest {
  readonly caller: Caller;
  /** by which it knows, when they leave, of whom we speak; null: too long for an address */
  readonly idToken: string | null;
}

export interface OidcDoor {
  /** where people open the page, with a slash at its end */
  readonly home: string;
  /** where the issuer sends the browser back to; registered there */
  readonly redirectUri: string;
  /** @throws when the issuer does not answer */
  leave(): Promise<{ readonly to: URL; readonly journey: OidcJourney }>;
  /** @param back address with the issuer's answer in it */
  comeBack(back: URL, journey: OidcJourney): Promise<OidcGuest | Rejection>;
  /** @returns where the browser goes, so that the issuer forgets it, too; null: nowhere @throws when the issuer does not answer */
  farewell(idToken: string | null): Promise<URL | null>;
}

const WAIT_S = 10;
const NAME_MAX = 100;
const BACK = 'v1/session/oidc/callback';
/** It goes into an address, of which servers take some 8,000 characters. */
const ID_TOKEN_MAX = 4_000;

/** @returns null where there is no other house */
export function openOidcDoor({ oidc: settings, publicUrl }: AccessSettings): OidcDoor | null {
  if (settings === null || publicUrl === null) return null;
  const { scope } = settings;
  const home = publicUrl.endsWith('/') ? publicUrl : `${publicUrl}/`;
  const redirectUri = new URL(BACK, home).href;
  const discover = discoverer(settings);
  return {
    home,
    redirectUri,
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
      const { sub = '' } = claims ?? {};
      // some houses put into the ID token only who it is, and tell the rest when asked
      const isShort = claims !== undefined && claims[settings.claim] === undefined;
      const asks = isShort && config.serverMetadata().userinfo_endpoint !== undefined;
      const more = asks ? await oidc.fetchUserInfo(config, granted.access_token, sub) : {};
      const caller = callerOfClaims({ ...more, ...claims }, settings);
      const { id_token: idToken = '' } = granted;
      return isRejection(caller) ? caller : { caller, idToken: idToken.length <= ID_TOKEN_MAX ? idToken : null };
    },
    farewell: async idToken => {
      if (!settings.signsOutThere) return null;
      const config = await discover();
      if (config.serverMetadata().end_session_endpoint === undefined) return null;
      const hint: Record<string, string> = idToken === null ? {} : { id_token_hint: idToken };
      return oidc.buildEndSessionUrl(config, { ...hint, post_logout_redirect_uri: home });
    },
  };
}

/** Asks the issuer about itself once, and again after it did not answer. */
function discoverer({ issuer, clientId, clientSecret }: OidcSettings): () => Promise<oidc.Configuration> {
  const isPlain = issuer.startsWith('http:');
  let known: Promise<oidc.Configuration> | null = null;
  return () => {
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
