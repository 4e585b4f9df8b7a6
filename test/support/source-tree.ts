// Source tree: every source file of the project, read once, with its imports and functions as the parser sees them.
// In: the project's folder. Out: files; who imports whom, types included; how long each function is.
// Touches the file system, reading only.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'vite';

export const ROOT = resolve(fileURLToPath(new URL('../..', import.meta.url)));
const FOLDERS = ['src', 'test', 'bench', 'grafana'];
const CODE = /\.(ts|tsx|mjs)$/;

export interface SourceFunction {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

export interface SourceFile {
  /** from the project's root, with forward slashes */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
  /** paths from the root: static, dynamic, type-only, and `export … from` */
  readonly imports: readonly string[];
  /** package names; built-in modules begin with `node:` */
  readonly packages: readonly string[];
  readonly functions: readonly SourceFunction[];
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Partial<Node>).type === 'string';

/** Every node below, the outer before the inner. */
function* nodesIn(value: unknown): Generator<Node & Readonly<Record<string, unknown>>> {
  if (Array.isArray(value)) for (const item of value) yield* nodesIn(item);
  else if (isNode(value)) {
    yield value as Node & Readonly<Record<string, unknown>>;
    for (const child of Object.values(value)) if (typeof child === 'object') yield* nodesIn(child);
  }
}

export function filesUnder(folder: string, wanted: RegExp): string[] {
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true });
  return entries
    .filter(entry => entry.isFile() && wanted.test(entry.name))
    .map(entry => join(entry.parentPath ?? entry.path, entry.name).slice(ROOT.length + 1))
    .filter(path => !path.includes('node_modules'))
    .sort();
}

export const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length;

function parse(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const lang = path.endsWith('.tsx') ? 'tsx' : path.endsWith('.mjs') ? 'js' : 'ts';
  const names: string[] = [];
  const functions: SourceFunction[] = [];
  for (const node of nodesIn(parseAst(text, { lang }).body)) {
    const { source } = node;
    if (isNode(source) && 'value' in source && typeof source.value === 'string') names.push(source.value);
    if (!/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)) continue;
    const line = lineOf(text, node.start);
    const name = isNode(node.id) && 'name' in node.id ? String(node.id.name) : '';
    functions.push({ name, line, lines: lineOf(text, node.end) - line + 1 });
  }
  const own = names.filter(name => name.startsWith('.'));
  const foreign = names.filter(name => !name.startsWith('.'));
  return {
    path,
    text,
    lines: text.replace(/\n$/, '').split('\n'),
    imports: own.map(name => normalize(join(dirname(path), name))),
    packages: [...new Set(foreign.map(packageOf))],
    functions,
  };
}

const packageOf = (name: string): string =>
  name.startsWith('node:')
    ? name
    : name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/');

let tree: readonly SourceFile[] | null = null;

export function sourceTree(): readonly SourceFile[] {
  tree ??= FOLDERS.flatMap(folder => {
    try {
      return filesUnder(folder, CODE);
    } catch {
      return [];
    }
  }).map(parse);
  return tree;
}

export const filesIn = (folder: string): readonly SourceFile[] =>
  sourceTree().filter(file => file.path.startsWith(`${folder}/`));

/** Everything that a file leads to, itself included, and by which way. */
export function reachableFrom(start: SourceFile): Map<string, readonly string[]> {
  const byPath = new Map(sourceTree().map(file => [file.path, file]));
  const ways = new Map<string, readonly string[]>([[start.path, [start.path]]]);
  const open = [start];
  for (let file = open.shift(); file !== undefined; file = open.shift()) {
    for (const path of file.imports) {
      if (ways.has(path)) continue;
      ways.set(path, [...(ways.get(file.path) ?? []), path]);
      const next = byPath.get(path);
      if (next !== undefined) open.push(next);
    }
  }
  return ways;
}

/** Circles of imports, each once, from its first file in the alphabet. */
export function importCircles(files: readonly SourceFile[]): string[][] {
  const byPath = new Map(files.map(file => [file.path, file]));
  const done = new Set<string>();
  const circles = new Map<string, string[]>();
  const visit = (path: string, way: readonly string[]): void => {
    const at = way.indexOf(path);
    if (at >= 0) {
      const circle = way.slice(at);
      const first = circle.indexOf([...circle].sort()[0] ?? '');
      const turned = [...circle.slice(first), ...circle.slice(0, first)];
      circles.set(turned.join(), turned);
    }
    if (at >= 0 || done.has(path)) return;
    for (const next of byPath.get(path)?.imports ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const file of files) visit(file.path, []);
  return [...circles.values()];
}

/** Starts that end in a slash are folders, the others whole paths. */
export const startsWithOneOf = (path: string, starts: Iterable<string>): boolean => {
  for (const start of starts) if (start.endsWith('/') ? path.startsWith(start) : path === start) return true;
  return false;
};
/** Fails with everything that breaks a rule, and what to do instead. */
export const none = (broken: readonly string[], rule: string): void => {
  assert.equal(broken.length, 0, `${rule}\n  ${broken.join('\n  ')}`);
};
