// Replay: recordings through the door, on virtual time.
// In: files, an engine's door in memory, a clock that only sleeping moves. Out: what was sent, said and returned.
// Touches a folder of its own under the system's temporary one, and the recordings.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ReplayCommand } from '../../src/replay-command.ts';
import { NIST, needs, nistFile, OKUMA_FILE, recording, sodaFile } from '../support/recordings.ts';
import { START, stage, withFiles } from '../support/replay-stage.ts';

test(
  'three real machines and a fourth in one command; a second time everything is known',
  needs(...NIST.map(nistFile), OKUMA_FILE),
  async () => {
    const { run, said, intake, journal } = await stage();
    const files = [...NIST.map(nistFile), OKUMA_FILE].map(file => recording(file));
    assert.equal(await run(files), 0, said());
    const { accepted, sent } = intake.counts();
    assert.equal(accepted, sent);
    assert.equal(await run(files), 0);
    const counts = intake.counts();
    assert.deepEqual([counts.accepted, counts.duplicate], [accepted, accepted]);
    assert.deepEqual(new Set(journal.events().map(event => event.machine)), new Set([...NIST, 'okuma_shdr']));
    assert.match(said(), /100% of the files read/);
    assert.match(said(), new RegExp(`accepted +0\\n +duplicate +${accepted.toLocaleString('en')}`));
  },
);

test('the soda line’s tables come in by their mapping', needs(sodaFile('line_productivity')), async () => {
  const { run, said, intake } = await stage();
  const mappingFile = fileURLToPath(new URL('../support/plants/soda-mapping.yaml', import.meta.url));
  assert.equal(await run([recording(sodaFile('line_productivity'))], { mappingFile }), 0, said());
  assert.ok(intake.counts().accepted > 38 * 4);
});

const beat = (id: string, machine: string, second: number) =>
  JSON.stringify({ id, machine, at: START - 3_600_000 + second * 1_000, type: 'heartbeat' });

test('what is refused is told by reason, with its place, its remedy and exit code 1', async () => {
  const lines = [beat('1', 'a', 0), beat('2', 'aa', 1), '{"id":', beat('3', 'x', 2), beat('4', 'b', 3)].join('\n');
  await withFiles({ 'day.ndjson': lines }, async path => {
    const { run, said } = await stage();
    assert.equal(await run([path('day.ndjson')]), 1);
    assert.match(said(), /read +5\n +accepted +2\n +duplicate +0\n +rejected +3\n/);
    assert.match(
      said(),
      /OEE_EVENT_UNKNOWN_MACHINE, 2 times, e\.g\. day\.ndjson:2: machine "aa".*\n +Use a machine id/,
    );
    assert.match(said(), /OEE_NDJSON_LINE, 1 times, e\.g\. day\.ndjson:3/);
  });
});

test('several recordings are played side by side, each in its own order even where its clock runs backwards', async () => {
  const a = [beat('a0', 'a', 0), beat('a9', 'a', 9), beat('a5', 'a', 5)].join('\n');
  const b = [beat('b3', 'b', 3), beat('b7', 'b', 7), beat('b10', 'b', 10)].join('\n');
  await withFiles({ 'a.ndjson': a, 'b.ndjson': b }, async path => {
    const { run, sent } = await stage();
    await run([path('a.ndjson'), path('b.ndjson')]);
    assert.deepEqual(
      sent.flatMap(each => each.ids),
      ['a0', 'b3', 'b7', 'a9', 'a5', 'b10'],
    );
  });
});

test('at ten times real speed every event waits for its tenth, and none is sent early', async () => {
  const lines = [0, 1, 20, 20, 5, 60].map((second, i) => beat(`e${i}`, 'a', second)).join('\n');
  await withFiles({ 'a.ndjson': lines }, async path => {
    const { run, sent, now } = await stage();
    assert.equal(await run([path('a.ndjson')], { speed: 10 }), 0);
    assert.deepEqual(
      sent.map(each => [each.at - START, each.ids.join()]),
      [
        [0, 'e0'],
        [100, 'e1'],
        [2_000, 'e2,e3,e4'],
        [6_000, 'e5'],
      ],
    );
    assert.equal(now() - START, 6_000);
  });
});

