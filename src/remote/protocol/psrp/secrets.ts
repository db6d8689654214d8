import { isPsObject, isPsTagged, type PsObject, type PsValue } from '../clixml/values.ts';

/** Whether a value holds clear secrets anywhere inside. */
export function holdsSecret(value: PsValue): boolean {
  const seen = new Set<PsObject>();
  const waiting: PsValue[] = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (isPsTagged(next) && next.kind === 'secureText') return true;
    if (!isPsObject(next) || seen.has(next)) continue;
    seen.add(next);
    waiting.push(...next.adapted.values(), ...next.extended.values());
    if (next.base === null) continue;
    if (next.base.kind === 'primitive' || next.base.kind === 'object') waiting.push(next.base.value);
    else if (next.base.kind === 'dictionary') for (const entry of next.base.entries) waiting.push(...entry);
    else waiting.push(...next.base.items);
  }
  return false;
}
