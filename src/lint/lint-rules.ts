import { lineText, makeSource, placeOf, type Source } from '../powershell/source.ts';
import { type Allowance, readAllowances } from './allow.ts';
import type { Finding } from './finding.ts';
import type { LintAction } from './lint-action.ts';
import type { Hit, LintRule } from './rule.ts';
import { lintRules } from './rules.ts';

/** All findings of an action: of its action.yaml and its scripts, file by file in the order of the text, those that are allowed among them. */
export function lintAction(action: LintAction): readonly Finding[] {
  const whole = findingsIn(makeSource(action.text, action.file), (rule) =>
    rule.on === 'action' ? rule.find(action) : [],
  );
  const scripts = action.scripts.flatMap((script) =>
    findingsIn(script.source, (rule) => (rule.on === 'script' ? rule.find(script) : [])),
  );
  return [...whole, ...scripts];
}

function findingsIn(source: Source, hitsOf: (rule: LintRule) => readonly Hit[]): readonly Finding[] {
  const allowances = readAllowances(source.text);
  const used = new Set<Allowance>();
  const found = lintRules.flatMap((rule) =>
    hitsOf(rule).map((hit) => {
      const place = hit.at === null ? null : placeOf(source, hit.at);
      const allowance = allowances.find((each) => each.rule === rule.id && covers(each, place?.line ?? null, source));
      if (allowance) used.add(allowance);
      return makeFinding(rule, hit.what, source, place, allowance?.reason ?? null);
    }),
  );
  const unused = allowances
    .filter((each) => !used.has(each))
    .map((each) => {
      const rule = lintRules.find(({ id }) => id === 'allow-comment');
      if (!rule) throw new RangeError('the rule allow-comment is missing');
      return makeFinding(rule, `${each.rule} finds nothing here`, source, { line: each.line, column: 1 }, null);
    });
  return [...found, ...unused].toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

/** An allowance counts for its own line, for the first line of code below it, and, where a finding has no line, for the file. */
function covers({ line }: Allowance, found: number | null, source: Source): boolean {
  if (found === null || found === line) return true;
  if (!/^\s*#/.test(lineText(source, line))) return false;
  let next = line + 1;
  while (next < found && /^\s*(?:#.*)?$/.test(lineText(source, next))) next++;
  return next === found;
}

function makeFinding(
  rule: LintRule,
  what: string,
  source: Source,
  place: { readonly line: number; readonly column: number } | null,
  allowed: string | null,
): Finding {
  return {
    rule: rule.id,
    severity: rule.severity,
    file: source.file ?? '',
    line: place?.line ?? null,
    column: place?.column ?? null,
    text: place === null ? null : lineText(source, place.line),
    message: { en: rule.message.en.replace('{}', () => what), ja: rule.message.ja.replace('{}', () => what) },
    remedy: rule.remedy,
    allowed,
  };
}
