// Golden stories: every story beside this file, told in every way; its tables are what must come out.
// In: *.md. Out: the core alone and the whole pipeline agree with them, in order, backwards, twice, and through restarts.
// Reads its folder.

import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseStory } from '../support/story-table.ts';
import { tell } from '../support/story-tell.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const files = readdirSync(folder).filter(name => name.endsWith('.md') && name !== 'README.md');

for (const file of files.sort()) {
  const story = parseStory(`test/stories/${file}`, readFileSync(`${folder}${file}`, 'utf8'));
  test(`story: ${story.title}`, () => tell(story));
}
