import { parseScript } from '../../powershell/parse-script.ts';
import { makeSource, SyntaxFault } from '../../powershell/source.ts';
import { nodesOf } from '../../powershell/walk.ts';
import { createRegistry } from '../evaluator/registry.ts';
import { windowsLanguage } from '../windows/runtime/windows-language.ts';
import { findDrives } from './check-drives.ts';
import { findCommands } from './find-commands.ts';
import { findConstructs } from './find-constructs.ts';
import { findTypes } from './find-types.ts';
import { createFindings, type ScriptCoverage } from './findings.ts';

/** What a simulated host knows, by the very tables that its sessions are made of. */
const registry = createRegistry(windowsLanguage);

/** Lower-case names of the functions that a script defines; of one that cannot be read, none. */
export const functionsOf = (text: string): ReadonlySet<string> => {
  try {
    const nodes = [...nodesOf(parseScript(text).body)];
    return new Set(nodes.flatMap((node) => (node.kind === 'function' ? [node.name.toLowerCase()] : [])));
  } catch (error) {
    if (error instanceof SyntaxFault) return new Set();
    throw error;
  }
};

/**
 * Tells what of a script the lab runs, without running it.
 * @param text the script
 * @param file its name in the answer
 * @param functions lower-case names of functions that it can call beside its own
 */
export const coverScript = (text: string, file: string, functions: ReadonlySet<string> = new Set()): ScriptCoverage => {
  try {
    const { source, body } = parseScript(text, file);
    const findings = createFindings(source, file);
    const usings = findConstructs(source, body, findings);
    const place = { registry, findings, usings };
    findCommands(body, place, functions);
    findDrives(body, findings);
    findTypes(source, body, place);
    return findings.finish();
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    const findings = createFindings(makeSource(text.replace(/^\uFEFF/, ''), file), file);
    findings.note('syntax', error.reason, error.offset, error.id === 'unsupported-syntax' ? 'outside' : 'unknown');
    return findings.finish();
  }
};
