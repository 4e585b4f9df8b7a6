// User projects: what a user of the client has on the disk: a project with the packed client, a page made by Vite, a typed program.
// In: a folder. Out: files and installed packages.
// Touches child processes, the folder.

import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** A project of a user: the packed client installed, ws beside it. */
export async function userProject(folder: string): Promise<string> {
  const project = join(folder, 'project');
  await mkdir(project);
  await writeFile(join(project, 'package.json'), '{"type":"module","private":true}');
  const packed = { OEE_DATA_DIR: join(folder, 'packed') };
  await run(process.execPath, ['src/start.mjs', 'client'], { cwd: ROOT, env: { ...process.env, ...packed } });
  const archive = join(folder, 'packed', 'client', 'oee-stream-0.1.0.tgz');
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', archive], { cwd: project });
  await symlink(join(ROOT, 'node_modules', 'ws'), join(project, 'node_modules', 'ws'));
  return project;
}

/** A page of a user, made by Vite from the sources of this folder, where the engine serves its own. */
export async function userPage(folder: string, dataDir: string): Promise<void> {
  const page = join(folder, 'page');
  await mkdir(join(page, 'node_modules'), { recursive: true });
  await symlink(ROOT, join(page, 'node_modules', 'oee-stream'));
  await writeFile(join(page, 'package.json'), '{"type":"module"}');
  await writeFile(
    join(page, 'index.html'),
    '<!doctype html><p id="told"></p><script type="module" src="page.ts"></script>',
  );
  await writeFile(
    join(page, 'page.ts'),
    `import { openClient } from 'oee-stream/client';
const engine = openClient();
const live = await engine.live({ units: ['m1'], windows: ['shift'] }).ready();
const [asked] = await engine.oee({ unit: 'm1', window: 'shift' });
await engine.send({ type: 'heartbeat', machine: 'm1', at: Date.now() });
const told: unknown = { live: live.book.result('m1', 'shift')?.tally.good, asked: asked?.tally.good, state: live.book.state('m1')?.category };
document.querySelector('#told')!.textContent = JSON.stringify(told);
`,
  );
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  await run(process.execPath, [vite, 'build', '--outDir', join(dataDir, 'web'), '--logLevel', 'warn'], { cwd: page });
}

/** A typed program of a user compiles as strictly as can be, and one that is wrong does not. @throws what the compiler says */
export async function compileTyped(project: string): Promise<void> {
  await writeFile(
    join(project, 'typed.ts'),
    `import { openClient, type WireResult } from 'oee-stream/client';
const engine = openClient({ url: 'http://host', token: undefined });
const results: readonly WireResult[] = await engine.oee({ unit: 'm1', window: 'shift', from: new Date() });
await engine.send({ type: 'revoke', revokes: 'x', by: 'Anna', why: results[0]?.oee === null ? 'no' : 'yes' });
// @ts-expect-error a state has a word
await engine.send({ type: 'state', machine: 'm1', at: 1 });
for await (const word of engine.live()) if (word.op === 'alert') console.log(word.alert.text);
`,
  );
  const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--module', 'nodenext', '--target', 'es2022'];
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  await run(process.execPath, [tsc, ...strict, '--lib', 'es2023,dom', 'typed.ts'], { cwd: project });
}
