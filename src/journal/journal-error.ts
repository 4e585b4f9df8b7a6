// Journal errors: what can go wrong between us and Redis, each with a code and a remedy.
// In: errors of the client library, replies of the server. Out: one of a few errors that a caller can tell apart.
// Pure.

export class JournalError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Redis is at its memory limit and takes in nothing more until something was worked off and trimmed. Nothing was written. */
export class JournalFull extends JournalError {}
/** Redis cannot be reached, or cannot answer now. Whether the act was carried out is unknown; the same call may be made again. */
export class JournalAway extends JournalError {}
/** The partition is somebody else's now, or the journal fell back: all state of it must be dropped and loaded anew. */
export class LostOwnership extends JournalError {}
/** Redis answered no and will do so again: rights, wrong types, wrong arguments. */
export class JournalFault extends JournalError {}
/** The journal fell back behind a producer: nothing was appended, it sends again what follows the mark. */
export class BehindProducer extends JournalError {
  constructor(
    producer: string,
    previous: number | null,
    /** the last of its numbers that the journal has; null: none */
    readonly mark: number | null,
  ) {
    super(
      'OEE_JOURNAL_FELL_BACK',
      `producer ${producer} goes on after ${previous ?? 'nothing'}, but the journal has ${mark ?? 'nothing'} of it`,
      'A fail-over lost the last moments: send again what follows the mark, in order.',
    );
  }
}

/** Further answers of a server or a connection that are over in a while. MOVED and ASK reach us only when redirections ran out. */
const PASSING =
  /^(LOADING|READONLY|MOVED|ASK|TRYAGAIN|CLUSTERDOWN|MASTERDOWN|BUSY|UNBLOCKED)\b|Connection is closed|Command aborted|Stream isn't writeable|Cluster isn't ready|Command timed out|max retries per request|Too many Cluster redirections|Failed to refresh slots|None of startup nodes|ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_AGAIN|Socket (timeout|closed)/i;
/** Those of them that somebody can do something about. */
const KNOWN_PASSING = [
  {
    pattern: /^MISCONF\b/,
    code: 'OEE_JOURNAL_DISK',
    says: 'Redis cannot write its file and takes nothing in',
    remedy: "Make room on the disk of Redis' append-only file, or mend it; then it goes on by itself. Nothing is lost.",
  },
  {
    pattern: /^NOREPLICAS\b/,
    code: 'OEE_JOURNAL_UNREPLICATED',
    says: 'too few replicas have it',
    remedy:
      'Bring the replicas of Redis back, or ask for fewer with REDIS_REPLICAS. The same events may be sent again.',
  },
] as const;
/** What TLS says of a certificate, or of a server that does not speak it; none of it passes by waiting. */
const UNTRUSTED =
  /certificate|altnames|self.signed|unable to verify|wrong version number|ssl3_get_record|packet length too long|disconnected before secure TLS/i;
const DENIED = /^(NOPERM|NOAUTH|WRONGPASS)\b/;

export const isFunctionMissing = (error: unknown): boolean =>
  error instanceof Error && /Function not found/i.test(error.message);
export const isUnreplicated = (error: unknown): boolean =>
  error instanceof Error && /^NOREPLICAS\b/.test(error.message);
export const isOutOfRedirections = (error: unknown): boolean =>
  error instanceof Error && /Too many Cluster redirections.*(CLUSTERDOWN|closed)/.test(error.message);
export const isTimeout = (error: unknown): boolean =>
  error instanceof Error && /timed out|Socket timeout/i.test(error.message);

/**
 * @param operation what we were about, in words
 * @param connectionTrouble the connection's own last error, which says more than "is closed"
 */
export function toJournalError(operation: string, error: unknown, connectionTrouble?: string): JournalError {
  if (error instanceof JournalError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const options = { cause: error };
  if (/^OOM\b/.test(message)) {
    return new JournalFull(
      'OEE_JOURNAL_FULL',
      `${operation}: Redis is at its memory limit`,
      'Wait for the backlog to be worked off, bring absent sinks back, or give Redis more memory (maxmemory).',
      options,
    );
  }
  if (DENIED.test(message) || (connectionTrouble !== undefined && DENIED.test(connectionTrouble))) {
    return new JournalFault(
      'OEE_JOURNAL_DENIED',
      `${operation}: ${DENIED.test(message) ? message : connectionTrouble}`,
      "Check REDIS_URL's user and password, and that the user may use the commands that the README lists.",
      options,
    );
  }
  if (connectionTrouble !== undefined && UNTRUSTED.test(connectionTrouble)) {
    return new JournalFault(
      'OEE_JOURNAL_TLS',
      `${operation}: no trust in Redis: ${connectionTrouble}`,
      'Set REDIS_CA to the PEM file of the CA that signed its certificate, and name the host as the certificate does.',
      options,
    );
  }
  const known = KNOWN_PASSING.find(({ pattern }) => pattern.test(message));
  if (known !== undefined) {
    return new JournalAway(known.code, `${operation}: ${known.says}: ${message}`, known.remedy, options);
  }
  if (PASSING.test(message)) {
    const trouble = connectionTrouble === undefined ? message : `${message} (${connectionTrouble})`;
    return new JournalAway(
      'OEE_JOURNAL_AWAY',
      `${operation}: Redis does not answer: ${trouble}`,
      'Check that Redis runs at REDIS_URL (of a cluster: name several nodes, separated by commas) and can write its file; the call can be repeated.',
      options,
    );
  }
  return new JournalFault(
    'OEE_JOURNAL_FAULT',
    `${operation}: Redis refused: ${message}`,
    'Check that nothing else writes to the keys under this prefix, and that Redis is 7.0 or newer.',
    options,
  );
}
