/** Who has to act on a failure. */
type Actor = 'author' | 'launcher' | 'operator' | 'host-owner' | 'kintsugi';

/** One row of the closed table of failures. `exit` is the CLI's exit code when this failure ends a command. */
type FailureRow = { readonly actor: Actor; readonly exit: 1 | 2 | 3 | 4 | 5; readonly title: string };

/**
 * The closed table of failures. Every error that leaves a module carries one of these codes;
 * `docs/failures.md` has a paragraph for each (held in step by a test).
 */
export const failures = {
  'bad-input': { actor: 'author', exit: 2, title: 'A file or an option that was handed in is not valid' },
  'protocol-error': { actor: 'kintsugi', exit: 1, title: 'The host sent something that the protocol does not allow' },
  unreachable: { actor: 'operator', exit: 1, title: 'No connection to the host' },
  unauthenticated: { actor: 'operator', exit: 1, title: 'The host refused the credentials' },
  'untrusted-host': { actor: 'operator', exit: 1, title: "The host's certificate or key is not trusted" },
  'clock-skew': { actor: 'operator', exit: 1, title: 'The clocks differ too much for Kerberos' },
  forbidden: { actor: 'operator', exit: 1, title: 'The account may not do this on the host' },
  'timed-out': { actor: 'operator', exit: 1, title: 'The host did not answer within the limit' },
  dropped: { actor: 'operator', exit: 1, title: 'The connection dropped; the script may have run' },
  'script-error': { actor: 'author', exit: 1, title: 'A script ended with an error on the host' },
  'journal-conflict': { actor: 'kintsugi', exit: 3, title: 'Another writer has continued the journal' },
  'journal-unavailable': { actor: 'operator', exit: 3, title: 'The journal cannot be written or read' },
  'journal-broken': { actor: 'operator', exit: 3, title: 'The hash chain of a journal does not hold' },
  'lease-lost': { actor: 'kintsugi', exit: 3, title: 'Another worker has taken up this host run' },
  'work-refused': { actor: 'operator', exit: 3, title: 'Something was to be run that no trusted signature covers' },
  'redis-missing': { actor: 'operator', exit: 3, title: 'No Redis server is installed' },
  'redis-unavailable': { actor: 'operator', exit: 3, title: 'Redis cannot be reached or started' },
  'unknown-run': { actor: 'launcher', exit: 2, title: 'There is no such run' },
  'run-not-ended': { actor: 'launcher', exit: 2, title: 'The run has not ended yet' },
  'run-ended': { actor: 'launcher', exit: 2, title: 'The run has ended already' },
  'run-committed': { actor: 'launcher', exit: 2, title: 'The run was committed and cannot be rolled back' },
  'bad-launch': { actor: 'launcher', exit: 2, title: 'The launch lacks something that its plan names' },
  'key-unusable': {
    actor: 'operator',
    exit: 3,
    title: 'The key that signs launches, or one that is trusted, cannot be used',
  },
  'secret-missing': { actor: 'operator', exit: 3, title: 'A referenced secret cannot be read' },
  'lab-unsupported': { actor: 'author', exit: 1, title: 'The script uses something that the lab does not simulate' },
  'claim-lost': { actor: 'kintsugi', exit: 1, title: 'Another attempt has taken the host' },
  'kit-folder-tampered': { actor: 'host-owner', exit: 1, title: "The kit's folder on the host is not as it must be" },
  'ledger-broken': { actor: 'host-owner', exit: 1, title: "The hash chain of the host's ledger does not hold" },
  'jea-module': {
    actor: 'host-owner',
    exit: 1,
    title: 'A no-language endpoint lacks the module that the run needs',
  },
  'kit-error': { actor: 'kintsugi', exit: 1, title: 'The host kit could not do what it was asked' },
} as const satisfies Record<string, FailureRow>;

/** A code of the failure table. */
export type FailureCode = keyof typeof failures;

/**
 * The one error class of the product: a code of the failure table, what was expected, what came, and what to do next.
 */
export class Failure extends Error {
  readonly code: FailureCode;
  /** Structured facts for logs and `--json`; never a secret. */
  readonly facts: Readonly<Record<string, unknown>>;

  /**
   * @param code row of the failure table
   * @param message what was expected, what came and what to do next, in plain words
   * @param options `cause` and `facts`
   */
  constructor(code: FailureCode, message: string, options: { cause?: unknown; facts?: Record<string, unknown> } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Failure';
    this.code = code;
    this.facts = options.facts ?? {};
  }
}
