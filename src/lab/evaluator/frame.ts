import type { Source } from '../../powershell/source.ts';
import type { Span } from '../../powershell/syntax-tree.ts';
import type { CallContext } from './host.ts';
import type { Scope } from './scope.ts';
import type { Session } from './session.ts';
import type { Pipe, Streams } from './streams.ts';
import type { Invocation, Value } from './value.ts';

/** The call that a frame belongs to; the chain of these is the call stack. */
export type Call = {
  /** Function name, script file or `<ScriptBlock>`. */
  readonly name: string;
  readonly source: Source;
  readonly invocation: Invocation | undefined;
  readonly caller: Call | undefined;
  /** The statement that is being run. */
  at: Span | undefined;
};

/** Everything a piece of compiled code needs to run. */
export class Frame {
  readonly session: Session;
  readonly scope: Scope;
  readonly out: Pipe;
  readonly streams: Streams;
  readonly call: Call;
  /** Of a method of a class: takes what `return` gives. */
  readonly returns: { value: Value } | undefined;
  #context: CallContext | undefined;

  /**
   * @param session the runspace
   * @param scope where variables are found
   * @param out where output goes
   * @param streams where the other streams go
   * @param call the function or script that runs
   * @param returns of a method of a class: takes what `return` gives
   */
  constructor(session: Session, scope: Scope, out: Pipe, streams: Streams, call: Call, returns?: { value: Value }) {
    this.session = session;
    this.scope = scope;
    this.out = out;
    this.streams = streams;
    this.call = call;
    this.returns = returns;
  }

  /** The same place with output elsewhere. */
  withOutput(out: Pipe, streams: Streams = this.streams): Frame {
    return new Frame(this.session, this.scope, out, streams, this.call, this.returns);
  }

  /** What methods and conversions get. */
  get context(): CallContext {
    this.#context ??= this.session.makeContext(this);
    return this.#context;
  }
}
