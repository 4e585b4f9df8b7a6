// Tidy: the rules of the house for files: how long, how named, how signed, and what stands in none of them.
// In: every source file. Out: a list of what breaks a rule, with the rule.
// Touches the file system, reading only.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import {
  filesIn,
  filesUnder,
  none,
  ROOT,
  type SourceFile,
  sourceTree,
  startsWithOneOf,
} from './support/source-tree.ts';

const FILE_LINES_MAX = 250;
const FUNCTION_LINES_MAX = 60;

/** Real time and chance enter here and go on as arguments. */
const CLOCKS: Readonly<Record<string, string>> = {
  'src/main.ts': 'verbs run in real time',
  'src/serve.ts': 'names this process and this life of it, and hands the clock to the rooms',
  'src/server.ts': 'hands the clock to the routes',
  'src/simulate-verb.ts': 'a simulation ends now',
  'src/engine/engine.ts': 'the engine hands clock and chance to the rooms',
  'src/client/oee-client.ts': 'the clock and chance of the program that uses the client',
  'src/web/first-page.tsx': 'the browser’s clock and chance, handed to the page',
};
/** The environment is read here only, and handed on as settings. */
const ENVIRONMENT: Readonly<Record<string, string>> = {
  'src/main.ts': 'hands the environment to the config',
  'src/start.mjs': 'runs before there is a program that could read a config',
  'src/start/': 'looks for npm and for installed servers, and keeps settings of the shell from tests',
};

const DRAWERS = [
  'index',
  'util',
  'utils',
  'helper',
  'helpers',
  'common',
  'type',
  'types',
  'constants',
  'misc',
  'shared',
];
const TOP_LEVEL = [
  'README.md',
  'LICENSE',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'src',
  'bench',
  'test',
  'grafana',
];
const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');

function linesWith(files: readonly SourceFile[], pattern: RegExp): string[] {
  return files.flatMap(({ path, text }) =>
    withoutComments(text)
      .split('\n')
      .filter(line => pattern.test(line))
      .map(line => `${path}: ${line.trim()}`),
  );
}

test(`no file is longer than ${FILE_LINES_MAX} lines`, () => {
  const long = sourceTree().filter(file => file.lines.length > FILE_LINES_MAX);
  none(
    long.map(({ path, lines }) => `${path}: ${lines.length}`),
    'cut it where a new name is ready for a part of it',
  );
});

test(`no function is longer than ${FUNCTION_LINES_MAX} lines, but for the stories of tests`, () => {
  const long = sourceTree().flatMap(({ path, functions }) =>
    functions
      .filter(({ name, lines }) => lines > FUNCTION_LINES_MAX && !(path.endsWith('.test.ts') && name === ''))
      .map(({ name, line, lines }) => `${path}:${line} ${name}: ${lines}`),
  );
  none(long, 'name its parts');
});

test('names of files are in kebab-case, one of a kind in the whole project, and no drawers', () => {
  const names = sourceTree().map(({ path }) => ({ path, name: basename(path).replace(/\.(ts|tsx|mjs)$/, '') }));
  const crooked = names.filter(({ name }) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.test|\.config)?$/.test(name));
  none(
    crooked.map(({ path }) => path),
    'kebab-case: oee-pipeline.ts',
  );
  const drawers = names.filter(({ name }) => DRAWERS.includes(name.replace(/\.test$/, '')));
  none(
    drawers.map(({ path }) => path),
    'a file is named for what it does',
  );
  const byName = new Map<string, string[]>();
  for (const { path, name } of names) byName.set(name, [...(byName.get(name) ?? []), path]);
  none(
    [...byName.values()].filter(paths => paths.length > 1).map(paths => paths.join(' and ')),
    'names are unique',
  );
});

test('every file opens with its sign: what it is; in and out; pure, or what it touches', () => {
  const unsigned = sourceTree().filter(({ lines }) => {
    const [what = '', inOut = '', purity = ''] = lines.filter((line, at) => at > 0 || !line.startsWith('#!'));
    return !(
      /^\/\/ .+: .+/.test(what) &&
      /^\/\/ In: .+Out: ./.test(inOut) &&
      /^\/\/ (Pure|Touches|Reads)\b/.test(purity)
    );
  });
  none(
    unsigned.map(({ path, lines }) => `${path}: ${lines.slice(0, 3).join(' ⏎ ')}`),
    'three lines: `// Name: …`, `// In: … Out: …`, `// Pure.` or `// Touches …`',
  );
});

test('the environment is read in main only', () => {
  const files = filesIn('src').filter(({ path }) => !startsWithOneOf(path, Object.keys(ENVIRONMENT)));
  none(linesWith(files, /\bprocess\.env\b|\bimport\.meta\.env\b/), 'take a setting as an argument');
});

test('time and chance are arguments: they enter at the engine, the verbs and the page', () => {
  const files = filesIn('src').filter(({ path }) => !(path in CLOCKS));
  const asked =
    /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\.(now|timeOrigin)\b|\brandom(UUID|Bytes|Int)\b|\bhrtime\b|\bgetRandomValues\b/;
  none(linesWith(files, asked), 'take clock and chance as arguments');
  for (const path of Object.keys(CLOCKS)) {
    const file = filesIn('src').find(each => each.path === path);
    assert.ok(
      file !== undefined && linesWith([file], asked).length > 0,
      `${path} asks no clock any more: take it off the list`,
    );
  }
});

test('the top level holds nothing but its few entries', () => {
  const visible = readdirSync(ROOT).filter(name => !name.startsWith('.') && name !== 'node_modules');
  none(
    visible.filter(name => !TOP_LEVEL.includes(name)),
    `the top level holds ${TOP_LEVEL.join(', ')} and dot files`,
  );
});

test('nothing is left for later, switched off, or tied to one computer', () => {
  const later = /\b(TODO|FIXME|XXX)\b/;
  const off = /\b(test|it|describe|suite)\.(only|skip|todo)\b/;
  const machine = /\/work\/|\/tmp\/bash_jobs|\/home\/[a-z]|\/Users\//;
  const texts = ['src', 'test', 'bench'].flatMap(folder =>
    filesUnder(folder, /\.(ts|tsx|mjs|lua|md|yaml|css|html|json)$/),
  );
  const looked = [...texts, 'README.md', 'package.json', '.ci/run'].filter(path => path !== 'test/tidy.test.ts');
  const broken = looked.flatMap(path =>
    readFileSync(join(ROOT, path), 'utf8')
      .split('\n')
      .flatMap((line, at) =>
        later.test(line) || off.test(line) || machine.test(line) ? [`${path}:${at + 1}: ${line.trim()}`] : [],
      ),
  );
  none(broken, 'finish it, switch it on, or name places relative to the project');
});
