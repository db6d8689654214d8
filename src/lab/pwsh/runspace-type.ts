import { defineType } from '../evaluator/define.ts';
import type { TypeDefinition } from '../evaluator/type-definition.ts';
import type { Runner } from './runner.ts';

/** The state of a Runspace. */
export type RunspaceState = { readonly id: string; readonly runner: Runner };

/** Runspace: of this process, or that of a session with a host. */
export const runspaceType: TypeDefinition<RunspaceState> = defineType<RunspaceState>({
  name: 'System.Management.Automation.Runspaces.Runspace',
  properties: { InstanceId: { get: ({ id }, context) => context.convert(id, 'guid') } },
  methods: { Open: () => undefined, Dispose: () => undefined },
});
