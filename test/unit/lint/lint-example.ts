import type { ScriptKind } from '../../../src/kernel/words.ts';
import type { Finding } from '../../../src/lint/finding.ts';
import { type ActionGrade, gradeAction } from '../../../src/lint/grade.ts';
import { type KitSurface, readKitSurface } from '../../../src/lint/kit-surface.ts';
import type { ActionTerms, LintAction } from '../../../src/lint/lint-action.ts';
import { lintAction } from '../../../src/lint/lint-rules.ts';
import { readLintScript } from '../../../src/lint/lint-script.ts';
import type { Example } from '../../../src/lint/rule.ts';
import { loadHostKitText } from '../../../src/remote/powershell/host-kit-text.ts';

/** The surface of the host kit as it is. */
export const kitSurface: KitSurface = readKitSurface((await loadHostKitText()).text);

type Terms = { readonly irreversible?: string; readonly secrets?: readonly string[] };

/** An action of these scripts. */
export function actionOf(
  scripts: { readonly [kind in ScriptKind]?: string },
  terms: Terms = {},
  text = '',
): LintAction {
  const said: ActionTerms = {
    secrets: new Set(terms.secrets ?? []),
    irreversible: terms.irreversible === undefined ? null : { en: terms.irreversible },
  };
  const kinds = ['detect', 'apply', 'verify', 'undo'] as const;
  return {
    file: 'action.yaml',
    text,
    terms: said,
    scripts: kinds.flatMap((kind) => {
      const script = scripts[kind];
      return script === undefined
        ? []
        : [readLintScript(script, { kind, file: `${kind}.ps1`, terms: said, kit: kitSurface })];
    }),
  };
}

/** Findings in one script, rule by rule; what an action lacks as a whole is left out. */
export const lintScript = (kind: ScriptKind, text: string, terms: Terms = {}): readonly Finding[] =>
  lintAction(actionOf({ [kind]: text }, terms)).filter(({ file }) => file !== 'action.yaml');

/** Rules, with lines, of the findings that count in one script. */
export const found = (kind: ScriptKind, text: string, terms: Terms = {}): readonly string[] =>
  lintScript(kind, text, terms)
    .filter(({ allowed }) => allowed === null)
    .map(({ rule, line, column }) => `${line}:${column} ${rule}`);

/** The grade of an action of these scripts. */
export function gradeOf(scripts: { readonly [kind in ScriptKind]?: string }, terms: Terms = {}): ActionGrade {
  const action = actionOf(scripts, terms);
  return gradeAction(action, lintAction(action));
}

/** Scripts of an example of an action: each begins with a line that names it. */
function partsOf(text: string): { readonly [kind in ScriptKind]?: string } {
  const parts = text.split(/^# (detect|apply|verify|undo)\.ps1\n/m);
  const pairs = parts.flatMap((part, index) => (index % 2 === 1 ? [[part, parts[index + 1] ?? '']] : []));
  return Object.fromEntries(pairs) as { readonly [kind in ScriptKind]?: string };
}

/** Findings in an example. */
export function lintExample({ kind, text }: Example): readonly Finding[] {
  if (kind === 'action') return lintAction(actionOf(partsOf(text), {}, text));
  const isSaid = /-Irreversible\b/.test(text);
  return lintScript(kind, text, isSaid ? { irreversible: 'as the example says' } : {});
}
