import type { Argument } from '../binding/signature.ts';
import type { Frame } from '../frame.ts';
import type { InvokeSettings, Task } from '../host.ts';
import type { ScriptBlock } from '../script-block.ts';
import type { Calls } from '../session.ts';
import { CollectingPipe } from '../streams.ts';
import type { Value } from '../value.ts';
import { FrameContext } from './context.ts';
import { invokeBlock } from './invoke-block.ts';
import { makeProcessor } from './make-processor.ts';
import { runProcessors } from './run-pipeline.ts';

const namedArguments = (parameters: Readonly<Record<string, Value>>): Argument[] =>
  Object.entries(parameters).map(([name, value]) => ({ name, value, hasValue: true }));

function* callCommand(
  frame: Frame,
  command: string,
  parameters: Readonly<Record<string, Value>>,
  input: readonly Value[] | undefined,
): Task<Value[]> {
  const pipe = new CollectingPipe();
  const status = { failed: false };
  const processor = makeProcessor(
    command,
    {
      frame,
      args: namedArguments(parameters),
      out: pipe,
      streams: frame.streams,
      expectsInput: input !== undefined,
      span: frame.call.at ?? { start: 0, end: 0 },
      length: 1,
      position: 1,
      status,
    },
    false,
  );
  yield* runProcessors(
    [processor],
    frame,
    input &&
      function* (accept) {
        for (const value of input) yield* accept(value) ?? [];
      },
    status,
  ) ?? [];
  return pipe.items;
}

function* callBlock(frame: Frame, script: ScriptBlock, args: readonly Value[], options: InvokeSettings): Task<Value[]> {
  const pipe = new CollectingPipe();
  yield* invokeBlock(frame, script, { ...options, args, out: pipe });
  return pipe.items;
}

/** How contexts call script blocks and commands. */
export const calls: Calls = { makeContext: (frame) => new FrameContext(frame), invoke: callBlock, call: callCommand };
