import { defineType, errorRecord, PowerShellError } from '../../evaluator/define.ts';
import type { CallContext } from '../../evaluator/host.ts';
import { exception, newObject } from '../../evaluator/make.ts';
import type { Value } from '../../evaluator/value.ts';
import { actorOf } from '../runtime/process-hooks.ts';

const objectType = defineType<{ readonly progId: string }>({
  name: 'System.__ComObject',
  bases: ['System.MarshalByRefObject'],
  toText: () => 'System.__ComObject',
});

/** An object of a class whose server is a program: it is made if the registry names the program and the program is there. */
export const registeredClass =
  (progId: string) =>
  (context: CallContext): Value => {
    const { registry, files } = actorOf(context).machine;
    const fail = (id: string, code: number, message: string): never => {
      throw new PowerShellError(
        errorRecord({
          id,
          message,
          category: 'ResourceUnavailable',
          exception: exception('System.Runtime.InteropServices.COMException', message, {
            hresult: code | 0,
            properties: { ErrorCode: code | 0 },
          }),
        }),
      );
    };
    const clsid = registry.data(`HKLM\\SOFTWARE\\Classes\\${progId}\\CLSID`, '');
    if (typeof clsid !== 'string')
      return fail(
        'NoCOMClassIdentified',
        0x80040154,
        'Retrieving the COM class factory for component with CLSID {00000000-0000-0000-0000-000000000000} failed due to the following error: 80040154 Class not registered (Exception from HRESULT: 0x80040154 (REGDB_E_CLASSNOTREG)).',
      );
    const server = registry.data(`HKLM\\SOFTWARE\\Classes\\CLSID\\${clsid}\\LocalServer32`, '');
    const path =
      /^"([^"]+)"|^(\S+)/
        .exec(String(server ?? ''))
        ?.slice(1)
        .find(Boolean) ?? '';
    if (path === '' || !files.exists(path))
      return fail(
        'NoCOMClassIdentified',
        0x80070002,
        `Retrieving the COM class factory for component with CLSID ${clsid} failed due to the following error: 80070002 The system cannot find the file specified. (Exception from HRESULT: 0x80070002).`,
      );
    return newObject(objectType, { progId });
  };
