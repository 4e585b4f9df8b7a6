// Access settings: what whoever runs the engine says about who may come in.
// In: nothing. Out: shapes.
// Pure.

import type { Role } from '../core/access.ts';

export interface AccessSettings {
  /** null: nobody is asked who they are; only on an address that no other computer reaches */
  readonly secret: string | null;
  /** where people open the page, when that is not where it listens; null: as they say themselves */
  readonly publicUrl: string | null;
  /** further names under which it is asked, in lower case */
  readonly hosts: readonly string[];
  /** addresses (or CIDR) whose X-Forwarded-For is believed */
  readonly proxies: readonly string[];
  readonly sessionMs: number;
  /** requests of one address a minute; and tries to sign in */
  readonly requestsPerMinute: number;
  readonly signInsPerMinute: number;
  /** null: only users of our own */
  readonly oidc: OidcSettings | null;
}

export interface OidcSettings {
  readonly issuer: string;
  /** role and session of whom it vouched for end by then */
  readonly sessionMs: number;
  /** whether signing out here signs out there, too */
  readonly signsOutThere: boolean;
  readonly clientId: string;
  /** null: a public client, by PKCE alone */
  readonly clientSecret: string | null;
  /** what is on the button */
  readonly title: string;
  readonly scope: string;
  /** of the ID token, or else of what userinfo tells: a text or a list of them */
  readonly claim: string;
  /** value of the claim → role; the highest counts; `*`: whoever the issuer vouches for */
  readonly roles: ReadonlyMap<string, Role>;
}
