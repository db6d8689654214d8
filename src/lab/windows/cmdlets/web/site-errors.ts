import type { CommandContext } from '../../../evaluator/host.ts';

/** The state of the service is the state of all: without it a command about states cannot work. */
export const notRunning = (context: CommandContext, service: string): void =>
  context.writeError({
    id: 'System.Runtime.InteropServices.COMException',
    message: `The service '${service}' is not running. (Exception from HRESULT: 0x80070426)`,
    category: 'NotSpecified',
    exception: 'System.Runtime.InteropServices.COMException',
    hresult: 0x80070426,
  });

/** A site with the same binding runs already. */
export const bindingTaken = (context: CommandContext): void =>
  context.writeError({
    id: 'System.Runtime.InteropServices.COMException',
    message: 'Cannot create a file when that file already exists. (Exception from HRESULT: 0x800700B7)',
    category: 'NotSpecified',
    exception: 'System.Runtime.InteropServices.COMException',
    hresult: 0x800700b7,
  });
