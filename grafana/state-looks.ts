// State looks: the word and the colour of every category of time, the same on every panel. Never the colour alone.
// In: the categories of the law. Out: Grafana's value mappings.
// Pure. The colours of the supervisor's page (`src/web/theme.css`), so that a machine looks the same on the wall and on a laptop.

import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Category } from '../src/core/tally.ts';

export const STATE_LOOKS: Readonly<Record<Category, { readonly text: string; readonly color: string }>> = {
  producing: { text: 'Producing', color: '#1fb589' },
  microStop: { text: 'Micro-stop', color: '#f2e05a' },
  setup: { text: 'Set-up', color: '#63bdf2' },
  breakdown: { text: 'Breakdown', color: '#f4633c' },
  starved: { text: 'Starved', color: '#eea022' },
  blocked: { text: 'Blocked', color: '#d68cc3' },
  idle: { text: 'Idle', color: '#97a6ba' },
  plannedStop: { text: 'Planned stop', color: '#4d8be0' },
  notScheduled: { text: 'Not scheduled', color: '#2c3747' },
  unknown: { text: 'Unknown', color: '#3b4757' },
};

export function stateMappings(): ValueMapping[] {
  const looks = Object.entries(STATE_LOOKS);
  const options = Object.fromEntries(looks.map(([category, look], index) => [category, { ...look, index }]));
  return [{ type: MappingType.ValueToText, options }];
}
