// Wounded plant: lines cut, dropped, doubled and filled with debris never make the reader of plant files fall over.
// In: the demo plant's text, wounded at random. Out: a plant, or faults with a place.
// Touches src/demo/plant.yaml, reading only.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { parsePlant } from '../../src/plant/parse-plant.ts';
import { isPlantFaults } from '../../src/plant/plant-fault.ts';

const DEMO = readFileSync(new URL('../../src/demo/plant.yaml', import.meta.url), 'utf8');

test('whatever happens to the file, the answer is a plant or faults with a place in the text, never an exception', () => {
  const lines = DEMO.split('\n');
  const pieces = [
    '',
    '  ',
    ': ',
    '- ',
    '[',
    '}',
    '"',
    '*x',
    '&x ',
    '<<: ',
    'null',
    '-1',
    '99:99',
    '__proto__: 1',
    '\t',
    '%',
  ];
  const wound = fc.tuple(
    fc.integer({ min: 0, max: lines.length - 1 }),
    fc.constantFrom('cut', 'drop', 'twice', 'insert'),
    fc.constantFrom(...pieces),
    fc.integer({ min: 0, max: 30 }),
  );
  fc.assert(
    fc.property(fc.array(wound, { minLength: 1, maxLength: 4 }), wounds => {
      const text = [...lines];
      for (const [at, how, piece, column] of wounds) {
        const line = text[at] ?? '';
        if (how === 'cut') text[at] = line.slice(0, column);
        if (how === 'drop') text[at] = '';
        if (how === 'twice') text[at] = `${line}\n${line}`;
        if (how === 'insert') text[at] = line.slice(0, column) + piece + line.slice(column);
      }
      const wounded = text.join('\n');
      const result = parsePlant(wounded, 'plant.yaml');
      if (!isPlantFaults(result)) return;
      assert.ok(result.faults.length > 0);
      const count = wounded.split('\n').length;
      for (const { code, message, remedy, line, column, path } of result.faults) {
        assert.match(code, /^OEE_PLANT_[A-Z_]+$/);
        assert.ok(message.length > 0 && remedy.length > 0 && path.length > 0);
        assert.ok(line >= 1 && line <= count && column >= 1, `${line}:${column}`);
      }
    }),
    { numRuns: 150 },
  );
});
