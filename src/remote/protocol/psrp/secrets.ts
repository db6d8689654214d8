import { isPsObject, isPsTagged, type PsObject, type PsValue } from '../clixml/values.ts';

/** Whether a value holds clear secrets anywhere inside. */
export function holdsSecret(value: PsValue): boolean {
  const seen = new Set<PsObject>();
  const waiting: PsValue[] = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (isPsTagged(next) && next.kind === 'secureText') return true;
    if (!isPsObject(next) || seen.has(next)) continue;
    seen.add(next);
    // One by one: a call with hundreds of thousands of arguments would run out of stack.
    for (const inner of contents(next)) waiting.push(inner);
  }
  return false;
}

/** Every value that stands directly in an object. */
function* contents({ adapted, extended, base }: PsObject): Generator<PsValue> {
  yield* adapted.values();
  yield* extended.values();
  if (base === null || base.kind === 'memberSet') return;
  if (base.kind === 'primitive' || base.kind === 'object') yield base.value;
  else if (base.kind === 'dictionary') for (const entry of base.entries) yield* entry;
  else yield* base.items;
}
