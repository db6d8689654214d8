import { placeValues } from '../bases/base-registry.ts';
import type { FaultKinds } from '../fault-kinds.ts';

/** What limits a PowerShell session. */
export type SessionFault =
  | { readonly kind: 'constrained-language' }
  | { readonly kind: 'execution-policy'; readonly policy: string };

/** What a PowerShell session on the host may do. */
export const sessionFaults: FaultKinds<SessionFault> = {
  'constrained-language': (machine) => {
    machine.languageMode = 'ConstrainedLanguage';
  },
  'execution-policy': (machine, { policy }) =>
    placeValues(machine, 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\PowerShell', {
      ExecutionPolicy: policy,
      EnableScripts: 1,
    }),
};
