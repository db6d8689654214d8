import type { Boxed } from './value.ts';

const fullTypes: ReadonlySet<string> = new Set([
  'System.Management.Automation.PSCredential',
  'Microsoft.Management.Infrastructure.CimInstance',
]);

/** How deep an object is written that stands at a depth: some are written in full wherever they stand (D4 of to-clixml.ts). */
export const depthOf = (value: Boxed, typeNames: readonly string[], depth: number): number => {
  if (value.kind === 'exception' || value.kind === 'switch') return 1;
  if (value.kind === 'instance' && fullTypes.has(value.type.name)) return 1;
  return depth <= 0 && typeNames[0]?.startsWith('Deserialized.') === true ? 1 : depth;
};
