import type { Command } from '../powershell/syntax-tree.ts';
import { gives } from './call.ts';
import { callsOf, type LintScript } from './lint-script.ts';

/** A call of the kit that says that it cannot be undone; `name` as the kit writes it. */
export type IrreversibleCall = { readonly node: Command; readonly name: string };

/** Calls of a script that cannot be undone, by declaration. */
export const irreversibleCalls = (script: LintScript): readonly IrreversibleCall[] =>
  callsOf(script).flatMap(({ node, name }) => {
    const kit = script.kit.get(name);
    if (!kit) return [];
    const isDeclared = kit.effect === 'irreversible' || (kit.effect === 'change' && gives(node, 'irreversible'));
    return isDeclared ? [{ node, name: kit.name }] : [];
  });
