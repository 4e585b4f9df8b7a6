// Safe address: whether a receiver's address may be called: only the public internet, and what the plant file allows beside it.
// In: an address as the resolver gave it, networks that are allowed. Out: null, or why not.
// Pure.

import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Public by their number, but answered by the host of a virtual machine. */
const METADATA: ReadonlySet<string> = new Set(['168.63.129.16']);
/** No single receiver: nothing in the plant file opens these. */
const NEVER: ReadonlySet<string> = new Set(['unspecified', 'broadcast', 'multicast']);
/** What the internet is made of: all other IPv6 is somebody's own, or a way of writing IPv4. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** @returns null when it may be called, else what it is */
export function refusedAddress(text: string, networks: readonly string[]): string | null {
  if (!ipaddr.isValid(text)) return `${text} is no address`;
  const address = plainOf(ipaddr.parse(text));
  const range = rangeOf(address);
  if (NEVER.has(range)) return `${text} is ${range}`;
  if (range === 'public' || networks.some(network => isWithin(address, network))) return null;
  return `${text} is ${range}`;
}

/** IPv4 in the clothes of IPv6 (mapped, or through NAT64) is judged as what is reached in the end. */
function plainOf(address: Address): Address {
  if (!(address instanceof ipaddr.IPv6)) return address;
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  if (address.range() === 'rfc6052') return new ipaddr.IPv4(address.toByteArray().slice(-4));
  return address;
}

function rangeOf(address: Address): string {
  if (METADATA.has(address.toString())) return 'metadata';
  const range = address.range();
  if (range !== 'unicast') return range;
  return address instanceof ipaddr.IPv6 && !address.match(GLOBAL_IPV6) ? 'not global' : 'public';
}

function isWithin(address: Address, network: string): boolean {
  const [base, bits] = ipaddr.parseCIDR(network);
  if (address instanceof ipaddr.IPv4) return base instanceof ipaddr.IPv4 && address.match(base, bits);
  return base instanceof ipaddr.IPv6 && address.match(base, bits);
}
