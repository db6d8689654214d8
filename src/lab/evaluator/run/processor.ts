import type { Span } from '../../../powershell/syntax-tree.ts';
import type { Argument } from '../binding/signature.ts';
import type { Frame } from '../frame.ts';
import type { Task } from '../host.ts';
import type { Pipe, Streams } from '../streams.ts';
import type { Value } from '../value.ts';

/** One command at work in a pipeline. */
export type Processor = {
  /** What an `EnoughSignal` names. */
  readonly identity: object;
  /** What a step gives back must be run to its end; nothing where all is done. */
  begin(): Task<void> | undefined;
  process(input: Value): Task<void> | undefined;
  end(): Task<void> | undefined;
};

/** What a command gets when it is set up. */
export type Setup = {
  /** Where it is called from. */
  readonly frame: Frame;
  readonly args: readonly Argument[];
  readonly out: Pipe;
  readonly streams: Streams;
  readonly expectsInput: boolean;
  readonly span: Span;
  readonly length: number;
  readonly position: number;
  /** Set by commands that wrote an error, for `$?`. */
  readonly status: { failed: boolean };
  /** The name as it was called, or `&` and `.`. */
  readonly writtenName?: string | undefined;
};
