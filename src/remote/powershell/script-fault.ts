import { formatDuration } from '../../kernel/duration.ts';
import { Failure } from '../../kernel/failure.ts';
import type { ScriptCall, ScriptFault } from './host-kit.ts';
import { isRecord } from './kit-door.ts';

/** The function of the host kit that runs a script's text. */
const runner = /\bInvoke-KtBody\b/;

/** How long a script has, ms. */
type ScriptLimit = { readonly limitMs: number };

/**
 * The fault of a script that was ended at its limit, from what its call failed with.
 * @returns null where the call failed with something else, or the host did not confirm that the script has ended
 */
export function overdueFault(call: ScriptCall, { limitMs }: ScriptLimit, error: unknown): ScriptFault | null {
  // Of a task the call alone has ended, that registers it or asks for it.
  if (call.lane !== 'inline') return null;
  if (!(error instanceof Failure) || error.code !== 'timed-out' || error.facts['stopped'] !== true) return null;
  return overdue(call, { limitMs }, lineInScript(error.facts['stackTrace'], call.text));
}

/** As `overdueFault`, of a script that nothing is known of but that it did not end. */
export const overdue = (call: ScriptCall, { limitMs }: ScriptLimit, line: number | null = null): ScriptFault => ({
  message:
    `Script ${nameOf(call)} did not end within ${formatDuration(limitMs)} (its \`duration.longest\`, ${formatDuration(call.longestMs)}, and a grace) ` +
    'and was ended. Give what it waits for a limit of its own, or its action a longer one.',
  fqid: 'KtTaskOverdue',
  hresult: null,
  script: nameOf(call),
  line,
});

/**
 * What the call of a script failed with, with the place in the script: what ends a script past its every `catch` ends the kit's call too, and the
 * stack alone tells where.
 */
export function placed(call: ScriptCall, error: unknown): unknown {
  if (!(error instanceof Failure) || error.code !== 'script-error') return error;
  const told = error.facts['error'];
  if (!isRecord(told)) return error;
  const line = lineInScript(told['stackTrace'], call.text);
  if (line === null) return error;
  const position = { scriptName: nameOf(call), line, offset: 1 };
  return new Failure(error.code, error.message, {
    cause: error,
    facts: { ...error.facts, error: { ...told, position } },
  });
}

const nameOf = ({ step, kind }: ScriptCall): string => `${step}/${kind}.ps1`;

/** What follows the name in a frame of the script's own text, before the number: translated, but the same in all of them. */
const ownFrame = /<ScriptBlock>(?:<\w+>)?(?<tail>.+?)(?<line>\d+)\D*$/;

/** A frame up to what follows the name. */
const named = /(?:^|\s)(?<name><ScriptBlock>|[^\s<]+)(?:<\w+>)?$/;

/** Where a script runs texts of its own, its lines and theirs cannot be told apart. */
const runsTexts = /\b(?:Invoke-Expression|iex)\b|\[scriptblock\]::Create|NewScriptBlock/i;

/** Functions, filters and methods of classes. */
const definition = /\b(?:(?:function|filter)\s+(?:\w+:)?(?<name>[^\s({]+)|(?<method>\w+)\s*\([^)]*\)\s*\{)/gi;

/**
 * Innermost line of the script in a stack trace, in its functions and blocks, too; what it called is none of it (`Get-KtScriptLine` of the kit).
 * @param text the script's, which tells the functions that it defines
 */
export function lineInScript(stackTrace: unknown, text: string): number | null {
  const frames = typeof stackTrace === 'string' ? stackTrace.split(/\r?\n/) : [];
  const at = frames.findIndex((frame) => runner.test(frame));
  const inwards = frames.slice(0, Math.max(0, at)).reverse();
  const { tail, line } = ownFrame.exec(inwards[0] ?? '')?.groups ?? {};
  if (tail === undefined || line === undefined) return null;
  const defined = new Set(
    Array.from(text.matchAll(definition), ({ groups = {} }) => (groups['name'] ?? groups['method'])?.toLowerCase()),
  );
  let innermost = Number(line);
  for (const frame of runsTexts.test(text) ? [] : inwards) {
    const end = frame.lastIndexOf(tail);
    const name = named.exec(frame.slice(0, end))?.groups?.['name'];
    const number = /^(\d+)\D*$/.exec(frame.slice(end + tail.length))?.[1];
    if (end < 0 || number === undefined || !(name === '<ScriptBlock>' || defined.has(name?.toLowerCase()))) break;
    innermost = Number(number);
  }
  return innermost;
}
