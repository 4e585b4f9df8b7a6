// Vocabulary: what a machine's own word for a state means to the law, and the maps of the field's standards.
// In: a native or canonical word. Out: the category that the machine claims.
// Pure.

/**
 * What a source can claim about a machine. `stop` is an own stop whose cause nobody has said yet: shorter than the
 * machine's threshold it is a micro-stop, longer it is a breakdown. `microStop` and `notScheduled` are conclusions of
 * the engine (length, calendar), so no source can claim them.
 */
export const CLAIMS = [
  'producing',
  'stop',
  'setup',
  'breakdown',
  'starved',
  'blocked',
  'idle',
  'plannedStop',
  'unknown',
] as const;
export type Claim = (typeof CLAIMS)[number];

/** Native word -> claim. Words are compared exactly as the source writes them. */
export type Vocabulary = Readonly<Record<string, Claim>>;

/** Maps that a plant file can name instead of spelling them out. */
export const SHIPPED_VOCABULARIES: Readonly<Record<string, Vocabulary>> = {
  canonical: Object.fromEntries(CLAIMS.map(claim => [claim, claim])) as Record<Claim, Claim>,
  // OMAC PackML / ISA-TR88.00.02 states; a mode other than Production comes as `MODE.STATE`, and the mode decides first.
  packml: {
    EXECUTE: 'producing',
    IDLE: 'idle',
    STARTING: 'setup',
    RESETTING: 'setup',
    COMPLETING: 'producing',
    COMPLETE: 'idle',
    SUSPENDING: 'starved',
    SUSPENDED: 'starved',
    UNSUSPENDING: 'starved',
    HOLDING: 'stop',
    HELD: 'stop',
    UNHOLDING: 'stop',
    STOPPING: 'stop',
    STOPPED: 'stop',
    ABORTING: 'breakdown',
    ABORTED: 'breakdown',
    CLEARING: 'breakdown',
    UNDEFINED: 'unknown',
  },
  // MTConnect `execution` (ANSI/MTC1.4), as the Execution data item reports it.
  mtconnect: {
    ACTIVE: 'producing',
    READY: 'idle',
    WAIT: 'idle',
    INTERRUPTED: 'stop',
    FEED_HOLD: 'stop',
    STOPPED: 'stop',
    OPTIONAL_STOP: 'stop',
    PROGRAM_STOPPED: 'stop',
    PROGRAM_COMPLETED: 'stop',
    PROGRAM_OPTIONAL_STOP: 'stop',
    UNAVAILABLE: 'unknown',
  },
  // SEMI E10 basic equipment states.
  e10: {
    PRD: 'producing',
    SBY: 'idle',
    ENG: 'plannedStop',
    SDT: 'plannedStop',
    UDT: 'breakdown',
    // non-scheduled by the equipment's own word: the calendar decides `notScheduled`, inside a shift it is a planned stop
    NST: 'plannedStop',
  },
};

/** PackML modes that decide before the state does; Production leaves the word to the state. */
const PACKML_MODES: Readonly<Record<string, Claim>> = { MAINTENANCE: 'plannedStop', MANUAL: 'setup', SETUP: 'setup' };

/**
 * The claim behind a word: the machine's own map first, then the canonical words, then PackML's `MODE.STATE` where the
 * machine's map knows the state.
 * @returns null for a word that nobody has explained
 */
export function claimOf(word: string, vocabulary: Vocabulary): Claim | null {
  const own = Object.hasOwn(vocabulary, word) ? vocabulary[word] : undefined;
  if (own !== undefined) return own;
  if ((CLAIMS as readonly string[]).includes(word)) return word as Claim;
  const dot = word.indexOf('.');
  if (dot < 0) return null;
  const mode = word.slice(0, dot);
  const state = word.slice(dot + 1);
  if (!Object.hasOwn(vocabulary, state)) return null;
  if (mode === 'PRODUCTION') return vocabulary[state] ?? null;
  return PACKML_MODES[mode] ?? null;
}
