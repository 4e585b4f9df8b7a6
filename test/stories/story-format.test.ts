// Story format: a mistake in a table is told with file and line, before anybody wonders about figures.
// In: stories with one mistake each. Out: errors that name the place and the remedy.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseStory } from '../support/story-table.ts';
import { tell } from '../support/story-tell.ts';

const GOOD = `# A story

## Settings
| setting | value |
|---|---|
| shift | early 06:00-07:00 |
| cycle | p 1 s |

## Events
| time | machine | what |
|---|---|---|
| 06:00 | m1 | state producing |
| 07:00 | m1 | heartbeat |
| 07:02 | - | clock |

## Expectations
| unit | window | field | value |
|---|---|---|---|
| m1 | shift early | run | 60 min |
`;
const told = (text: string): void => tell(parseStory('a.md', text));

const MISTAKES: readonly (readonly [what: string, from: string, to: string, error: RegExp])[] = [
  ['a title that is missing', '# A story', 'A story', /^a\.md:1: .*# its title/],
  ['a section that nobody knows', '## Events', '## Happenings', /^a\.md:9: section "happenings"/],
  [
    'a column that is missing',
    '| time | machine | what |',
    '| time | machine | said |',
    /^a\.md:10: .*lacks the column what/,
  ],
  ['a cell too many', '| m1 | heartbeat |', '| m1 | heartbeat | |', /^a\.md:13: 4 cells under 3 columns/],
  ['a setting that does not exist', '| cycle |', '| cylce |', /^a\.md:7: no setting "cylce"; there are .*cycle/],
  ['a duration without a unit', 'p 1 s', 'p 1', /^a\.md:7: .*write a duration/],
  ['a time that is none', '| 07:00 | m1', "| 7 o'clock | m1", /^a\.md:13: "7 o'clock" is no time/],
  ['a sentence that nobody understands', 'state producing', 'works fine', /^a\.md:12: "works" is not one of clock/],
  [
    'a state that the machine does not know',
    'state producing',
    'state dancing',
    /^a\.md:12: state "dancing" is not in the vocabulary/,
  ],
  ['a machine that is not there', '| 07:00 | m1', '| 07:00 | m7', /^a\.md:13: machine "m7" is not in the plant/],
  ['a window that is not there', 'shift early | run', 'shift late | run', /^a\.md:19: no window "shift late"/],
  ['a field that is not there', '| run |', '| runn |', /^a\.md:19: no field "runn"/],
  [
    'a figure that is wrong',
    '60 min',
    '59 min',
    /^a\.md:19: m1 shift early: run should be 59 min, the pipeline found 60 min/,
  ],
  ['a ratio that is wrong in its last digit', '| run | 60 min', '| oee | 0.000000001', /^a\.md:19: .*found 0/],
];

test('the story without a mistake passes', () => told(GOOD));

for (const [what, from, to, error] of MISTAKES) {
  test(`${what} is told with file and line`, () => {
    assert.ok(GOOD.includes(from));
    assert.throws(
      () => told(GOOD.replace(from, to)),
      (thrown: Error) => error.test(thrown.message) || assert.fail(thrown.message),
    );
  });
}
