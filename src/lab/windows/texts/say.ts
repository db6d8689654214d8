import type { Machine } from '../machine/machine.ts';
import { japanese } from './ja.ts';
import { makeTranslate } from './text-table.ts';
import { unknownMessages } from './unknown-messages.ts';
import { unknownLine } from './unknown-text.ts';

const toJapanese = makeTranslate({
  ...japanese,
  powershell: [...(japanese['powershell'] ?? []), ...unknownMessages],
});

const groupOf = (path: string): string =>
  path
    .replace(/^.*\\/, '')
    .replace(/\.exe$/i, '')
    .toLowerCase();

/** A line of a program as it writes it in the display language of Windows. */
export const sayLine = (
  machine: Pick<Machine, 'uiLanguage'>,
  path: string,
  args: readonly string[],
  text: string,
): string => {
  if (machine.uiLanguage !== 'ja-JP' || args.some((arg) => /^[/-]english$/i.test(arg))) return text;
  const program = groupOf(path);
  return toJapanese(text, [program, 'system']) ?? unknownLine(program, text);
};

/** A text of cmd.exe in the display language of Windows. */
export const sayCmd = (machine: Pick<Machine, 'uiLanguage'>, text: string): string =>
  machine.uiLanguage === 'ja-JP' ? (toJapanese(text, ['cmd', 'system']) ?? text) : text;

/** A message of Windows PowerShell or .NET in the display language of Windows; `undefined` for English, where nothing is to be done. */
export const messageTranslator = (machine: Pick<Machine, 'uiLanguage'>): ((text: string) => string) | undefined =>
  machine.uiLanguage === 'ja-JP' ? (text) => toJapanese(text, ['powershell', 'system']) ?? text : undefined;
