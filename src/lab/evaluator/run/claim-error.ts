import type { ErrorRecord, Invocation } from '../value.ts';

/** Makes an error of a script block that ends a cmdlet the cmdlet's own: its id, activity and command. */
export const claimError = (
  record: ErrorRecord,
  cmdlet: { readonly commandName: string; readonly errorClass: string },
  { command, commandName }: Invocation,
): void => {
  // A command that nobody knows is nobody's error.
  if (record.id === 'CommandNotFoundException') return;
  if (record.activity !== '' || record.exception.type.startsWith('Kintsugi.')) return;
  record.activity = cmdlet.commandName;
  record.id = `${record.id},${cmdlet.errorClass}`;
  if (record.invocation) record.invocation = { ...record.invocation, command, commandName };
};
