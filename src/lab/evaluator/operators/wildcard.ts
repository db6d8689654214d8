import { raise } from '../raise.ts';

const cache = new Map<string, RegExp>();

const escapeText = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);

const translate = (pattern: string): string => {
  let out = '';
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] ?? '';
    if (c === '`' && i + 1 < pattern.length) out += escapeText(pattern[++i] ?? '');
    else if (c === '*') out += '[\\s\\S]*';
    else if (c === '?') out += '[\\s\\S]';
    else if (c === '[') {
      const end = pattern.indexOf(']', i + 2);
      if (end === -1)
        raise({
          id: 'RuntimeException',
          category: 'NotSpecified',
          message: `The specified wildcard character pattern is not valid: ${pattern}`,
          type: 'System.Management.Automation.WildcardPatternException',
        });
      else {
        out += `[${pattern.slice(i + 1, end).replace(/[\\^\]]/g, String.raw`\$&`)}]`;
        i = end;
      }
    } else out += escapeText(c);
  }
  return out;
};

/** A PowerShell wildcard pattern as regular expression over the whole text. */
export const wildcardRegex = (pattern: string, caseSensitive = false): RegExp => {
  const key = `${caseSensitive}${pattern}`;
  const known = cache.get(key);
  if (known) return known;
  const made = new RegExp(`^${translate(pattern)}$`, caseSensitive ? '' : 'i');
  if (cache.size > 1000) cache.clear();
  cache.set(key, made);
  return made;
};

/** `-like`. */
export const like = (text: string, pattern: string, caseSensitive = false): boolean =>
  wildcardRegex(pattern, caseSensitive).test(text);

/** Whether a text has wildcard characters. */
export const hasWildcard = (text: string): boolean => /[*?[]/.test(text);
