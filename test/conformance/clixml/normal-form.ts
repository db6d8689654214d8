/**
 * An encoding as it can be compared: the pairs of unordered dictionaries in an order of their own, since a Hashtable's has no meaning and
 * the recorder's depends on how it compares texts; and collections without notes, which PowerShell does not write.
 */
export function toNormalForm(encoded: unknown): unknown {
  if (Array.isArray(encoded)) return encoded.map(toNormalForm);
  if (typeof encoded !== 'object' || encoded === null) return encoded;
  const { sorted: _, extra, ...rest } = encoded as Record<string, unknown>;
  const isCollection = 'items' in rest || 'pairs' in rest;
  const kept = extra === undefined || isCollection ? rest : { ...rest, extra };
  const inner = Object.fromEntries(Object.entries(kept).map(([name, value]) => [name, toNormalForm(value)]));
  const { t, pairs } = inner;
  if (!Array.isArray(pairs) || !isUnordered(String(t))) return inner;
  return { ...inner, pairs: pairs.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) };
}

const isUnordered = (type: string): boolean =>
  type.startsWith('System.Collections.Hashtable') || type === 'System.Management.Automation.PSPrimitiveDictionary';
