// Category mark: the sign of a category, a shape of its own so that it is read without colour.
// In: a category. Out: an SVG sign.
// Pure.

import type { Category } from '../core/tally.ts';

const SHAPES: Readonly<Record<Category, string>> = {
  producing: 'M5 3.2v9.6L13 8z',
  microStop: 'M4.5 3h2.6v10H4.5zM8.9 3h2.6v10H8.9z',
  setup:
    'M8 2l1 2 2.2-.5.7 2.1 2 1.1-1 2 .6 2.2-2.2.6-.9 2L8 13.2 5.6 13.500l-.9-2-2.200-.6.6-2.2-1-2 2-1.100.7-2.100L7 4zM8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4z',
  breakdown:
    'M4.300 3L8 6.700 11.700 3 13 4.300 9.300 8l3.700 3.700-1.300 1.300L8 9.300 4.300 13 3 11.700 6.700 8 3 4.300z',
  starved: 'M2 8l5-4.500v3h7v3H7v3z',
  blocked: 'M2 3h2.200v10H2zM14 8L9 12.500v-3H5.600v-3H9v-3z',
  idle: 'M8 2.500a5.500 5.500 0 1 1 0 11 5.500 5.500 0 0 1 0-11zm0 2a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7z',
  plannedStop: 'M3 3h10v10H3zm2.200 2.200v5.600h5.600V5.200z',
  notScheduled: 'M10 2.600A5.600 5.600 0 1 0 13.400 10 4.600 4.600 0 0 1 10 2.600z',
  unknown:
    'M5 5.600C5 3.800 6.300 2.600 8.100 2.600c1.800 0 3 1.100 3 2.700 0 1.300-.7 2-1.500 2.600-.6.5-.8.8-.8 1.500H7c0-1.300.4-2 1.200-2.600.7-.5 1-.8 1-1.400 0-.6-.4-1.100-1.100-1.100S7 4.900 6.900 5.600zM7 11h2v2H7z',
};

export function CategoryMark({ category }: { readonly category: Category }) {
  return (
    <svg class="mark" viewBox="0 0 16 16" aria-hidden="true">
      <path d={SHAPES[category]} fill="currentColor" fill-rule="evenodd" />
    </svg>
  );
}
