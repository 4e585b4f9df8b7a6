// Resolve receivers: who is told by webhook, with units resolved to all that lie below them.
// In: entries of the plant file, the plant's units. Out: receivers, faults reported.
// Pure.

import ipaddr from 'ipaddr.js';
import { type ReceiverModel, WEBHOOK_TYPES, type WebhookType } from '../core/receiver.ts';
import { checkReference } from './check-reference.ts';
import { type Path, type Report, shownValue } from './plant-fault.ts';
import type { Items, ReceiverEntry } from './plant-file.ts';
import type { Units } from './resolve-units.ts';

/** Short words for networks that everybody has. */
const NAMED_NETWORKS: Readonly<Record<string, readonly string[]>> = {
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
  loopback: ['127.0.0.0/8', '::1/128'],
};
/** Each has connections and a queue of its own. */
const RECEIVERS_MAX = 32;

export function resolveReceivers(entries: Items<ReceiverEntry>, units: Units, report: Report): ReceiverModel[] {
  const taken = new Set<string>();
  if (entries.length > RECEIVERS_MAX) {
    const remedy = 'Let one receiver hand on what others want, or run a second engine for them.';
    report('VALUE', ['receivers'], `there are more than ${RECEIVERS_MAX} receivers`, remedy);
  }
  return entries.flatMap((entry, index) => {
    if (entry === undefined) return [];
    const path = ['receivers', index];
    const { id = '', url = '', secrets = [], plain = false } = entry;
    if (entry.id !== undefined && taken.has(id)) {
      const remedy = 'Give each receiver an id of its own: its queue and its log are kept under it.';
      report('DUPLICATE_ID', [...path, 'id'], `${id} is already the id of a receiver`, remedy);
    }
    taken.add(id);
    if (entry.url !== undefined) checkUrl(url, plain, [...path, 'url'], report);
    return [
      {
        id,
        url,
        secrets: given(secrets),
        types: typesOf(given(entry.wants ?? [])),
        units: entry.units === undefined ? null : unitsOf(entry.units, units, [...path, 'units'], report),
        severities: entry.severities === undefined ? ['info', 'warning', 'critical'] : given(entry.severities),
        plain,
        networks: networksOf(entry.networks ?? [], [...path, 'networks'], report),
      },
    ];
  });
}

const given = <T>(items: Items<T>): T[] => items.filter((item): item is T & {} => item !== undefined);

function checkUrl(text: string, plain: boolean, path: Path, report: Report): void {
  if (!URL.canParse(text)) {
    report('VALUE', path, `${shownValue(text)} is no address`, 'Give an address such as https://erp.example.com/oee.');
    return;
  }
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    const remedy = 'Take them out: the receiver knows us by the signature.';
    report('VALUE', path, 'the address holds a user or a password', remedy);
  }
  if (url.protocol === 'http:' && !plain) {
    const remedy = 'Use https, or say plain: true if nobody can listen on the way.';
    report('VALUE', path, 'the address is plain http, readable on the way', remedy);
  }
}

/** `alert` is all that begins with it; whoever hears of an alert hears that it never was. */
function typesOf(wants: readonly string[]): WebhookType[] {
  const isWanted = (type: WebhookType): boolean => wants.some(want => type === want || type.startsWith(`${want}.`));
  const raised = isWanted('alert.raised');
  return WEBHOOK_TYPES.filter(type => isWanted(type) || (raised && type === 'alert.withdrawn'));
}

function unitsOf(ids: Items<string>, { machines, lines, areas, sites }: Units, path: Path, report: Report): string[] {
  const all = [...sites, ...areas, ...lines, ...machines].map(({ id }) => id);
  const named = ids.filter(
    (id, index): id is string => id !== undefined && checkReference('unit', id, all, [...path, index], report),
  );
  const isNamed = (...above: readonly string[]): boolean => above.some(id => named.includes(id));
  return [
    ...sites.filter(({ id }) => isNamed(id)),
    ...areas.filter(({ id, site }) => isNamed(id, site)),
    ...lines.filter(({ id, area, site }) => isNamed(id, area, site)),
    ...machines.filter(({ id, line, area, site }) => isNamed(id, line, area, site)),
  ].map(({ id }) => id);
}

function networksOf(texts: Items<string>, path: Path, report: Report): string[] {
  return texts.flatMap((text, index) => {
    if (text === undefined) return [];
    const named = NAMED_NETWORKS[text];
    if (named !== undefined) return named;
    if (ipaddr.isValidCIDR(text)) return [text];
    const remedy = 'Write private, loopback, or a network such as 10.1.0.0/16.';
    report('VALUE', [...path, index], `${shownValue(text)} is no network`, remedy);
    return [];
  });
}
