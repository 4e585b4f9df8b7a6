// Guards: what keeps the promise, one by one, each with the change that takes it out and the tests that must notice.
// In: nothing. Out: the list.
// Pure.

/** What must fail when a guard is gone: one test of a file by its name, or the simulation within so many seeds. */
export type Killer = { readonly file: string; readonly test: string } | { readonly seeds: number };

export interface Guard {
  readonly name: string;
  readonly file: string;
  /** stands in the file exactly once */
  readonly find: string;
  readonly replace: string;
  /** the quickest first */
  readonly killers: readonly Killer[];
}

const LUA = 'src/journal/functions';
const MODEL = 'test/support/model-acts.ts';
const DOORS = 'test/support/model-doors.ts';
const APPEND = 'test/journal/append.test.ts';
const OUTBOX = 'test/journal/outbox.test.ts';
const LEASE = 'test/journal/lease.test.ts';
const OLD_ROW = 'test/regression/old-row-over-a-newer-one.test.ts';
/** Every reply of every act against the model. */
const TWINS: Killer = { file: 'test/journal/model.test.ts', test: 'any sequence of acts' };
const SEEDS_MAX = 1_000;
const SIMULATION: Killer = { seeds: SEEDS_MAX };

/** In the journal's functions, on a real Redis. */
const IN_REDIS: readonly Guard[] = [
  {
    name: 'the fence',
    file: `${LUA}/commit-step.lua`,
    find: "if held[1] ~= args[1] or held[2] ~= args[2] then return 'lost' end",
    replace: '',
    killers: [{ file: LEASE, test: 'the same owner may claim again' }, TWINS],
  },
  {
    name: 'the offset check',
    file: `${LUA}/commit-step.lua`,
    find: 'reached ~= number - 1 or at ~= args[3]',
    replace: 'reached ~= number - 1',
    killers: [TWINS],
  },
  {
    name: 'the checkpoint number',
    file: `${LUA}/commit-step.lua`,
    find: 'reached ~= number - 1 or at ~= args[3]',
    replace: 'at ~= args[3]',
    killers: [TWINS],
  },
  {
    name: 'a commit that is there already',
    file: `${LUA}/commit-step.lua`,
    find: "if reached == number and at == offset then return 'already' end",
    replace: '',
    killers: [TWINS],
  },
  {
    name: 'the history of a commit',
    file: `${LUA}/commit-step.lua`,
    find: "if held[6] ~= history() then return 'restarted' end",
    replace: '',
    killers: [{ file: 'test/regression/state-knows-what-its-log-lost.test.ts', test: 'what was read' }, TWINS],
  },
  {
    name: 'the high-water mark',
    file: `${LUA}/append-counted.lua`,
    find: 'if tonumber(seq) <= tonumber(mark) then',
    replace: 'if false then',
    killers: [{ file: APPEND, test: 'a numbered batch is taken once' }, TWINS],
  },
  {
    name: 'a producer that the journal fell back behind',
    file: `${LUA}/append-counted.lua`,
    find: "if args[7] ~= '*' and args[7] ~= mark then return { 'behind', mark } end",
    replace: '',
    killers: [TWINS],
  },
  {
    name: 'the receipt of a repeated append',
    file: `${LUA}/append-counted.lua`,
    find: "if last == token then return { 'accepted', entry, expected } end",
    replace: '',
    killers: [{ file: APPEND, test: 'a numbered batch whose reply was lost' }, TWINS],
  },
  {
    name: 'the memory of ids',
    file: `${LUA}/append-by-id.lua`,
    find: 'elseif entry == nil or entry == mine then',
    replace: 'elseif true then',
    killers: [{ file: APPEND, test: 'an event that comes again within the horizon' }, TWINS],
  },
  {
    name: 'the trim guard of the log',
    file: `${LUA}/trim-streams.lua`,
    find: 'if id_less(offset, boundary)',
    replace: 'if false',
    killers: [{ file: OUTBOX, test: 'the log is trimmed below the committed offset only' }, TWINS],
  },
  {
    name: 'the trim guard of the outbox',
    file: `${LUA}/trim-streams.lua`,
    find: 'if lowest == nil or id_less(at, lowest) then lowest = at end',
    replace: 'if lowest == nil or id_less(lowest, at) then lowest = at end',
    killers: [{ file: OUTBOX, test: 'the outbox is trimmed below the slowest cursor' }, TWINS],
  },
  {
    name: 'a sink that has no cursor yet',
    file: `${LUA}/trim-streams.lua`,
    find: 'if not known[args[i]] then return nil end',
    replace: '',
    killers: [{ file: OUTBOX, test: 'the outbox is trimmed below the slowest cursor' }, TWINS],
  },
  {
    name: 'a cursor beyond what is committed',
    file: `${LUA}/advance-cursor.lua`,
    find: "if id_parts(id) > tonumber(redis.call('HGET', meta, 'cp') or '0') then return 'ahead' end",
    replace: '',
    killers: [{ file: OUTBOX, test: 'a cursor beyond what is committed' }, TWINS],
  },
  {
    name: 'the name under which a cursor is moved',
    file: `${LUA}/pass-cursor.lua`,
    find: 'if writer.name ~= args[2] then',
    replace: 'if false then',
    killers: [{ file: OLD_ROW, test: 'a worker that wakes' }, TWINS],
  },
  {
    name: 'the place of a write whose worker died',
    file: `${LUA}/take-cursor.lua`,
    find: "if writer.name ~= name and writer.name ~= '' and writer.name ~= args[3] then",
    replace: 'if false then',
    killers: [{ file: OLD_ROW, test: 'what a worker had sent' }, TWINS],
  },
  {
    name: 'the trim guard of a late write',
    file: `${LUA}/trim-streams.lua`,
    find: 'if id_less(late.id, lowest) then lowest = late.id end',
    replace: '',
    killers: [{ file: OLD_ROW, test: 'what a worker had sent' }, TWINS],
  },
  {
    name: 'letters of what is written once more',
    file: `${LUA}/pass-cursor.lua`,
    find: 'if told == nil or id_less(told, args[i]) then',
    replace: 'if true then',
    killers: [{ file: OLD_ROW, test: 'a request that was given up' }, TWINS],
  },
  {
    name: 'the epoch',
    file: `${LUA}/claim-lease.lua`,
    find: 'number = number_of_new_history(number, now)',
    replace: 'number = number + 0',
    killers: [{ file: LEASE, test: 'after Redis was started anew' }, TWINS],
  },
  {
    name: 'the token of dead letters',
    file: `${LUA}/add-letters.lua`,
    find: "if redis.call('HGET', keys[2], 'last:letters') == args[1] then return 0 end",
    replace: '',
    killers: [{ file: 'test/journal/dead-letters.test.ts', test: 'letters whose reply was lost' }, TWINS],
  },
  {
    name: 'a hole that is behind the committed offset',
    file: `${LUA}/note-hole.lua`,
    find: 'if offset and id_less(args[1], offset) then return 0 end',
    replace: '',
    killers: [TWINS],
  },
];

