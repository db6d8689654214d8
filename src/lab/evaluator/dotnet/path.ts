import { defineType, netError } from '../define.ts';
import { char } from '../make.ts';
import type { StaticMethod } from '../type-definition.ts';
import type { Value } from '../value.ts';
import { readArguments } from './arguments.ts';

const separators = /[\\/]/;

const isRooted = (path: string): boolean => separators.test(path[0] ?? '') || /^[A-Za-z]:/.test(path);

const rootOf = (path: string): string => {
  const unc = /^[\\/]{2}[^\\/]+[\\/][^\\/]+/.exec(path);
  if (unc) return unc[0];
  const drive = /^[A-Za-z]:[\\/]?/.exec(path);
  if (drive) return drive[0];
  return separators.test(path[0] ?? '') ? '\\' : '';
};

const lastSeparator = (path: string): number => Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/'));

const fileName = (path: string): string =>
  path.slice(Math.max(lastSeparator(path), /^[A-Za-z]:/.test(path) ? 1 : -1) + 1);

const extension = (path: string): string => {
  const name = fileName(path);
  const dot = name.lastIndexOf('.');
  return dot < 0 || dot === name.length - 1 ? '' : name.slice(dot);
};

/** Joins two parts as Path.Combine does: a rooted second part wins. */
const combine = (left: string, right: string): string => {
  if (right === '') return left;
  if (left === '' || isRooted(right)) return right;
  return /[\\/:]$/.test(left) ? left + right : `${left}\\${right}`;
};

/** Resolves `.`, `..`, slashes and relative paths against a location. */
export function fullPath(path: string, location: string): string {
  if (path === '') throw netError('System.ArgumentException', "The path is empty. (Parameter 'path')");
  const text = isRooted(path) ? path : combine(location, path);
  const drive = /^[A-Za-z]:/.exec(location)?.[0] ?? 'C:';
  const whole = /^[\\/](?![\\/])/.test(text) ? drive + text : text;
  const root = rootOf(whole).replaceAll('/', '\\');
  const parts: string[] = [];
  for (const piece of whole.slice(root.length).split(separators)) {
    if (piece === '..') parts.pop();
    else if (piece !== '.' && piece !== '') parts.push(piece.replace(/[. ]+$/, ''));
  }
  const ends = separators.test(whole.at(-1) ?? '') && parts.length > 0 ? '\\' : '';
  return `${root.endsWith('\\') || parts.length === 0 ? root : `${root}\\`}${parts.join('\\')}${ends}`;
}

const text =
  (compute: (path: string, location: string) => Value): StaticMethod =>
  (args, context) =>
    args[0] === null || args[0] === undefined ? null : compute(readArguments(args, context).text(0), context.location);

const directory = (path: string): Value => {
  const root = rootOf(path);
  if (path.length <= root.length) return null;
  const at = lastSeparator(path);
  return at < 0 ? '' : path.slice(0, Math.max(at, root.length)).replaceAll('/', '\\');
};

/** System.IO.Path with the rules of Windows; pure, whatever the machine. */
export const pathType = defineType({
  name: 'System.IO.Path',
  aliases: ['IO.Path'],
  statics: {
    properties: {
      DirectorySeparatorChar: { get: () => char(0x5c) },
      AltDirectorySeparatorChar: { get: () => char(0x2f) },
      PathSeparator: { get: () => char(0x3b) },
    },
    methods: {
      Combine: (args, context) => {
        const given = args.length === 1 && Array.isArray(args[0]) ? args[0] : args;
        return given.map((each) => context.text(each)).reduce(combine, '');
      },
      GetFileName: text(fileName),
      GetFileNameWithoutExtension: text((path) => {
        const name = fileName(path);
        const dot = name.lastIndexOf('.');
        return dot < 0 ? name : name.slice(0, dot);
      }),
      GetExtension: text(extension),
      GetDirectoryName: text(directory),
      GetPathRoot: text(rootOf),
      GetFullPath: text(fullPath),
      IsPathRooted: text(isRooted),
      HasExtension: text((path) => extension(path) !== ''),
      ChangeExtension: (args, context) => {
        const given = readArguments(args, context);
        const path = given.text(0);
        const dot = extension(path) === '' ? path.length : path.length - extension(path).length;
        const wanted = args[1] === null ? '' : given.text(1);
        return path.slice(0, dot) + (wanted === '' || wanted.startsWith('.') ? wanted : `.${wanted}`);
      },
      GetTempPath: (_args, context) => `${context.hooks.environment.get('TEMP') ?? 'C:\\Windows\\Temp'}\\`,
      GetRandomFileName: (_args, context) => {
        const letters = Array.from({ length: 11 }, () => Math.floor(context.hooks.random() * 36).toString(36)).join('');
        return `${letters.slice(0, 8)}.${letters.slice(8)}`;
      },
      GetInvalidFileNameChars: () => Array.from('"<>|:*?\\/', (character) => char(character.charCodeAt(0))),
    },
  },
});
