/** `break` or `continue` on its way to its loop. */
export class LoopSignal {
  readonly kind: 'break' | 'continue';
  /** Lower case; undefined means the nearest loop. */
  readonly label: string | undefined;

  /**
   * @param kind which of both
   * @param label of the loop that is meant
   */
  constructor(kind: 'break' | 'continue', label: string | undefined) {
    this.kind = kind;
    this.label = label;
  }
}

/** `return` on its way to its function; the value was written already. */
export class ReturnSignal {}

/** `exit` on its way to the runspace or script file. */
export class ExitSignal {
  readonly code: number;

  /** @param code exit code */
  constructor(code: number) {
    this.code = code;
  }
}

/** Select-Object -First has enough: the commands before it stop. */
export class EnoughSignal {
  readonly requester: object;

  /** @param requester the command that wants no more */
  constructor(requester: object) {
    this.requester = requester;
  }
}

/** Whether a loop with this label is meant by a signal. */
export const meansLoop = (signal: LoopSignal, label: string | undefined): boolean =>
  signal.label === undefined || signal.label === label?.toLowerCase();
