import type { Binding } from '../binding/bind-value.ts';
import { enumeratorOf, enumeratorValue } from '../compile/enumerator.ts';
import { invocationInfoType } from '../dotnet/invocation-info.ts';
import type { Frame } from '../frame.ts';
import { Hashtable } from '../hashtable.ts';
import { newObject } from '../make.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';

/** `$input`: an enumerator, which gives each object once. */
export const inputOf = (items: Value[]): Value => enumeratorValue(enumeratorOf(items, items));

/** The value of an automatic variable of a call, by its name in lower case; undefined where the call has none of that name. */
export function automaticVariable(
  name: string,
  { binding, frame }: { readonly binding: Binding; readonly frame: Frame },
): Value | undefined {
  switch (name) {
    case 'args':
      return binding.rest.flatMap((argument) =>
        argument.name === undefined
          ? [argument.value]
          : argument.hasValue
            ? [`-${argument.name}:`, argument.value]
            : [`-${argument.name}`],
      );
    case 'input':
      return inputOf([]);
    case 'psboundparameters': {
      const bound = new Hashtable('System.Management.Automation.PSBoundParametersDictionary');
      for (const [key, value] of binding.values) bound.set(binding.names.get(key) ?? key, value);
      return bound;
    }
    case 'myinvocation': {
      const bound = frame.scope.own('psboundparameters')?.value;
      if (!frame.call.invocation || !isBoxed(bound) || bound.kind !== 'hashtable') return undefined;
      const unbound = frame.scope.own('args')?.value;
      return newObject(invocationInfoType, { ...frame.call.invocation, bound, unbound });
    }
    default:
      return undefined;
  }
}
