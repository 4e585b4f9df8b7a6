// Receiver faults: who is told by webhook, and every mistake in it, told at once, at its line, with what to do about it.
// In: receivers with known mistakes, each marked at the end of its line. Out: what was understood; the faults.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPlantFile } from '../../src/plant/explain-plant.ts';
import { parsePlant } from '../../src/plant/parse-plant.ts';
import { isPlantFaults } from '../../src/plant/plant-fault.ts';
import { expectMarks } from '../support/fault-marks.ts';

const PLANT = `plant: Webhooks
products: {}
calendars: { c: { zone: UTC, weekly: {} } }
sites:
  - id: site
    zone: UTC
    calendar: c
    areas: [{ id: hall, lines: [{ id: line-1, kind: parallel, machines: [{ id: filler }] }] }]
`;

function receiversOf(text: string) {
  const plant = parsePlant(`${PLANT}${text}`, 'plant.yaml');
  assert.ok(!isPlantFaults(plant), JSON.stringify(plant));
  return plant.receivers;
}

test('a receiver wants kinds of messages and units with all that lie below them', () => {
  const [erp, pager] = receiversOf(`receivers:
  - { id: erp, url: "https://erp.example.com/oee", secrets: [NEW, OLD], wants: [confirmation, report.shift], units: [hall] }
  - { id: pager, url: "http://pager.lan/", plain: true, networks: [private, 100.64.0.0/10], secrets: [PAGER], wants: [alert.raised] }
`);
  assert.deepEqual(erp?.types, ['report.shift', 'report.shift.restated', 'confirmation', 'confirmation.restated']);
  assert.deepEqual(erp?.units, ['hall', 'line-1', 'filler']);
  assert.deepEqual([erp?.secrets, erp?.networks, erp?.plain], [['NEW', 'OLD'], [], false]);
  assert.deepEqual(pager?.types, ['alert.raised', 'alert.withdrawn']);
  assert.equal(pager?.units, null);
  assert.ok(pager?.networks.includes('192.168.0.0/16') && pager.networks.includes('100.64.0.0/10'));
});

test('every mistake in a receiver is told at its line', () => {
  expectMarks(`${PLANT}receivers:
  - id: erp
    url: http://erp.example.com/ #! VALUE
    secrets: ["whsec_c2VjcmV0"] #! VALUE
    wants: [confirmations] #! VALUE
    units: [filer] #! UNKNOWN_REFERENCE
    networks: [10.0.0.0/99] #! VALUE
    severities: [loud] #! VALUE
  - id: erp #! DUPLICATE_ID
    url: https://anna:secret@erp.example.com/ #! VALUE
    secrets: [] #! VALUE
    wants: []
    retries: 3 #! UNKNOWN_KEY
  - id: none #! MISSING
    url: erp.example.com #! VALUE
    secrets: [A]
`);
});

test('the check says who is told what', () => {
  const { ok, text } = checkPlantFile(
    `${PLANT}receivers: [{ id: erp, url: "https://erp.example.com/", secrets: [ERP], wants: [confirmation], units: [line-1] }]\n`,
    'plant.yaml',
    0,
  );
  assert.ok(ok, text);
  assert.match(
    text,
    /erp {2}https:\/\/erp\.example\.com\/\n.*told confirmation, confirmation\.restated, of line-1, filler/,
  );
});
