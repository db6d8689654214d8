import { Failure } from '../../../kernel/failure.ts';
import { describePlace } from '../../../powershell/source.ts';
import type { Argument } from '../binding/signature.ts';
import { setVariable } from '../compile/compile-variable.ts';
import { convert } from '../conversion/convert.ts';
import { enumerate } from '../conversion/items.ts';
import { toText } from '../conversion/to-text.ts';
import { isTrue } from '../conversion/truth.ts';
import type { Frame } from '../frame.ts';
import type { CallContext, Task } from '../host.ts';
import { absent, findMember } from '../members/get-member.ts';
import { compare, equals } from '../operators/compare.ts';
import { like } from '../operators/wildcard.ts';
import { bindContext } from '../registry-of.ts';
import { CollectingPipe } from '../streams.ts';
import { resolveTypeText } from '../type-names.ts';
import type { Value } from '../value.ts';
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
        for (const value of input) yield* accept(value);
      },
    status,
  );
  return pipe.items;
}

const findDrive = (frame: Frame, path: string): ReturnType<CallContext['findDrive']> => {
  const qualified = /^(?:Microsoft\.PowerShell\.Core\\)?(\w+)::(.*)$/.exec(path);
  if (qualified) {
    for (const { provider, drive } of frame.session.registry.drives.values()) {
      if (provider.provider.toLowerCase() === (qualified[1] ?? '').toLowerCase())
        return { provider, drive, path: qualified[2] ?? '' };
    }
    return undefined;
  }
  const match = /^([^:\\/]+):(.*)$/.exec(path);
  const found = match && frame.session.registry.drives.get((match[1] ?? '').toLowerCase());
  return found ? { provider: found.provider, drive: found.drive, path: match[2] ?? '' } : undefined;
};

/** Builds what methods, conversions and cmdlets of a frame get. */
export const makeContext = (frame: Frame): CallContext => {
  const { session } = frame;
  const context: CallContext = {
    hooks: session.hooks,
    text: (value) => toText(value, session),
    convert: (value, type) => {
      const name = resolveTypeText(session.registry, type) ?? type;
      return convert(value, name, session);
    },
    property: (value, name) => {
      const found = findMember(value, name, frame);
      return found === absent ? null : (found as Value);
    },
    isTrue,
    enumerate: (value) => [...enumerate(value)],
    equals: (a, b, options) => equals(a, b, session, options ?? {}),
    compare: (a, b, options) => compare(a, b, session, options ?? {}),
    like: (text, pattern) => like(text, pattern),
    getVariable: (name) => {
      const [, scope, plain] = /^(global|script):(.*)$/i.exec(name) ?? [undefined, undefined, name];
      const from = scope?.toLowerCase() === 'global' ? frame.scope.global : scope ? frame.scope.script : frame.scope;
      return from.find((plain ?? name).toLowerCase())?.value;
    },
    setVariable: (name, value) => {
      const [, scope, plain] = /^(global|script):(.*)$/i.exec(name) ?? [undefined, undefined, name];
      setVariable(frame, scope?.toLowerCase(), plain ?? name, value);
    },
    get location() {
      return session.location;
    },
    set location(path) {
      session.location = path;
    },
    *invoke(script, args = [], options = {}) {
      const pipe = new CollectingPipe();
      yield* invokeBlock(frame, script, { ...options, args, out: pipe });
      return pipe.items;
    },
    call: (command, parameters = {}, input) => callCommand(frame, command, parameters, input),
    findDrive: (path) => findDrive(frame, path),
    unsupported: (construct) => {
      const place = describePlace(frame.call.source, frame.call.at?.start ?? 0);
      throw new Failure('lab-unsupported', `${place}: the lab does not run ${construct}.`, {
        facts: { construct, place },
      });
    },
  };
  bindContext(context, frame);
  return context;
};
