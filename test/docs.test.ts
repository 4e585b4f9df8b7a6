// Docs: what is written is proved: commands, settings, codes, metrics and links of the READMEs against the program.
// In: the READMEs and the sources. Out: what is missing on either side, as rows ready to be pasted.
// Touches the file system, reading only.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { readConfig } from '../src/config.ts';
import { filesIn, filesUnder, none, ROOT } from './support/source-tree.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const README = read('README.md');
const DOCUMENTS = ['README.md', ...['src', 'test', 'bench'].flatMap(folder => filesUnder(folder, /\.md$/))];

/** The text of a chapter, up to the next heading of its level. */
function chapter(title: string): string {
  const start = README.indexOf(`\n## ${title}\n`);
  assert.ok(start >= 0, `README.md has no chapter "## ${title}"`);
  const end = README.indexOf('\n## ', start + 1);
  return README.slice(start, end < 0 ? undefined : end);
}
/** All that stands in backticks, except in the rest of a line after the first column where only that is asked. */
const quoted = (text: string): string[] => [...text.matchAll(/`([^`\n]+)`/g)].map(found => found[1] ?? '');
const rowsOf = (text: string): string[] => text.split('\n').filter(line => /^\| *`/.test(line));
const firstColumn = (row: string): string => row.split('|')[1] ?? '';
const unique = (words: readonly string[]): string[] => [...new Set(words)].sort();
const difference = (all: readonly string[], less: readonly string[]): string[] =>
  all.filter(word => !less.includes(word));
const sources = (): string =>
  filesIn('src')
    .map(file => file.text)
    .join('\n');

test('every npm command of the documents exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const asked = DOCUMENTS.flatMap(path =>
    [...read(path).matchAll(/\bnpm (?:run )?([a-z]+)\b/g)].map(found => ({ path, name: found[1] ?? '' })),
  ).filter(({ name }) => !['install', 'ci', 'has', 'packages', 'audit'].includes(name));
  assert.ok(asked.length > 2, 'README.md says how to start and how to test');
  none(
    asked.filter(({ name }) => !(name in scripts)).map(({ path, name }) => `${path}: npm ${name}`),
    'these are no scripts of package.json',
  );
});

