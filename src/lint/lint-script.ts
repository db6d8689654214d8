import type { ScriptKind } from '../kernel/words.ts';
import { makeSource, type Source, type SyntaxFault } from '../powershell/source.ts';
import { readWithFaults } from '../powershell/syntax-faults.ts';
import type { Command, FunctionDefinition, ScriptBody } from '../powershell/syntax-tree.ts';
import { nodesOf, type SyntaxNode } from '../powershell/walk.ts';
import type { KitSurface } from './kit-surface.ts';
import type { ActionTerms } from './lint-action.ts';
import { aliasNames } from './windows-commands.generated.ts';

/** A script as the rules see it. */
export type LintScript = {
  readonly kind: ScriptKind;
  readonly file: string;
  readonly source: Source;
  readonly faults: readonly SyntaxFault[];
  /** Null where its syntax keeps it from being read. */
  readonly body: ScriptBody | null;
  /** All nodes of the body, in the order of the text. */
  readonly nodes: readonly SyntaxNode[];
  /** Functions that the script defines, by their names in lower case. */
  readonly functions: ReadonlyMap<string, FunctionDefinition>;
  readonly terms: ActionTerms;
  readonly kit: KitSurface;
};

/** Reads a script for the rules. */
export function readLintScript(text: string, about: Pick<LintScript, 'kind' | 'file' | 'terms' | 'kit'>): LintScript {
  const { faults, body } = readWithFaults(text, about.file);
  const nodes = [...nodesOf(body)];
  return {
    ...about,
    source: makeSource(text, about.file),
    faults,
    body,
    nodes,
    functions: new Map(nodes.flatMap((node) => (node.kind === 'function' ? [[node.name.toLowerCase(), node]] : []))),
  };
}

const aliases: ReadonlyMap<string, string> = new Map(
  aliasNames
    .flatMap((line) => line.split(' '))
    .flatMap((pair) => {
      const at = pair.indexOf('=', 1);
      return [[pair.slice(0, at), pair.slice(at + 1)] as const];
    }),
);

/** The command that a call names, in lower case, an alias as what it stands for and without its module; null where only a run knows it. */
export function commandName(node: Command): string | null {
  if (node.name.kind !== 'string') return null;
  const written = node.name.value.toLowerCase().replace(/^[\w.]+\\(?=\w+-\w+$)/, '');
  return aliases.get(written) ?? written;
}

/** All calls of commands in a script, with their names. */
export const callsOf = (script: LintScript): readonly { readonly node: Command; readonly name: string }[] =>
  script.nodes.flatMap((node) => {
    const name = node.kind === 'command' ? commandName(node) : null;
    return node.kind === 'command' && name !== null ? [{ node, name }] : [];
  });
