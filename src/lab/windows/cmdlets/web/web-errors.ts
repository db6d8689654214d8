import { NetError } from '../../../evaluator/define.ts';
import type { CommandContext, ErrorSpec, Task } from '../../../evaluator/host.ts';
import { exception } from '../../../evaluator/make.ts';
import type { Held } from '../../machine/change-feed.ts';
import { type ConfigError, ConfigFault } from '../../machine/web/config-xml.ts';
import { Win32Fault } from '../../machine/win32-fault.ts';
import { ioException } from '../../runtime/net-faults.ts';

/** What the configuration system says of a fault. */
export const configText = ({ file, line, message }: ConfigError): string =>
  [
    ...(file === '' ? [] : [`Filename: ${/^[a-z]:\\/i.test(file) ? `\\\\?\\${file}` : file}`]),
    ...(line === undefined ? [] : [`Line number: ${line}`]),
    `Error: ${message}`,
  ].join('\r\n');

const comException = (error: ConfigError) =>
  exception('System.Runtime.InteropServices.COMException', configText(error), {
    hresult: error.hresult,
    properties: { ErrorCode: error.hresult | 0 },
  });

/** The error of a command that met a configuration it cannot use. */
export const configSpec = (error: ConfigError): ErrorSpec => ({
  id: 'System.Runtime.InteropServices.COMException',
  message: configText(error),
  category: 'NotSpecified',
  exception: comException(error),
});

/** Runs a step of a command; a fault of the configuration or of a file is its error. */
export function* webStep(context: CommandContext, run: () => Task<void> | Held | void): Task<void> {
  try {
    const made = run();
    if (made && Symbol.iterator in made) yield* made;
    else if (made) yield made;
  } catch (error) {
    if (error instanceof ConfigFault) context.writeError(configSpec(error.error));
    else if (error instanceof Win32Fault) {
      const thrown = ioException(error);
      context.writeError({ id: thrown.type, message: thrown.message, category: 'NotSpecified', exception: thrown });
    } else throw error;
  }
}

/** Runs a piece of a method or drive; a fault of the configuration is a .NET exception. */
export const asWebNet = <T>(run: () => T): T => {
  try {
    return run();
  } catch (error) {
    if (error instanceof ConfigFault) throw new NetError(comException(error.error));
    if (error instanceof Win32Fault) throw new NetError(ioException(error));
    throw error;
  }
};

/** The error of an IIS path that does not exist. */
export const noWebPath = (path: string): ErrorSpec => ({
  id: 'PathNotFound',
  message: `Cannot find path '${path}' because it does not exist.`,
  category: 'ObjectNotFound',
  target: path,
  exception: 'System.Management.Automation.ItemNotFoundException',
});