test('the verbs of the documents are those of the program', () => {
  const verbs = [...read('src/main.ts').matchAll(/\.command\('([a-z-]+)/g)].map(found => found[1] ?? '');
  const asked = DOCUMENTS.flatMap(path =>
    [...read(path).matchAll(/npm run oee -- ([a-z-]+)/g)].map(found => ({ path, verb: found[1] ?? '' })),
  );
  const unknown = asked.filter(({ verb }) => !verbs.includes(verb) && verb !== 'help');
  none(
    unknown.map(({ path, verb }) => `${path}: oee ${verb}`),
    'these are no verbs of src/main.ts',
  );
  none(difference(verbs, quoted(README)), 'README.md names every verb in backticks; these are missing');
  const options = [...read('src/main.ts').matchAll(/\.option\('(--[a-z-]+)/g)].map(found => found[1] ?? '');
  const used = DOCUMENTS.flatMap(path =>
    [...read(path).matchAll(/npm run oee -- [^#\n`]*/g)].flatMap(found => found[0].match(/--[a-z][a-z-]+/g) ?? []),
  );
  none(difference(unique(used), options), 'these are no options of src/main.ts');
});

/** Every key that the program looks up, seen by looking over its shoulder. */
function settingsAsked(): string[] {
  const asked = new Set<string>();
  const watched = (given: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
    new Proxy(given, {
      get: (target, key) => {
        asked.add(String(key));
        return target[String(key)];
      },
    });
  for (const given of [{}, { INFLUX_URL: 'http://127.0.0.1:8086' }]) readConfig(watched(given));
  for (const [, name = ''] of sources().matchAll(/process\.env\.([A-Z][A-Z_]+)/g)) if (name !== 'PATH') asked.add(name);
  return unique([...asked]);
}

test('the settings of the README are those that the program reads', () => {
  const rows = rowsOf(chapter('Knobs')).map(firstColumn);
  const written = unique(rows.flatMap(quoted));
  const missing = difference(settingsAsked(), written);
  none(
    missing.map(name => `| \`${name}\` | … | … |`),
    'README.md, Knobs: rows are missing',
  );
  none(difference(written, settingsAsked()), 'README.md, Knobs: nothing reads these');
});

/** Codes that are put together of two parts: where, and of what. */
function codesInParts(): string[] {
  const faults = filesIn('src/plant').flatMap(({ text }) => [...text.matchAll(/\breport\(\s*'([A-Z_]+)'/g)]);
  const plant = faults.map(([, what]) => `OEE_PLANT_${what}`);
  const children = [...sources().matchAll(/superviseChild\(\{\s*name: '([a-z]+)'/g)].map(found =>
    (found[1] ?? '').toUpperCase(),
  );
  assert.ok(plant.length > 5 && children.length > 1, 'codes in parts are made elsewhere now: follow them');
  return [...plant, ...children.flatMap(name => [`OEE_DEMO_NO_${name}`, `OEE_DEMO_${name}_START`])];
}

test('the codes of the README are those of the sources', () => {
  const settings = settingsAsked();
  const whole = [...sources().matchAll(/['"`](OEE_[A-Z0-9_]*[A-Z0-9])(?=['"`:])/g)].map(found => found[1] ?? '');
  const used = difference(unique([...whole, ...codesInParts()]), [...settings, 'OEE_RECORDINGS']);
  const written = unique(
    rowsOf(chapter('Codes')).flatMap(row => {
      const words = quoted(row);
      const family = words.find(word => word.endsWith('…'))?.slice(0, -1);
      return words.flatMap(word => (word.startsWith('OEE_') ? [word] : family === undefined ? [] : [family + word]));
    }),
  ).filter(code => /^OEE_[A-Z0-9_]+$/.test(code));
  none(
    difference(used, written).map(code => `| \`${code}\` | … |`),
    'README.md, Codes: rows are missing',
  );
  none(difference(written, used), 'README.md, Codes: no source says these');
});

test('every code is spelt OEE_<ROOM>_<WHAT>', () => {
  const codes = unique([...sources().matchAll(/code: ['"`]([^'"`$]+)['"`]/g)].map(found => found[1] ?? ''));
  const own = codes.filter(code => /^[A-Z]+_/.test(code) && !/^OEE_[A-Z]+(_[A-Z0-9]+)*$/.test(code));
  none(own, 'codes of ours begin with OEE_ and their room');
});

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly labels: string;
}

function metricsRegistered(): Metric[] {
  return filesIn('src')
    .flatMap(({ text }) =>
      [...text.matchAll(/'(oee_[a-z0-9_]+)'(?:,\s*(?:'([^']*)'|"([^"]*)"),\s*\[([^\]]*)\])?/g)].map(
        ([, name = '', help, helpToo, labels = '']) => ({
          name,
          help: help ?? helpToo ?? '…',
          labels: (labels.match(/[a-z_]+/g) ?? []).map(label => `\`${label}\``).join(' '),
        }),
      ),
    )
    .filter(({ name }) => name !== 'oee_revision');
}

test('the metrics of the README are those that the program registers', () => {
  const registered = metricsRegistered();
  assert.ok(registered.length > 5, 'metrics are registered elsewhere now: follow them');
  const written = unique(rowsOf(chapter('Metrics')).map(firstColumn).flatMap(quoted));
  const missing = registered.filter(({ name }) => !written.includes(name));
  none(
    missing.map(({ name, labels, help }) => `| \`${name}\` | ${labels || '—'} | ${help} |`),
    'README.md, Metrics: rows are missing (| metric | labels | meaning |)',
  );
  none(
    difference(
      written,
      registered.map(({ name }) => name),
    ),
    'README.md, Metrics: nothing registers these',
  );
});

test('every link of the documents leads to a file, and every anchor to a heading', () => {
  const slug = (heading: string): string =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .trim()
      .replaceAll(' ', '-');
  const broken = DOCUMENTS.flatMap(path => {
    const links = [...read(path).matchAll(/\]\(([^)\s]+)\)/g)].map(found => found[1] ?? '');
    return links
      .filter(link => !/^[a-z]+:/.test(link))
      .filter(link => {
        const [file = '', anchor] = link.split('#');
        const target = file === '' ? path : join(dirname(path), file);
        if (!existsSync(join(ROOT, target))) return true;
        if (anchor === undefined) return false;
        const headings = [...read(target).matchAll(/^#+ (.+)$/gm)].map(found => slug(found[1] ?? ''));
        return !headings.includes(anchor);
      })
      .map(link => `${path}: ${link}`);
  });
  none(broken, 'these lead nowhere');
});

test('files that the documents name in backticks are there', () => {
  const roots = ['', 'src/', 'src/core/'];
  const broken = DOCUMENTS.flatMap(path =>
    quoted(read(path))
      .filter(word => /^[a-z][a-z0-9/-]*\.(ts|tsx|mjs|lua|yaml|md)$/.test(word) && word.includes('/'))
      .filter(word => ![dirname(path), ...roots].some(root => existsSync(join(ROOT, root, word))))
      .map(word => `${path}: ${word}`),
  );
  none(broken, 'these files are gone');
});