test('shifted to now a recording ends when its replay does, nothing in it is ever in the future, and it is new', async () => {
  const order = {
    id: 'o',
    machine: 'a',
    at: '2020-01-05T06:00:00Z',
    type: 'order',
    phase: 'start',
    order: 'P',
    due: '2020-01-05T08:00:00Z',
  };
  const fix = {
    id: 'fix',
    machine: 'a',
    type: 'revoke',
    revokes: 'o',
    by: 'ann',
    why: 'test',
    at: '2020-01-05T06:01:00+00:00',
  };
  await withFiles({ 'a.ndjson': [order, fix].map(each => JSON.stringify(each)).join('\n') }, async path => {
    for (const speed of [null, 1, 60]) {
      const { run, journal, sent, now, said } = await stage();
      assert.equal(await run([path('a.ndjson')], { shiftToNow: true, speed }), 0, said());
      const [first, last] = journal.events();
      assert.equal(last?.at, now());
      assert.equal(Number(last?.at) - Number(first?.at), 60_000);
      assert.equal(Number(first?.due) - Number(first?.at), 7_200_000);
      assert.equal(last?.revokes, first?.id);
      assert.notEqual(first?.id, 'o');
      for (const batch of sent) assert.ok(Number(first?.at) <= batch.at);
    }
  });
});

test('a door that is full is waited for as long as it says, and nothing is lost or doubled', async () => {
  const lines = Array.from({ length: 1_500 }, (_, n) => beat(`n${n}`, 'a', n)).join('\n');
  await withFiles({ 'a.ndjson': lines }, async path => {
    const { run, journal, sleeps, intake, said } = await stage();
    for (let n = 0; n < 3; n++) journal.failures.push(Object.assign(new Error('full'), { retryAfterS: 4 }));
    assert.equal(await run([path('a.ndjson')]), 0);
    assert.deepEqual(sleeps, [4_000, 4_000, 4_000]);
    assert.equal(intake.counts().accepted, 1_500);
    assert.match(said(), /waiting 4\.0 s \(503 OEE_INTAKE_JOURNAL_AWAY/);
  });
});

test('without an engine the command says at once what to start; one that goes away is waited for, but not for ever', async () => {
  await withFiles(
    {
      'a.ndjson': beat('1', 'a', 0),
      'b.ndjson': Array(1_001)
        .fill(beat('2', 'b', 0))
        .join('\n'),
    },
    async path => {
      const away = Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } });
      const none = await stage();
      none.io.fetch = () => Promise.reject(away);
      assert.equal(await none.run([path('a.ndjson')]), 2);
      assert.deepEqual(none.sleeps, []);
      assert.match(none.said(), /OEE_REPLAY_AWAY: .*ECONNREFUSED\nStart the engine \(npm start\)/);
      assert.match(none.said(), /not sent +1/);

      const leaving = await stage();
      const { fetch } = leaving.io;
      let calls = 0;
      leaving.io.fetch = ((...given: Parameters<typeof fetch>) =>
        ++calls === 1 ? fetch(...given) : Promise.reject(away)) as typeof fetch;
      assert.equal(await leaving.run([path('b.ndjson')]), 2);
      assert.ok(leaving.now() - START >= 600_000 && leaving.now() - START < 700_000);
      assert.match(leaving.said(), /accepted +1\n +duplicate +999\n.*\n +not sent +1/);
    },
  );
});

test('what cannot be replayed is said before anything is sent, with exit code 2', async () => {
  const files = {
    'a.ndjson': beat('1', 'a', 0),
    'b.bin': 'x',
    'bad.yaml': 'keys: {execution: states}',
    'odd.yaml': 'a: [',
    'c.shdr': '',
  };
  await withFiles(files, async path => {
    const cases: readonly (readonly [string[], Partial<ReplayCommand>, RegExp])[] = [
      [['a.ndjson', 'gone.csv'], {}, /OEE_REPLAY_FILE: .*gone\.csv does not exist/],
      [['a.ndjson', 'b.bin'], {}, /OEE_REPLAY_FORMAT.*b\.bin.*\n.*--format with one of ndjson/],
      [['a.ndjson'], { format: 'xml' }, /no format "xml"/],
      [['c.shdr'], { mappingFile: path('bad.yaml') }, /OEE_REPLAY_MAPPING: .*\n +- keys\.execution/],
      [['c.shdr'], { mappingFile: path('odd.yaml') }, /OEE_REPLAY_MAPPING: .*odd\.yaml is not YAML/],
      [['c.shdr'], { mappingFile: path('none.yaml') }, /OEE_REPLAY_MAPPING: .*none\.yaml does not exist/],
    ];
    for (const [names, given, words] of cases) {
      const { run, said, sent } = await stage();
      assert.equal(await run(names.map(path), given), 2, said());
      assert.match(said(), words);
      assert.equal(sent.length, 0);
    }
  });
});

test('on a terminal a bar shows how far it is', async () => {
  await withFiles({ 'a.ndjson': beat('1', 'a', 0) }, async path => {
    const { run, said, io } = await stage(true);
    Object.assign(io.out, {
      cursorTo: () => {},
      clearLine: () => {},
      moveCursor: () => {},
      on: () => {},
      columns: 100,
    });
    assert.equal(await run([path('a.ndjson')]), 0);
    assert.match(said(), /100% \| 1 events/);
  });
});
