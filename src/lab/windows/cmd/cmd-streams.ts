/** Standard streams of a command. */
export type CmdStreams = {
  /** Everything that comes on standard input, until its end. */
  readonly input: () => Promise<Uint8Array>;
  readonly out: (bytes: Uint8Array) => void;
  readonly error: (bytes: Uint8Array) => void;
};

/** `exit` ends the command line with a code. */
export class CmdExit extends Error {
  readonly code: number;

  constructor(code: number) {
    super('exit');
    this.code = code;
  }
}
