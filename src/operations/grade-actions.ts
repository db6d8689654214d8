import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Action, ActionScripts } from '../input/action/action.ts';
import type { LoadedPlaybook } from '../input/playbook/read-playbook.ts';
import type { LocalText, ReversibilityGrade, ScriptKind } from '../kernel/words.ts';
import type { Finding } from '../lint/finding.ts';
import { type ActionGrade, gradeAction, worstOf } from '../lint/grade.ts';
import type { KitSurface } from '../lint/kit-surface.ts';
import type { LintAction } from '../lint/lint-action.ts';
import { lintAction } from '../lint/lint-rules.ts';
import { readLintScript } from '../lint/lint-script.ts';

/** How far a step of a playbook can be taken back. */
export type StepGrade = ActionGrade & {
  readonly step: string;
  readonly uses: string;
  /** Why it cannot be undone, as action.yaml says it; null where it says nothing. */
  readonly reason: LocalText | null;
};

/** How far a playbook can be taken back: the worst grade of its steps. */
export type PlaybookGrade = {
  readonly playbook: string;
  readonly grade: ReversibilityGrade;
  readonly steps: readonly StepGrade[];
};

/** An action linted and graded. */
export type LintedAction = ActionGrade & { readonly findings: readonly Finding[] };

const kinds = ['detect', 'apply', 'verify', 'undo'] as const satisfies readonly ScriptKind[];

/** Lints and grades an action; one with a faulty action.yaml as far as it was read. */
export function lintOneAction(action: Action | ActionScripts, kit: KitSurface): LintedAction {
  const linted = toLintAction(action, kit);
  const findings = lintAction(linted);
  return { ...gradeAction(linted, findings), findings };
}

function toLintAction(action: Action | ActionScripts, kit: KitSurface): LintAction {
  const file = join(action.folder, 'action.yaml');
  const text = existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\r\n', '\n') : '';
  const secrets = Object.entries(action.parameters ?? {}).flatMap(([name, { type }]) =>
    type === 'secret' ? [name.toLowerCase()] : [],
  );
  const said = /^irreversible:/m.test(text) ? { en: 'action.yaml' } : null;
  const terms = { secrets: new Set(secrets), irreversible: 'irreversible' in action ? action.irreversible : said };
  const scripts = kinds.flatMap((kind) => {
    const script = action.scripts[kind];
    return script === undefined
      ? []
      : [readLintScript(script, { kind, file: join(action.folder, `${kind}.ps1`), terms, kit })];
  });
  return { file, text, terms, scripts };
}

/**
 * Grades the steps of a playbook.
 * @param gradeOf the grade of each of its actions
 */
export function gradePlaybook(
  { playbook, actions }: LoadedPlaybook,
  gradeOf: (action: Action) => ActionGrade,
): PlaybookGrade {
  const steps = playbook.stages
    .flatMap((stage) => stage.steps)
    .flatMap(({ id, uses }): readonly StepGrade[] => {
      const action = actions.get(uses);
      if (!action) return [];
      const { grade, causes } = gradeOf(action);
      return [{ step: id, uses, grade, causes, reason: action.irreversible }];
    });
  return { playbook: playbook.id, grade: worstOf(steps.map(({ grade }) => grade)), steps };
}
