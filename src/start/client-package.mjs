// Client package: the client as a package that any project can install: plain JavaScript with types, without dependencies.
// In: the project's root, the data folder. Out: exit code; `<dataDir>/client/oee-stream-<version>.tgz`.
// Touches: vite, tsc, npm pack, `<dataDir>/client`.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const README = `The client of oee-stream: questions, events and live results of the engine, typed, in browsers and Node.

\`\`\`js
import { openClient } from 'oee-stream/client';

const engine = openClient({ url: 'http://127.0.0.1:8080' });
console.log(await engine.oee({ unit: 'filler', window: 'shift' }));
for await (const word of engine.live({ windows: ['shift'] })) console.log(word);
\`\`\`

On Node before 22 beside package ws, for live results.
`;

/** @returns 0, or 1 when a step failed, whose own words are on stderr */
export function packClient({ root, dataDir, say }) {
  const folder = join(resolve(root, dataDir), 'client');
  const built = join(folder, 'package');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(built, { recursive: true });
  const tool = (name, ...args) => [process.execPath, join(root, 'node_modules', name), ...args];
  const { version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const about = {
    name: 'oee-stream',
    version,
    license,
    description: 'The client of oee-stream',
    type: 'module',
    exports: { './client': { types: './types/client/oee-client.d.ts', default: './oee-client.js' } },
    files: ['oee-client.js', 'types'],
  };
  writeFileSync(join(built, 'package.json'), `${JSON.stringify(about, null, 2)}\n`);
  writeFileSync(join(built, 'README.md'), README);
  const bundle = tool('vite/bin/vite.js', 'build', '--config', 'src/client/client.config.ts', '--outDir', built);
  const steps = [
    [...bundle, '--emptyOutDir', 'false', '--logLevel', 'warn'],
    tool('typescript/bin/tsc', '-p', 'src/client/types.tsconfig.json', '--outDir', join(built, 'types')),
    ['npm', 'pack', built, '--pack-destination', folder, '--loglevel=error', '--ignore-scripts'],
  ];
  for (const [command, ...args] of steps) {
    const done = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
    if (done.status !== 0) return 1;
  }
  say(`In your project: npm install ${join(folder, `oee-stream-${version}.tgz`)}`);
  return 0;
}
