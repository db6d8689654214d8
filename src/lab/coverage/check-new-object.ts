import { isLibraryType } from '../evaluator/members/unsimulated.ts';
import type { Registry } from '../evaluator/registry.ts';
import { resolveTypeText } from '../evaluator/type-names.ts';
import type { CallArguments } from './call-arguments.ts';
import type { Findings } from './findings.ts';

/** Checks the type or COM class that New-Object makes. */
export const checkNewObject = (call: CallArguments, place: { registry: Registry; findings: Findings }): void => {
  const { registry, findings } = place;
  for (const { spec, value, at } of call.given) {
    if (spec?.name !== 'TypeName' && spec?.name !== 'ComObject') continue;
    if (value?.kind !== 'string') findings.leaveOpen('an object whose type is named when it runs', at);
    else if (spec.name === 'ComObject')
      findings.note('com', value.value, at, registry.comObjects.has(value.value.toLowerCase()) ? true : 'outside');
    else {
      const type = resolveTypeText(registry, value.value);
      findings.note('type', type ?? value.value, at, type ? true : isLibraryType(value.value) ? 'outside' : 'unknown');
    }
  }
};
