import { Win32Fault, win32 } from '../win32-fault.ts';

/** A path that is written as `absolutePath` writes it. */
const isAbsolute = /^[A-Z]:(?:\\[^\\/:<>"|?*\u0000-\u001f]*[^\\/:<>"|?*\u0000-\u001f. ])+$/;

/**
 * Makes an absolute Windows path without `.`/`..`, forward slashes and trailing separators: `C:\Windows`, and `C:\` for a root.
 * @throws Win32Fault when the path has characters that no file name may have
 */
export const absolutePath = (path: string, location = 'C:\\'): string => {
  if (isAbsolute.test(path)) return path;
  let text = path.replaceAll('/', '\\');
  if (/^\\\\[?.]\\[a-zA-Z]:/.test(text)) text = text.slice(4);
  if (/^\\\\[?.]\\GLOBALROOT\\/i.test(text)) return text.replace(/\\+$/, '');
  if (text.startsWith('\\\\')) return text.replace(/\\+$/, '');
  if (/^[a-zA-Z]:$/.test(text)) text += '\\';
  else if (text.startsWith('\\')) text = location.slice(0, 2) + text;
  else if (!/^[a-zA-Z]:/.test(text)) text = `${location.replace(/\\+$/, '')}\\${text}`;
  const drive = text.slice(0, 2).toUpperCase();
  const parts: string[] = [];
  for (const part of text.slice(2).split('\\')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part.replace(/(?<=[^.])[. ]+$/, ''));
  }
  if (parts.some((part) => /[<>"|?*\u0000\u0003-\u001f]|:(?!:?\$?[^:]*$)/.test(part)))
    throw new Win32Fault(win32.invalidName, path);
  return `${drive}\\${parts.join('\\')}`;
};

/** The last name of a path. */
export const leafOf = (path: string): string => path.slice(path.replace(/\\+$/, '').lastIndexOf('\\') + 1);

/** The path of the folder that holds it; empty for a root. */
export const parentOf = (path: string): string => {
  const at = path.lastIndexOf('\\');
  if (at < 0) return '';
  if (path.length <= 3 && path[1] === ':') return '';
  return at === 2 && path[1] === ':' ? path.slice(0, 3) : path.slice(0, at);
};

/** Joins two parts with one separator. */
export const joinPath = (parent: string, child: string): string =>
  `${parent.replace(/[\\/]+$/, '')}\\${child.replace(/^[\\/]+/, '')}`;
