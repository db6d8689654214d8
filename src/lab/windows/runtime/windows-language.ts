import { builtInExtensions } from '../../evaluator/built-in.ts';
import type { Extension } from '../../evaluator/host.ts';
import { windowsExtension } from './extension.ts';

/** What every session on every simulated Windows has in common: the language with its cmdlets, and those of Windows. */
export const windowsLanguage: readonly Extension[] = [...builtInExtensions, windowsExtension];
