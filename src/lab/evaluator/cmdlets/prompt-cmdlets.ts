import { defineCmdlet } from '../define.ts';
import type { CmdletDefinition, ErrorSpec } from '../host.ts';

/** What PowerShell says where nobody can be asked, as in every session whose client has no host. */
const cannotAsk = (question: string): ErrorSpec => ({
  id: 'HostFunctionNotImplemented',
  message: `A command that prompts the user failed because the host program or the command type does not support user interaction. The host was attempting to request confirmation with the following message: ${question}`,
  category: 'NotImplemented',
  exception: 'System.Management.Automation.Host.HostException',
  target: null,
});

/** Commands that ask the user: a remote session has none. */
export const promptCmdlets: readonly CmdletDefinition[] = [
  defineCmdlet({
    name: 'Read-Host',
    className: 'Microsoft.PowerShell.Commands.ReadHostCommand',
    module: 'Microsoft.PowerShell.Utility',
    parameters: {
      Prompt: { type: 'object', position: 0, remaining: true, allowNull: true },
      AsSecureString: { type: 'switch' },
    },
    process: (context) => context.writeError(cannotAsk('')),
  }),
  defineCmdlet({
    name: 'Get-Credential',
    className: 'Microsoft.PowerShell.Commands.GetCredentialCommand',
    module: 'Microsoft.PowerShell.Security',
    parameters: {
      Credential: {
        type: 'pscredential',
        allowNull: true,
        sets: { CredentialSet: { position: 0, mandatory: true } },
      },
      Message: { type: 'string', sets: { MessageSet: { mandatory: true } } },
      UserName: { type: 'string', sets: { MessageSet: { position: 0 } } },
    },
    defaultParameterSet: 'CredentialSet',
    process: (context, bound) => context.writeError(cannotAsk(bound.text('Message') ?? 'Enter your credentials.')),
  }),
];
