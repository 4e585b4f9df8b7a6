// Severity mark: the sign of a severity, a shape of its own so that it is read without colour.
// In: a severity. Out: an SVG sign: octagon, triangle or circle.
// Pure.

import type { AlertSeverity } from '../core/alert-rule.ts';

const SHAPES: Readonly<Record<AlertSeverity, string>> = {
  critical:
    'M5.200 1.500h5.600l3.700 3.700v5.600l-3.700 3.700H5.200l-3.700-3.700V5.200zM7 4.200v4.600h2V4.200zm0 5.800v1.900h2V10z',
  warning: 'M8 1.400l7 12.800H1zM7.100 5.800l.3 4h1.200l.3-4zm.1 4.900v1.700h1.600v-1.700z',
  info: 'M8 1.500a6.500 6.500 0 1 1 0 13 6.500 6.500 0 0 1 0-13zM7 4v2h2V4zm0 3v5h2V7z',
};

export function SeverityMark({ severity }: { readonly severity: AlertSeverity }) {
  return (
    <svg class={`mark severity-mark is-${severity}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={SHAPES[severity]} fill="currentColor" fill-rule="evenodd" />
    </svg>
  );
}
