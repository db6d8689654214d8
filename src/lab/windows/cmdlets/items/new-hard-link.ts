import type { CommandContext, ErrorSpec, Task } from '../../../evaluator/host.ts';
import { exception } from '../../../evaluator/make.ts';
import type { Value } from '../../../evaluator/value.ts';
import { Win32Fault, win32 } from '../../machine/win32-fault.ts';
import { ioException } from '../../runtime/net-faults.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { messageOf } from '../../texts/system-messages.ts';
import { expandPath } from './find-items.ts';
import { attempt } from './item-errors.ts';
import { pathNotFound, readProviderPath } from './provider-path.ts';

/** The one file that `-Value` means; wildcards in it are expanded, and nothing else than a file system is taken. */
const targetOf = (path: string, value: Value, context: CommandContext): string | undefined => {
  if (value === undefined || value === null)
    return context.fail({
      id: 'ArgumentNull',
      message: `${path}\r\nParameter name: Item '{0}' cannot be created because the value was not specified.`,
      category: 'InvalidArgument',
      exception: 'System.ArgumentNullException',
    });
  const text = context.text(value);
  const place = readProviderPath(text, context);
  if (place.kind !== 'file') {
    context.writeError({
      id: 'NotSupported',
      message: 'The path does not refer to a file system path.',
      category: 'NotImplemented',
      exception: 'System.Management.Automation.PSNotSupportedException',
    });
    return undefined;
  }
  const [found, ...more] = expandPath(place, context);
  if (more.length > 0)
    return context.fail({
      id: 'InvalidOperation',
      message: `Cannot set the location because path '${text}' resolved to multiple containers. You can only the set location to a single container at a time.`,
      category: 'InvalidOperation',
      exception: 'System.Management.Automation.PSInvalidOperationException',
    });
  if (found?.kind === 'file') return found.path;
  context.writeError(pathNotFound(text));
  return undefined;
};

const deleteError = (fault: Win32Fault): ErrorSpec => {
  const thrown = ioException(fault);
  return {
    id: 'NewItemDeleteIOError',
    message: thrown.message,
    category: 'WriteError',
    target: fault.target,
    exception: thrown,
  };
};

/** What Windows refuses when the link is made ends the command, as the Win32 error that it is. */
const linkError = ({ code }: Win32Fault): ErrorSpec => {
  const message = messageOf(code).replace(/\.$/, '');
  return {
    id: 'System.ComponentModel.Win32Exception',
    message,
    category: 'NotSpecified',
    exception: exception('System.ComponentModel.Win32Exception', message, {
      hresult: 0x80004005,
      properties: { NativeErrorCode: code, ErrorCode: 0x80004005 | 0 },
    }),
  };
};

/** `New-Item -ItemType HardLink`: gives a file another name; with `-Force` whatever has the name goes first. @returns whether it was made */
export function* newHardLink(path: string, value: Value, isForced: boolean, context: CommandContext): Task<boolean> {
  const { machine, pid } = actorOf(context);
  const { files } = machine;
  const target = targetOf(path, value, context);
  if (target === undefined) return false;
  if (files.find(target)?.isFolder) {
    context.writeError({
      id: 'ItemNotFile',
      message: `A file is required for the operation. The item '${target}' is not a file.`,
      category: 'InvalidOperation',
      target,
      exception: 'System.InvalidOperationException',
    });
    return false;
  }
  const isThere = files.exists(path);
  if (isThere && !isForced) {
    context.writeError({
      id: 'NewItemIOError',
      message: 'NewItemIOError',
      category: 'ResourceExists',
      target: path,
      exception: 'System.IO.IOException',
    });
    return false;
  }
  // What refuses to go is told, and the link is tried all the same.
  if (isThere) yield* attempt(context, () => files.remove(path, pid), deleteError);
  try {
    yield files.link(path, target, pid);
    return true;
  } catch (error) {
    if (!(error instanceof Win32Fault)) throw error;
    if (error.code !== win32.invalidFunction) return context.fail(linkError(error));
    context.writeError({
      id: 'NewItemInvalidOperation',
      message: 'Hard links are not supported for the specified path.',
      category: 'InvalidOperation',
      target,
      exception: 'System.InvalidOperationException',
    });
    return false;
  }
}
