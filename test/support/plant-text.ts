// Plant text: a plant file as small as it can be, with room for what a test is about.
// In: lines to add at the top, in the calendar, the line or its machines. Out: the file's text.
// Pure.

/** The smallest plant that there can be, with more lines for its parts. */
export const small = ({ top = '', calendar = '', line = '', machines = '          - id: m1' } = {}): string => `
plant: Small
products: { a: {}, b: {} }
${top}
calendars:
  c:
    zone: Europe/Oslo
${calendar || '    weekly: {}'}
sites:
  - id: s
    zone: Europe/Oslo
    calendar: c
    areas:
      - id: ar
        lines:
        - id: l
          kind: parallel
${line}
          machines:
${machines}
`;
