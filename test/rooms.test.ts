// Rooms: who may know whom, proved on the sources themselves, by however many steps.
// In: every source file. Out: the ways on which one part leads to another that it must not know.
// Touches the file system, reading only.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  filesIn,
  filesUnder,
  importCircles,
  none,
  ROOT,
  reachableFrom,
  sourceTree,
  startsWithOneOf,
} from './support/source-tree.ts';

/** What each room may lead to, by however many steps; the rooms meet in the engine, and the engine in src/*.ts. */
const MAY_REACH: Readonly<Record<string, readonly string[]>> = {
  core: ['src/core/'],
  pipeline: ['src/core/', 'src/pipeline/'],
  ingest: ['src/core/', 'src/ingest/'],
  journal: ['src/core/', 'src/journal/'],
  sinks: ['src/core/', 'src/sinks/'],
  query: ['src/core/', 'src/query/'],
  plant: ['src/core/', 'src/plant/'],
  demo: ['src/core/', 'src/demo/'],
  access: ['src/core/', 'src/access/'],
  client: ['src/core/', 'src/client/'],
  web: ['src/core/', 'src/client/', 'src/web/'],
  operate: ['src/core/', 'src/journal/', 'src/sinks/', 'src/operate/'],
  engine: [
    ...['core', 'pipeline', 'ingest', 'journal', 'sinks', 'query', 'plant', 'engine'].map(room => `src/${room}/`),
    'src/log.ts',
  ],
};
/** Rooms where every neighbour has a folder of its own; files beside the folders are contracts that all of them share. */
const ROOMS_OF_NEIGHBOURS = ['ingest', 'sinks'];

/** Where each outside package, and each dangerous built-in, is at home. */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  'temporal-polyfill': ['src/core/calendar.ts'],
  rxjs: ['src/pipeline/', 'src/engine/'],
  ioredis: ['src/journal/'],
  ws: ['src/sinks/live/'],
  '@influxdata/influxdb-client': ['src/sinks/influx/'],
  // signing is the sender's; checking is that of the receiver to try it with
  standardwebhooks: ['src/sinks/webhook/', 'src/demo/'],
  'ipaddr.js': ['src/sinks/webhook/', 'src/plant/resolve-receivers.ts'],
  // a route is a plugin of fastify, and lies in the room whose words it speaks
  '@fastify/rate-limit': ['src/access/'],
  'openid-client': ['src/access/oidc-door.ts'],
  fastify: ['src/access/', 'src/server.ts', 'src/serve.ts', 'src/ingest/http/', 'src/query/', 'src/engine/'],
  '@fastify/static': ['src/server.ts'],
  '@fastify/swagger': ['src/server.ts'],
  'prom-client': ['src/metrics.ts'],
  pino: ['src/log.ts'],
  commander: ['src/main.ts'],
  ajv: ['src/plant/'],
  // files that people write: the plant, and how to read a recording
  yaml: ['src/plant/', 'src/ingest/mtconnect/', 'src/replay-command.ts'],
  'csv-parse': ['src/ingest/file/'],
  'cli-progress': ['src/ingest/file/'],
  preact: ['src/web/'],
  '@preact/signals': ['src/web/'],
  uplot: ['src/web/count-chart.tsx'],
  'write-excel-file': ['src/web/table-workbook.ts'],
  vite: ['src/web/vite.config.ts', 'src/client/client.config.ts'],
  'node:child_process': ['src/demo/', 'src/start/', 'src/own-process.ts'],
};

/** Packages that are run, not imported. */
const TOOLS = /^(@biomejs\/biome|typescript|tsx|@types\/.+)$/;

const roomOf = (path: string): string => path.split('/').slice(0, -1)[1] ?? '';

for (const [room, allowed] of Object.entries(MAY_REACH)) {
  test(`${room} leads to nothing but ${allowed.join(', ')}, by however many steps`, () => {
    assert.ok(filesIn(`src/${room}`).length > 0, `there is no src/${room}`);
    const broken = filesIn(`src/${room}`).flatMap(file =>
      [...reachableFrom(file)].filter(([path]) => !startsWithOneOf(path, allowed)).map(([, way]) => way.join(' → ')),
    );
    none(broken, `src/${room} may lead only to ${allowed.join(', ')}`);
  });
}

for (const room of ROOMS_OF_NEIGHBOURS) {
  test(`in ${room} no neighbour knows another`, () => {
    const folder = (path: string): string | null => path.split('/').slice(2, -1)[0] ?? null;
    const broken = filesIn(`src/${room}`).flatMap(file =>
      [...reachableFrom(file).keys()]
        .filter(path => path.startsWith(`src/${room}/`) && folder(path) !== null && folder(path) !== folder(file.path))
        .map(path => `${file.path} leads to ${path}`),
    );
    none(broken, `src/${room}/<one> may not lead to src/${room}/<other>; what both need lies beside the folders`);
  });
}

test('every outside package has its home, and is used nowhere else', () => {
  const broken = filesIn('src').flatMap(({ path, packages }) =>
    packages
      .filter(name => !name.startsWith('node:') || name in HOMES)
      .filter(name => !startsWithOneOf(path, HOMES[name] ?? []))
      .map(name => `${path} imports ${name}, at home in ${HOMES[name]?.join(', ') ?? 'no room: give it one'}`),
  );
  none(broken, 'a package is imported where it is at home');
});

test('core and pipeline know no built-in module: no file, no socket, no process', () => {
  const broken = [...filesIn('src/core'), ...filesIn('src/pipeline')].flatMap(({ path, packages }) =>
    packages.filter(name => name.startsWith('node:')).map(name => `${path} imports ${name}`),
  );
  none(broken, 'the law and the pipeline are pure');
});

test('what is imported is declared, and what is declared is used', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const undeclared = sourceTree().flatMap(({ path, packages }) => {
    const known = path.startsWith('src/') ? dependencies : { ...dependencies, ...devDependencies };
    return packages
      .filter(name => !name.startsWith('node:') && !(name in known))
      .map(name => `${path} imports ${name}`);
  });
  none(undeclared, 'package.json declares every package; what src needs is no devDependency');
  const texts = ['src', 'test', 'bench'].flatMap(folder => filesUnder(folder, /\.(ts|tsx|mjs|css|html)$/));
  const all = texts.map(path => readFileSync(join(ROOT, path), 'utf8')).join('\n');
  const unused = Object.keys({ ...dependencies, ...devDependencies }).filter(
    name => !TOOLS.test(name) && !all.includes(name),
  );
  none(unused, 'a package that nothing uses is taken out of package.json');
});

test('no import goes round in a circle, types included', () => {
  none(
    importCircles(sourceTree()).map(circle => [...circle, circle[0]].join(' → ')),
    'one of them must give way',
  );
});

test('every room of src has its rule here', () => {
  const rooms = new Set(
    filesIn('src')
      .map(({ path }) => roomOf(path))
      .filter(room => room !== '' && room !== 'start'),
  );
  none(
    [...rooms].filter(room => !(room in MAY_REACH)),
    'say in MAY_REACH what the room may lead to',
  );
});
