// Sequence watch: which producers' numbers have holes, so that an event that never arrived is noticed.
// In: producer and number of events that the journal took. Out: how many numbers are missing now.
// Pure; a bounded memory that starts anew with the process.

/** Producers watched at once; the one longest silent is forgotten first (its holes with it). */
const PRODUCERS_MAX = 10_000;

interface Watched {
  first: number;
  last: number;
  held: number;
}

export interface SequenceWatch {
  /** An event that was new to the journal. */
  took(producer: string, seq: number): void;
  /** Numbers between the first and the last one seen of each producer that the journal does not hold: late or lost. */
  missing(): number;
}

/**
 * A late event closes its own hole, in whatever order it comes. A producer that starts counting anew takes a new name,
 * or its numbers look like one great hole: that is reported, not guessed away.
 */
export function sequenceWatch(): SequenceWatch {
  const watched = new Map<string, Watched>();
  return {
    took(producer, seq) {
      const known = watched.get(producer);
      if (known === undefined) {
        const oldest = watched.size >= PRODUCERS_MAX ? watched.keys().next().value : undefined;
        if (oldest !== undefined) watched.delete(oldest);
        watched.set(producer, { first: seq, last: seq, held: 1 });
        return;
      }
      known.first = Math.min(known.first, seq);
      known.last = Math.max(known.last, seq);
      known.held += 1;
      // moved to the end: a map keeps the order of insertion
      watched.delete(producer);
      watched.set(producer, known);
    },
    missing() {
      let sum = 0;
      for (const { first, last, held } of watched.values()) sum += Math.max(0, last - first + 1 - held);
      return sum;
    },
  };
}
