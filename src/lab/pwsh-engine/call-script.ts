import { readFileSync } from 'node:fs';
import { Failure } from '../../kernel/failure.ts';
import type { PsValue } from '../../remote/protocol/clixml/values.ts';
import type { PwshSession } from './pwsh-session.ts';

/** The text of a file of the engine's own. */
export const engineText = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');

/** Runs a script of the engine's own. @throws Failure `unreachable` with what it said where it fails */
export const callScript = async (
  session: PwshSession,
  text: string,
  parameters: readonly (readonly [string, PsValue])[],
): Promise<PsValue[]> => {
  const output: PsValue[] = [];
  const end = await session.run(
    [[{ text, isScript: true, useLocalScope: true, parameters: parameters.map(([name, value]) => ({ name, value })) }]],
    undefined,
    (event) => {
      if (event.kind === 'output') output.push(event.value);
    },
  );
  if (end.state !== 'completed')
    throw new Failure(
      'unreachable',
      `The PowerShell of the lab could not be prepared: ${end.error?.message ?? end.state} ${end.error?.scriptStackTrace ?? ''}`,
    );
  return output;
};
