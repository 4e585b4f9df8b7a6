// Grafana shape: whether a dashboard's JSON is what Grafana reads, by the types that Grafana Labs publishes.
// In: dashboards. Out: what the compiler says of them; nothing when they fit in every field and value.
// Touches: a temporary folder, a child tsc.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
/** Enumerations become the values that stand in JSON; what only a builder knows is left out. */
const HEAD = `
import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
type Written<T> = T extends string ? \`\${T}\` : T extends number ? (\`\${T}\` extends \`\${infer N extends number}\` ? N : never)
  : T extends boolean | null | undefined ? T : T extends (infer E)[] ? Written<E>[]
  : T extends object ? { [K in keyof T as K extends '_implementsDataqueryVariant' ? never : K]: Written<T[K]> } : T;
type Query = { refId: string; datasource: { type?: string; uid?: string }; query: string; rawQuery: true; resultFormat: 'table' | 'time_series'; alias?: string };
type Moments = Query & { fromAnnotations: true; textEditor: true; queryType: 'tags'; textColumn: string; tagsColumn: string; timeEndColumn: string };
type OurPanel = Omit<Written<Panel>, 'targets'> & { targets: Query[] };
type OurAnnotation = Omit<Written<NonNullable<NonNullable<Dashboard['annotations']>['list']>[number]>, 'target'> & { target: Moments };
type Board = Omit<Written<Dashboard>, 'panels' | 'annotations'> & { panels: OurPanel[]; annotations: { list: OurAnnotation[] } };
`;

export async function grafanaFaults(boards: readonly (readonly [name: string, json: object])[]): Promise<string[]> {
  const dir = await mkdtemp(join(tmpdir(), 'oee-boards-'));
  try {
    await symlink(MODULES, join(dir, 'node_modules'));
    const consts = boards.map(([, json], index) => `export const board${index}: Board = ${JSON.stringify(json)};`);
    await writeFile(join(dir, 'boards.ts'), `${HEAD}${consts.join('\n')}\n`);
    await writeFile(join(dir, 'package.json'), '{"type":"module"}');
    const options = [
      '--noEmit',
      '--strict',
      '--module',
      'NodeNext',
      '--target',
      'ES2022',
      '--skipLibCheck',
      'boards.ts',
    ];
    return await new Promise(resolve =>
      execFile(join(MODULES, '.bin', 'tsc'), options, { cwd: dir }, (error, out) =>
        resolve(error === null ? [] : out.split('\n').filter(line => line.includes('error'))),
      ),
    );
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
