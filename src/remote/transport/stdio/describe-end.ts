import type { EndBeforeOpen } from './stdio-carrier.ts';

/** How a process ended and what it said, as the end of a sentence. */
export function describeEnd({ end, errorText, noise }: EndBeforeOpen): string {
  const how =
    end.kind === 'notStarted'
      ? `could not be started (${end.error.message})`
      : `ended with ${end.signal ?? `exit code ${end.code}`}`;
  const said = `${errorText.trim()}\n${noise}`.trim();
  return said === '' ? `${how} and said nothing.` : `${how}: ${said}`;
}