/** In the model of them: does the simulation of the whole engine see what a journal without the guard would do to a plant? */
const IN_SIMULATION: readonly Guard[] = [
  {
    name: 'the fence, in the simulation',
    file: MODEL,
    find: "if (!isHeldBy(slot, metaKey, fence, owner)) return 'lost';",
    replace: '',
    killers: [SIMULATION],
  },
  {
    name: 'the offset check, in the simulation',
    file: MODEL,
    find: "if (reached !== Number(number) - 1 || at !== previous) return 'behind';",
    replace: '',
    killers: [SIMULATION],
  },
  {
    name: 'the history of a commit, in the simulation',
    file: MODEL,
    find: "if (meta.get('history') !== call.history) return 'restarted';",
    replace: '',
    killers: [SIMULATION],
  },
  {
    name: 'the high-water mark, in the simulation',
    file: DOORS,
    find: 'if (Number(seq) <= Number(mark)) {',
    replace: 'if (Number(seq) < 0) {',
    killers: [SIMULATION],
  },
  {
    name: 'the memory of ids, in the simulation',
    file: DOORS,
    find: 'if (before === null) {',
    replace: 'if (before !== undefined) {',
    killers: [SIMULATION],
  },
  {
    name: 'the trim guard, in the simulation',
    file: MODEL,
    find: 'lowest === null || idLess(id, lowest) ? id : lowest',
    replace: 'lowest === null || idLess(lowest, id) ? id : lowest',
    killers: [SIMULATION],
  },
  {
    name: 'a late write, in the simulation',
    file: 'test/support/model-writers.ts',
    find: 'if (lowest === null || !idLess(lowest.id, at.id)) return false;',
    replace: 'if (lowest === null || at !== undefined) return false;',
    killers: [SIMULATION],
  },
  {
    name: 'the epoch, in the simulation',
    file: MODEL,
    find: 'number = Math.max(number + LOST_MAX, now * NUMBERS_PER_MS);',
    replace: 'number += 0;',
    killers: [SIMULATION],
  },
];

export const GUARDS: readonly Guard[] = [...IN_REDIS, ...IN_SIMULATION];
