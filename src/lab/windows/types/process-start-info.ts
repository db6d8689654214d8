import { defineType } from '../../evaluator/define.ts';
import { newObject } from '../../evaluator/make.ts';
import type { TypeDefinition } from '../../evaluator/type-definition.ts';
import type { Value } from '../../evaluator/value.ts';

/** Properties that were set. */
export type StartInfo = { values: Map<string, Value> };

/** What a new ProcessStartInfo says. */
export const startInfoDefaults: Readonly<Record<string, Value>> = {
  FileName: '',
  Arguments: '',
  WorkingDirectory: '',
  UseShellExecute: true,
  CreateNoWindow: false,
  RedirectStandardOutput: false,
  RedirectStandardError: false,
  RedirectStandardInput: false,
  StandardOutputEncoding: null,
  StandardErrorEncoding: null,
  WindowStyle: 0,
  ErrorDialog: false,
  LoadUserProfile: false,
  Verb: '',
};

/** System.Diagnostics.ProcessStartInfo. */
export const startInfoType: TypeDefinition<StartInfo> = defineType<StartInfo>({
  name: 'System.Diagnostics.ProcessStartInfo',
  properties: Object.fromEntries(
    Object.keys(startInfoDefaults).map((name) => [
      name,
      {
        get: (state: StartInfo) => state.values.get(name) ?? startInfoDefaults[name],
        set: (state: StartInfo, value: Value) => void state.values.set(name, value),
      },
    ]),
  ),
  construct: (context, args) => {
    const values = new Map<string, Value>();
    if (args.length > 0) values.set('FileName', context.text(args[0]));
    if (args.length > 1) values.set('Arguments', context.text(args[1]));
    return newObject(startInfoType, { values });
  },
});
