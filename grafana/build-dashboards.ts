// Build dashboards: every board as the JSON that Grafana reads.
// In: the boards. Out: file names and their text; run as a program, the files of `dashboards/`.
// Touches the folder `dashboards/`, when run.

import { mkdirSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { dataQuality } from './data-quality.ts';
import { engineHealth } from './engine-health.ts';
import { lineBoard } from './line-board.ts';
import { lossesBoard } from './losses-board.ts';
import { machineDetail } from './machine-detail.ts';
import { plantAndon } from './plant-andon.ts';
import { shiftComparison } from './shift-comparison.ts';

export const DASHBOARDS_DIR = fileURLToPath(new URL('dashboards', import.meta.url));

const BOARDS = { plantAndon, lineBoard, machineDetail, lossesBoard, shiftComparison, dataQuality, engineHealth };

/** File name -> text, the same at every call. */
export function dashboardFiles(): Map<string, string> {
  const files = Object.values(BOARDS).map((build): [string, string] => {
    const board = build().build();
    board.panels = (board.panels ?? []).map((panel, index) => ({ ...panel, id: index + 1 }));
    return [`${board.uid}.json`, `${JSON.stringify(board, null, 2)}\n`];
  });
  return new Map(files);
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(DASHBOARDS_DIR, { recursive: true });
  for (const [name, text] of dashboardFiles()) writeFileSync(`${DASHBOARDS_DIR}/${name}`, text);
}
