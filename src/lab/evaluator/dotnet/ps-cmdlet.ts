import type { Binding } from '../binding/bind-value.ts';
import { writeEnumerated } from '../compile/write-output.ts';
import { isTrue } from '../conversion/truth.ts';
import { defineType, PowerShellError } from '../define.ts';
import { errorPreference } from '../errors/preference.ts';
import { emitError, locate } from '../errors/report.ts';
import type { Frame } from '../frame.ts';
import type { CallContext, Task } from '../host.ts';
import { newObject } from '../make.ts';
import { outsideMember } from '../outside-member.ts';
import { raise } from '../raise.ts';
import type { Processor, Setup } from '../run/processor.ts';
import { isBoxed } from '../types-of.ts';
import type { ErrorRecord, Value } from '../value.ts';
import { invocationInfoType } from './invocation-info.ts';

/** What `$PSCmdlet` needs of the function it belongs to. */
export type CmdletView = {
  readonly processor: Processor & { readonly frame: Frame; readonly binding: Binding; readonly parameterSet: string };
  readonly setup: Setup;
};

const ownRecord = (value: Value, view: CmdletView): ErrorRecord => {
  if (!(isBoxed(value) && value.kind === 'error')) {
    return raise({ id: 'ArgumentNull', message: 'An error record was expected.', category: 'InvalidArgument' });
  }
  const { name } = view.processor.frame.call;
  // The function's name becomes the second half of the id, once.
  const isBlock = name === '<ScriptBlock>';
  const record: ErrorRecord =
    isBlock || value.id.endsWith(`,${name}`) ? value : { ...value, id: value.id === '' ? name : `${value.id},${name}` };
  const invocation = view.processor.frame.call.invocation;
  if (invocation) record.invocation = invocation;
  if (record.activity === '' && !isBlock) record.activity = name;
  return record;
};

function* writeError(view: CmdletView, value: Value): Task<Value> {
  const { frame } = view.processor;
  const record = ownRecord(value, view);
  locate(record, frame, frame.call.at ?? view.setup.span);
  view.setup.status.failed = true;
  const action = errorPreference(frame.scope);
  if (action === 'Ignore') return undefined;
  if (action === 'Stop') throw new PowerShellError(record, true);
  const work = emitError(frame, record, action === 'SilentlyContinue');
  if (work) yield* work;
  return undefined;
}

function* write(view: CmdletView, value: Value, enumerate: boolean): Task<Value> {
  const { out } = view.processor.frame;
  if (enumerate) yield* writeEnumerated(out, value);
  else {
    const work = out.write(value);
    if (work) yield* work;
  }
  return undefined;
}

/** The text of what is about to happen: the name of the command, or the action if one is given; a third argument makes the first the text. */
const performing = (view: CmdletView, args: Value[], context: CallContext): string => {
  const [first, second] = args.map((arg) => context.text(arg));
  if (args.length > 2) return first ?? '';
  return `Performing the operation "${second ?? view.processor.frame.call.name}" on target "${first ?? ''}".`;
};

/** Whether ShouldProcess lets a change happen; what happens is told to the verbose stream. */
function* shouldProcess(view: CmdletView, args: Value[], context: CallContext): Task<Value> {
  if (isTrue(view.processor.frame.scope.find('whatifpreference')?.value)) return false;
  yield* callCmdlet(view, 'Write-Verbose', performing(view, args, context));
  return true;
}

function* callCmdlet(view: CmdletView, name: string, text: Value): Task<Value> {
  yield* view.processor.frame.context.call(name, { Message: text });
  return undefined;
}

/** PSScriptCmdlet: `$PSCmdlet`. */
export const psCmdletType = defineType<CmdletView>({
  name: 'System.Management.Automation.PSScriptCmdlet',
  bases: ['System.Management.Automation.PSCmdlet'],
  properties: {
    ParameterSetName: { get: ({ processor }) => processor.parameterSet },
    MyInvocation: {
      get: ({ processor }) =>
        processor.frame.call.invocation ? newObject(invocationInfoType, processor.frame.call.invocation) : null,
    },
    CommandRuntime: { get: () => null },
    SessionState: { get: outsideMember('$PSCmdlet.SessionState') },
  },
  methods: {
    WriteError: (view, [record]) => writeError(view, record),
    ThrowTerminatingError: (view, [record]) => {
      throw new PowerShellError(ownRecord(record, view));
    },
    WriteObject: (view, [value, enumerate]) => write(view, value, isTrue(enumerate)),
    WriteVerbose: (view, [text]) => callCmdlet(view, 'Write-Verbose', text),
    WriteWarning: (view, [text]) => callCmdlet(view, 'Write-Warning', text),
    WriteDebug: (view, [text]) => callCmdlet(view, 'Write-Debug', text),
    ShouldProcess: shouldProcess,
    ShouldContinue: () => true,
    GetUnresolvedProviderPathFromPSPath: (_view, [path], context) => {
      const text = context.text(path);
      return /^[A-Za-z]:|^\\\\/.test(text) ? text : `${context.location.replace(/\\$/, '')}\\${text}`;
    },
  },
});
