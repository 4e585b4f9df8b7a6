// Announce: what runs and where to look, told once at the start.
// In: addresses, neighbours. Out: lines on standard output.
// Touches standard output.

import type { Plant } from './core/plant-model.ts';

export interface Announcement {
  readonly url: string;
  readonly plant: Plant;
  /** one sentence per neighbour */
  readonly neighbours: readonly string[];
  readonly demo: boolean;
}

export function announce({ url, plant, neighbours, demo }: Announcement): void {
  const { machines, lines, sites, name } = plant;
  const lines_ = [
    '',
    `  oee-stream runs the plant "${name}": ${sites.length} sites, ${lines.length} lines, ${machines.length} machines`,
    '',
    ...neighbours.map(sentence => `  ${sentence}`),
    '',
    `  page        ${url}/`,
    `  events in   POST ${url}/v1/events`,
    `  results     ${url}/v1/oee?unit=${lines[0]?.id ?? sites[0]?.id ?? ''}&window=shift`,
    `  live        ${url.replace('http', 'ws')}/v1/live`,
    `  API         ${url}/openapi.json   health ${url}/health/ready   metrics ${url}/metrics`,
    '',
    ...(demo ? ['  The machines are simulated. Your own plant: OEE_PLANT=my-plant.yaml npm start', ''] : []),
    '  Ctrl-C stops everything that was started here.',
    '',
  ];
  process.stdout.write(`${lines_.join('\n')}\n`);
}
