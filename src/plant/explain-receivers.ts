// Explain receivers: who is told what by webhook, as it was understood.
// In: a resolved plant. Out: lines for a terminal.
// Pure.

import type { Plant } from '../core/plant-model.ts';
import { type ReceiverModel, WEBHOOK_TYPES } from '../core/receiver.ts';

export function explainReceivers({ receivers }: Plant): string[] {
  if (receivers.length === 0) return [];
  return ['', 'RECEIVERS', ...receivers.flatMap(oneReceiver)];
}

function oneReceiver({ id, url, secrets, types, units, severities, networks }: ReceiverModel): string[] {
  const all = WEBHOOK_TYPES.length - 1;
  const told = types.length === 0 ? 'only what is escalated to it' : types.length === all ? 'all' : types.join(', ');
  const of = units === null ? 'of all units and the engine' : `of ${units.join(', ')}`;
  return [
    `  ${id}  ${url}`,
    `    told ${told}, ${of}; alerts: ${severities.join(', ')}`,
    `    signed with ${secrets.join(' and ')}${networks.length === 0 ? '' : `; may lie in ${networks.join(', ')}`}`,
  ];
}
