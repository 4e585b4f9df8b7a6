// Mutation: the guards that keep the promise are where the list says, and the tests notice when one is gone.
// In: the list of guards; the tree without each of those without which nothing holds. Out: laws that hold.
// Touches temporary folders and child processes. All of them, with every test: `npm run mutate`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GUARDS } from './guards.ts';
import { treeWithout, tryKiller, without } from './mutant.ts';

/** Those without which nothing holds: every run takes them out. */
const EVERY_RUN = ['the fence', 'the offset check', 'the high-water mark', 'the trim guard of the log'];

test('every guard stands where the list says, exactly once', () => {
  for (const guard of GUARDS) assert.notEqual(without(guard), '', guard.name);
  assert.equal(new Set(GUARDS.map(guard => guard.name)).size, GUARDS.length);
});

for (const name of EVERY_RUN) {
  test(`without ${name} a test fails`, async () => {
    const guard = GUARDS.find(each => each.name === name) ?? assert.fail(`there is no guard ${name}`);
    const tree = treeWithout(guard);
    try {
      const [killer] = guard.killers;
      assert.ok(killer !== undefined);
      const { killed, by } = await tryKiller(tree, killer);
      assert.ok(killed, `${name} is gone, and nothing failed: ${by}`);
    } finally {
      tree.remove();
    }
  });
}
