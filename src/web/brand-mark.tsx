// Brand mark: the ring in the corner of the page, in the colour of what produces.
// In: nothing. Out: a picture that says nothing of its own.
// Pure.

export function BrandMark() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
      <circle cx="16" cy="16" r="11" fill="none" stroke="var(--track)" stroke-width="5" />
      <path
        d="M16 5a11 11 0 1 1-10.460 7.600"
        fill="none"
        stroke="var(--c-producing)"
        stroke-width="5"
        stroke-linecap="round"
      />
    </svg>
  );
}
