// Front door: what is refused before anybody is asked who they are: a name that is not ours, a page that is not ours.
// In: headers of a request, settings. Out: why it is refused, or null.
// Pure.

import type { IncomingHttpHeaders } from 'node:http';
import { isIP, isIPv4 } from 'node:net';
import { type Rejection, rejection } from '../core/rejection.ts';
import type { AccessSettings } from './access-settings.ts';
import { isForeign } from './request-look.ts';

/** What says under which names we are known. */
export type DoorPlate = Pick<AccessSettings, 'secret' | 'publicUrl' | 'hosts'>;

const SHOWN_MAX = 100;
const FOREIGN = rejection(
  'OEE_ACCESS_ORIGIN',
  'a page of another site sent this',
  'Use the page of the engine itself; behind a proxy set OEE_PUBLIC_URL to the address that people open.',
);
const strangeName = (host: string): Rejection =>
  rejection(
    'OEE_ACCESS_HOST',
    `this engine is not known as "${host.slice(0, SHOWN_MAX)}"`,
    'Ask it as localhost or under OEE_PUBLIC_URL; if the name is yours, add it to OEE_HOSTS (a proxy may pass another Host).',
  );

/** Whether only this computer reaches it. @param name of a host, or its address, with or without brackets */
export const isLoopback = (name: string): boolean =>
  name === 'localhost' || /^(::1|\[::1\])$/.test(name) || (isIPv4(name) && name.startsWith('127.'));

/** Name or address in `name:port`, as browsers write it. @returns null for what is none */
export function hostNameOf(host: string): string | null {
  return /^[^/?#@\\]+$/.test(host) && URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : null;
}

/** @param isChange whether a page of another site may not even ask: it changes something, or stays open */
export function refusedAtDoor(headers: IncomingHttpHeaders, plate: DoorPlate, isChange: boolean): Rejection | null {
  if (isStrangeName(headers, plate)) return strangeName(headers.host ?? '');
  return isChange && isForeign(headers, plate.publicUrl) ? FOREIGN : null;
}

/**
 * Whether somebody else's name was pointed at us (DNS rebinding): to the browser their page then is of our own origin, and only
 * the name gives it away. Where nobody is asked who they are, no other name gets through.
 */
function isStrangeName({ host, origin }: IncomingHttpHeaders, { secret, publicUrl, hosts }: DoorPlate): boolean {
  // a browser always says it; programs of HTTP 1.0 need not
  if (host === undefined) return false;
  const name = hostNameOf(host);
  const our = publicUrl === null ? null : new URL(publicUrl);
  const isOurs = name !== null && (isLoopback(name) || name === our?.hostname || hosts.includes(name));
  if (isOurs || secret === null) return !isOurs;
  // cookies are bound to the name they were set under: a page of another name has none, so nothing is gained by one
  if (our === null && hosts.length === 0) return false;
  // programs and probes call us as they like, a proxy too; an address cannot be pointed elsewhere
  return origin !== undefined && origin !== our?.origin && !(name !== null && isIP(name.replace(/[[\]]/g, '')) > 0);
}
