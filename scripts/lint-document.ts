import { lintText } from '../src/front/cli/lint-text.ts';
import { gradeAction, gradeMeanings, grades } from '../src/lint/grade.ts';
import { readKitSurface } from '../src/lint/kit-surface.ts';
import { lintAction } from '../src/lint/lint-rules.ts';
import { readLintScript } from '../src/lint/lint-script.ts';
import type { Example, LintRule } from '../src/lint/rule.ts';
import { lintRules } from '../src/lint/rules.ts';
import { loadHostKitText } from '../src/remote/powershell/host-kit-text.ts';

const folder = 'actions/own/restart-spooler';
const sample = `[CmdletBinding()]
param()

Stop-KtService -Name 'Spooler'
# kintsugi-lint: allow change-past-kit -- jobs that are half printed cannot be put back anyway
Remove-Item -Path "$env:windir\\System32\\spool\\PRINTERS\\*"
Start-Servise -Name 'Spooler'
Invoke-KtProgram -File "$env:windir\\System32\\sc.exe" -Arguments 'query', 'Spooler' -ReadOnly

@{ changed = $true; rebootRequired = $false }
`;

const verify = `@{ ok = (Get-KtService -Name 'Spooler').State -eq 'Running' }
`;

const detect = `@{ needed = (Get-KtService -Name 'Spooler').State -ne 'Running'; possible = $true }
`;

async function sampleOutput(): Promise<string> {
  const { text } = await loadHostKitText();
  const kit = readKitSurface(text);
  const terms = { secrets: new Set<string>(), irreversible: null };
  const scripts = (['detect', 'apply', 'verify'] as const).map((kind) =>
    readLintScript({ detect, apply: sample, verify }[kind], { kind, file: `${folder}/${kind}.ps1`, terms, kit }),
  );
  const yaml = 'kintsugi: action/v1\nduration: { typical: 1m, longest: 5m }\n';
  const action = { file: `${folder}/action.yaml`, text: yaml, terms, scripts };
  const findings = lintAction(action);
  return lintText(
    { actions: [{ action: 'own/restart-spooler', ...gradeAction(action, findings) }], playbooks: [], findings },
    'en',
  );
}

const code = ({ kind, text }: Example): string =>
  `\`\`\`${kind === 'action' && text.startsWith('kintsugi:') ? 'yaml' : 'powershell'}\n${kind === 'action' ? '' : `# ${kind}.ps1\n`}${text}\n\`\`\``;

const ruleText = ({ id, severity, title, message, remedy, bad, good }: LintRule): string => `### ${id}
${severity}: ${title.en}. *${message.en.replace('{}', '...')}.*

${code(bad)}
Instead: ${remedy.en}.

${code(good)}`;

/** The page on the linter: its rules with their examples, the grades, and what it prints. */
export async function lintDocument(): Promise<string> {
  return `<!-- Made by \`npm run generate\` from the rules in src/lint; don't edit. -->
# \`kintsugi lint\`

\`kintsugi validate\` tells what keeps a file from running at all. \`kintsugi lint\` tells what makes a script unsafe though it runs: changes that no
rollback puts back, decisions by words that a Japanese Windows writes otherwise, secrets on command lines, waits without end. It reads; it runs nothing.

\`\`\`
kintsugi lint [playbook|action|folder...] [--format text|json|sarif]
\`\`\`
A playbook (id or path) stands for all actions that it uses, a folder for all playbooks and actions below it; without a name, the project folder. The exit code is 0
where nothing counts, 1 where an error or a warning does, 2 where something named is not there or a playbook cannot be read.
\`--format sarif\` writes SARIF 2.1.0 for code scanning, \`--format json\` (or \`--json\`) findings and grades.

Of this \`${folder}/apply.ps1\`:
\`\`\`powershell
${sample}\`\`\`
it prints:
\`\`\`
${await sampleOutput()}\`\`\`

## What may stand
A comment behind the line, or right above it, lets a finding stand: \`# kintsugi-lint: allow <rule> -- <reason>\`. The reason is needed, and is listed with each
run; a comment that allows nothing is itself a finding. In SARIF such findings are suppressed \`inSource\`. A change past the kit that is allowed still costs its
grade: at best D.

## Grades
How far a step can be taken back, from what action.yaml declares and what was found in the scripts. A playbook has the worst grade of its steps.
\`kintsugi plan\` shows both to whoever approves; the grades of actions are part of the signed plan.

| grade | means |
|---|---|
${grades.map((grade) => `| ${grade} | ${gradeMeanings[grade].en} |`).join('\n')}

- A program with an inverse (\`-UndoFile\`), or whose effects were recorded before (\`-Recorded\`), is put back: A. A step with an \`undo.ps1\` of its own is at best B: nothing but its test holds it.
- What an irreversible call leaves is read from \`-Leaves\` or \`-Root\`, through variables, tables and loops of the script. B are \`component-store\`,
  \`system-files\`, \`clock\`, \`windows\` (made anew by its setup), file systems that \`Repair-KtVolume\` repairs, and paths with a folder \`Temp\`, \`Cache\`, \`Logs\`, \`CrashDumps\`, \`DeliveryOptimization\`, \`$WINDOWS.~BT\`, a recycle bin or an archive of error reports in them, or that end as logs and dumps do. Where a parameter of the
  action says what goes, the scripts do not tell it: D.
- What is declared irreversible though no call of the scripts is (a restart) is B.

The shipped playbooks are A, or B with the reason that their actions give; a test holds that, and that their actions have no findings.

## Rules
What stands in a script is judged as it stands there: a path that a run makes, a variable command or a splatted parameter is not guessed at.

${lintRules.map(ruleText).join('\n\n')}
`;
}
