import { checkValue } from '../input/document/parameter-check.ts';
import type { ParameterDeclaration } from '../input/document/words.generated.ts';
import { missingVariables, parametersOf } from '../input/inventory/host-settings.ts';
import type { Inventory } from '../input/inventory/inventory.ts';
import type { Playbook } from '../input/playbook/playbook.ts';
import type { LaunchParameters } from '../input/playbook/read-parameters.ts';
import type { Json } from '../kernel/words.ts';
import type { PlannedHost, SecretReference } from './plan.ts';

/** What is wrong with one parameter of one host. */
export type HostFault = {
  readonly host: string;
  readonly message: string;
  readonly expected: string;
  readonly from: 'launch' | 'inventory' | 'playbook';
};

/** Binds the playbook's parameters for one host: launch over host over group over default. Secrets stay references. */
export function planHost(
  playbook: Playbook,
  inventory: Inventory,
  host: string,
  launch: LaunchParameters,
  faults: HostFault[],
): PlannedHost {
  const own = parametersOf(inventory, host);
  const missing = new Set(missingVariables(inventory, host));
  const parameters: Record<string, Json | SecretReference> = {};
  for (const [name, declaration] of Object.entries(playbook.parameters)) {
    const from = Object.hasOwn(launch, name) ? 'launch' : Object.hasOwn(own, name) ? 'inventory' : 'playbook';
    const value = from === 'launch' ? launch[name] : from === 'inventory' ? own[name] : declaration.default;
    if (value === undefined) {
      const message = `the parameter \`${name}\` has no value`;
      faults.push({ host, message, expected: `--param ${name}=…, or a value in the inventory`, from: 'launch' });
      continue;
    }
    if (from === 'inventory' && typeof value === 'string' && missing.has(value.slice(1)) && value.startsWith('$')) {
      faults.push({
        host,
        message: `\`${name}\`: there is no variable \`${value.slice(1)}\``,
        expected: 'a name below `vars`',
        from,
      });
      continue;
    }
    for (const { message, expected } of checkValue(declaration, value)) {
      faults.push({ host, message: `\`${name}\`: ${message}`, expected, from });
    }
    parameters[name] = boundValue(declaration, value);
  }
  return { id: host, parameters };
}

/** A value as it stands in a plan: a secret as its reference. */
export function boundValue(declaration: ParameterDeclaration, value: Json): Json | SecretReference {
  return declaration.type === 'secret' && typeof value === 'string' ? { secret: value } : value;
}
