import type { CallContext, CommandContext, DriveProvider } from '../../../evaluator/host.ts';
import { exception } from '../../../evaluator/make.ts';
import { outsideDriveOf } from '../../../evaluator/outside-drives.ts';
import type { Value } from '../../../evaluator/value.ts';
import { absolutePath } from '../../machine/files/paths.ts';
import { Win32Fault } from '../../machine/win32-fault.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { mappedDrives } from './mapped-drives.ts';

/** A path of PowerShell, taken apart: which provider, and the provider's own absolute path. */
export type ProviderPath =
  | { readonly kind: 'file'; readonly path: string; readonly shown: string }
  | { readonly kind: 'registry'; readonly path: string; readonly shown: string }
  | {
      readonly kind: 'drive';
      readonly provider: DriveProvider;
      readonly drive: string;
      readonly path: string;
      readonly shown: string;
    };

const registryDrives: Readonly<Record<string, string>> = { HKLM: 'HKEY_LOCAL_MACHINE', HKCU: 'HKEY_CURRENT_USER' };

/** A wildcard character that is not escaped by a backtick. */
export const hasWildcard = (text: string): boolean => /(^|[^`])[*?[]/.test(text);
/** Takes the backticks of a wildcard pattern off. */
export const unescapeWildcards = (text: string): string => text.replace(/`([*?[\]`])/g, '$1');

/**
 * Reads a path as the item cmdlets do.
 * @throws PowerShellError (through `fail`) DriveNotFound when nobody has the drive
 */
export const readProviderPath = (text: string, context: CommandContext): ProviderPath => {
  const outside = outsideDriveOf(text);
  if (outside !== undefined && !mappedDrives(context).has(outside.toLowerCase()))
    return context.unsupported(`paths of the drive ${outside}`);
  const qualified = /^(?:Microsoft\.PowerShell\.Core\\)?(\w+)::(.*)$/s.exec(text);
  if (qualified?.[1]) {
    const rest = qualified[2] ?? '';
    if (/^FileSystem$/i.test(qualified[1])) return { kind: 'file', path: toFilePath(rest, context), shown: text };
    if (/^Registry$/i.test(qualified[1]))
      return { kind: 'registry', path: rest.replaceAll('/', '\\').replace(/^\\+|\\+$/g, ''), shown: text };
    const found = context.findDrive(text);
    if (found) return { kind: 'drive', ...found, shown: text };
    return context.unsupported(`the provider ${qualified[1]}`);
  }
  const drive = /^([A-Za-z][\w]*):(.*)$/s.exec(text);
  const name = drive?.[1] ?? '';
  const hive = registryDrives[name.toUpperCase()];
  if (drive && hive) {
    const rest = (drive[2] ?? '').replaceAll('/', '\\').replace(/^\\+|\\+$/g, '');
    return { kind: 'registry', path: rest === '' ? hive : `${hive}\\${rest}`, shown: text };
  }
  const mapped = drive && mappedDrives(context).get(name.toLowerCase());
  if (mapped) {
    const rest = (drive[2] ?? '').replaceAll('/', '\\').replace(/^\\+|\\+$/g, '');
    const path = rest === '' ? mapped.root : `${mapped.root.replace(/\\+$/, '')}\\${rest}`;
    return mapped.provider === 'Registry'
      ? { kind: 'registry', path, shown: text }
      : { kind: 'file', path: toFilePath(path, context), shown: text };
  }
  if (drive && name.length > 1) {
    const found = context.findDrive(text);
    if (found) return { kind: 'drive', ...found, shown: text };
    return context.fail({
      id: 'DriveNotFound',
      message: `Cannot find drive. A drive with the name '${name}' does not exist.`,
      category: 'ObjectNotFound',
      target: name,
      exception: 'System.Management.Automation.DriveNotFoundException',
    });
  }
  if (drive && !actorOf(context).machine.files.volumes.has(`${name.toUpperCase()}:`)) {
    return context.fail({
      id: 'DriveNotFound',
      message: `Cannot find drive. A drive with the name '${name}' does not exist.`,
      category: 'ObjectNotFound',
      target: name,
      exception: 'System.Management.Automation.DriveNotFoundException',
    });
  }
  const location = context.location;
  if (!drive && !/^[\\/]{2}/.test(text) && /^([A-Za-z]\w+:|.*::)/.test(location)) {
    return readProviderPath(`${location.replace(/[\\/]+$/, '')}\\${text.replace(/^\.[\\/]?/, '')}`, context);
  }
  return { kind: 'file', path: toFilePath(text, context), shown: text };
};

const toFilePath = (text: string, context: CallContext): string => {
  try {
    // Wildcards are no file names; they are kept for whoever expands them.
    return absolutePath(text.replaceAll('*', '\u0001').replaceAll('?', '\u0002'), context.location)
      .replaceAll('\u0001', '*')
      .replaceAll('\u0002', '?');
  } catch (error) {
    if (error instanceof Win32Fault && /[*?]/.test(text)) return text;
    throw error;
  }
};

/** The error of a path that does not exist. */
export const pathNotFound = (shown: string) =>
  ({
    id: 'PathNotFound',
    message: `Cannot find path '${shown}' because it does not exist.`,
    category: 'ObjectNotFound',
    target: shown,
    exception: exception(
      'System.Management.Automation.ItemNotFoundException',
      `Cannot find path '${shown}' because it does not exist.`,
    ),
  }) as const;

/** Text of a path argument: items that came down the pipeline stand for their full paths. */
export const pathText = (value: Value, context: CallContext): string => {
  const full =
    value !== null && typeof value === 'object' && 'kind' in value ? context.property(value, 'PSPath') : undefined;
  return typeof full === 'string' ? full : context.text(value);
};
