// Recorded plants: the plant files that belong to the recordings know every machine, word and product in them.
// In: plant files and recordings. Out: admitted events.
// Touches the recordings.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { admissible, plantIndexOf } from '../../src/core/admission.ts';
import { parseEvent } from '../../src/core/event.ts';
import { isRejection } from '../../src/core/rejection.ts';
import { csvFormat } from '../../src/ingest/file/csv-reader.ts';
import { shdrFormat } from '../../src/ingest/mtconnect/shdr-format.ts';
import { parsePlant } from '../../src/plant/parse-plant.ts';
import { NIST, needs, nistFile, OKUMA_FILE, recording, sodaFile } from '../support/recordings.ts';

const support = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../support/plants/${name}`, import.meta.url)), 'utf8');

const CASES = [
  { plant: 'nist.yaml', files: NIST.map(nistFile), format: shdrFormat, mapping: null },
  { plant: 'okuma.yaml', files: [OKUMA_FILE], format: shdrFormat, mapping: null },
  {
    plant: 'soda.yaml',
    files: [sodaFile('line_productivity')],
    format: csvFormat,
    mapping: parse(support('soda-mapping.yaml')) as unknown,
  },
];

for (const { plant: name, files, format, mapping } of CASES) {
  test(`${name} is a good plant file and admits every event of its recordings`, needs(...files), async () => {
    const plant = parsePlant(support(name), name);
    assert.ok(!('faults' in plant), JSON.stringify(plant));
    const index = plantIndexOf(plant);
    let admitted = 0;
    let [first, last] = [Number.POSITIVE_INFINITY, 0];
    for (const file of files) {
      for await (const each of format.read({ path: recording(file), machine: null, mapping, onBytes: () => {} })) {
        assert.ok('event' in each, each.where);
        const event = parseEvent(each.event, 0);
        assert.ok(!isRejection(event), each.where);
        assert.equal(admissible(event, index), null, each.where);
        admitted += 1;
        first = Math.min(first, event.at);
        last = Math.max(last, event.at);
      }
    }
    assert.ok(admitted > 0);
    assert.ok(last - first < plant.settings.horizonMs, 'the whole recording lies within the horizon');
  });
}
