import type { ErrorSpec } from '../../evaluator/host.ts';
import { neededRights } from '../machine/rights/access-check.ts';
import { formatSddl } from '../machine/rights/security-descriptor.ts';
import { Win32Fault } from '../machine/win32-fault.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { securityObject, securityOf } from '../types/object-security.ts';
import { command } from './command-syntax.ts';
import { boundItems, mayOpen } from './items/find-items.ts';

const unauthorized: ErrorSpec = {
  id: 'System.UnauthorizedAccessException',
  message: 'Attempted to perform an unauthorized operation.',
  category: 'NotSpecified',
  exception: 'System.UnauthorizedAccessException',
};

const getAcl = command('Get-Acl', {
  className: 'Microsoft.PowerShell.Commands.GetAclCommand',
  sets: ['ByPath', 'ByInputObject', 'ByLiteralPath'],
  pipeline: { Path: 'both', LiteralPath: 'name', InputObject: 'value' },
  parameterAliases: { LiteralPath: ['PSPath'] },
  // Files and keys of the lab have no audit rules: -Audit adds nothing.
  simulated: ['Path', 'LiteralPath', 'InputObject', 'Audit'],
  process: (context, bound) => {
    const { machine, pid } = actorOf(context);
    for (const item of boundItems(context, bound)) {
      if (item.kind === 'file') {
        try {
          machine.files.requireRight(item.node, neededRights.readRules, pid);
        } catch (error) {
          if (!(error instanceof Win32Fault)) throw error;
          context.writeError(unauthorized);
          continue;
        }
        const state = {
          security: machine.files.securityOf(item.node),
          inherited: machine.files.inheritedRules(item.node),
          isKey: false,
          path: `Microsoft.PowerShell.Core\\FileSystem::${item.path}`,
        };
        context.write(securityObject(item.node.isFolder ? 'folder' : 'file', state));
      } else if (item.kind === 'registry') {
        const key = machine.registry.find(item.path);
        if (key && mayOpen(item, context))
          context.write(
            securityObject('key', {
              ...machine.registry.securityOf(key),
              isKey: true,
              path: `Microsoft.PowerShell.Core\\Registry::${item.path}`,
            }),
          );
      } else context.unsupported('Get-Acl outside file system and registry');
    }
  },
});

const setAcl = command('Set-Acl', {
  className: 'Microsoft.PowerShell.Commands.SetAclCommand',
  sets: ['ByPath', 'ByInputObject', 'ByLiteralPath'],
  pipeline: { Path: 'name', LiteralPath: 'name', AclObject: 'value' },
  parameterAliases: { LiteralPath: ['PSPath'] },
  simulated: ['Path', 'LiteralPath', 'AclObject', 'Passthru'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    const state = securityOf(bound.get('AclObject'));
    if (!state) {
      return context.writeError({
        id: 'SetAcl_AclObject',
        message: 'AclObject is not a security descriptor.',
        category: 'InvalidArgument',
        target: bound.get('AclObject'),
        exception: 'System.ArgumentException',
      });
    }
    for (const item of boundItems(context, bound)) {
      if (item.kind === 'drive') return context.unsupported('Set-Acl outside file system and registry');
      if (!context.shouldProcess(item.path, 'Set-Acl')) continue;
      if (item.kind === 'file') yield machine.files.setSecurity(item.node, state.security, pid);
      else yield machine.registry.setSddl(item.path, formatSddl(state.security, []), pid);
      if (bound.flag('Passthru')) context.write(bound.get('AclObject'));
    }
    return undefined;
  },
});

/** Get-Acl and Set-Acl. */
export const aclCmdlets = [getAcl, setAcl];
