import type { Argument } from '../binding/signature.ts';
import { bodyOf } from '../compile/body.ts';
import { enumeratorOf, enumeratorValue } from '../compile/enumerator.ts';
import type { Frame } from '../frame.ts';
import type { Task } from '../host.ts';
import { Scope } from '../scope.ts';
import type { ScriptBlock } from '../script-block.ts';
import type { Pipe } from '../streams.ts';
import type { Value } from '../value.ts';
import { closureScope } from './make-processor.ts';
import { runProcessors } from './run-pipeline.ts';
import { ScriptProcessor } from './script-processor.ts';

/** How a script block is run. */
export type InvokeOptions = {
  readonly args?: readonly Value[];
  /** `$_`; undefined leaves it alone. */
  readonly underscore?: Value;
  readonly input?: readonly Value[];
  /** `$this`. */
  readonly this?: Value;
  /** Run in the frame's own scope (ForEach-Object); closures always get their own. */
  readonly inScope?: boolean;
  readonly out: Pipe;
};

const restore = (scope: Scope, name: string, had: boolean, before: Value): void => {
  if (had) scope.put(name, before);
  else scope.remove(name);
};

/** Runs a script block. */
export function* invokeBlock(frame: Frame, block: ScriptBlock, options: InvokeOptions): Task<void> {
  const body = bodyOf(block.body);
  const parent = closureScope(block, frame.scope.global);
  const inScope = options.inScope === true && !parent && body.signature.specs.length === 0;
  const scope = inScope ? frame.scope : new Scope(parent ?? frame.scope);
  const had = scope.own('_') !== undefined;
  const before = scope.own('_')?.value;
  if ('underscore' in options) scope.put('_', options.underscore);
  if ('this' in options) scope.put('this', options.this);
  const args: Argument[] = (options.args ?? []).map((value) => ({ value, hasValue: true }));
  const status = { failed: false };
  const input = options.input;
  const setup = {
    frame,
    args,
    out: options.out,
    streams: frame.streams,
    expectsInput: input !== undefined,
    span: frame.call.at ?? { start: 0, end: 0 },
    length: 1,
    position: 1,
    status,
  };
  try {
    const processor = new ScriptProcessor({ body, name: '', command: block, filter: false, scope }, setup);
    if (!inScope) {
      scope.put(
        'args',
        processor.binding.rest.map((argument) => argument.value),
      );
      if (input) scope.put('input', enumeratorValue(enumeratorOf(undefined, [...input])));
    }
    yield* runProcessors(
      [processor],
      frame,
      input &&
        function* (accept) {
          for (const value of input) yield* accept(value) ?? [];
        },
      status,
    ) ?? [];
  } finally {
    if (inScope && 'underscore' in options) restore(scope, '_', had, before);
  }
}
