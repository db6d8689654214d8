import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sarifLog } from '../../../src/lint/sarif.ts';
import { lintFiles } from '../../../src/operations/lint.ts';
import { loadHostKitText } from '../../../src/remote/powershell/host-kit-text.ts';
import { places as library } from '../input/fixture-library.ts';
import { file, inFolder } from './validated-folder.ts';

const { text: kit } = await loadHostKitText();
const lint = (...names: readonly string[]) => lintFiles(names, { ...library, projectDir: inFolder('.') }, kit);

const yaml = `kintsugi: action/v1
title: { en: Restart }
duration: { typical: 1m, longest: 5m }
`;

const layAction = (name: string, scripts: Readonly<Record<string, string>>, document = yaml): void => {
  mkdirSync(inFolder(`actions/own/${name}`), { recursive: true });
  file(`actions/own/${name}/action.yaml`, document);
  for (const [kind, text] of Object.entries(scripts)) file(`actions/own/${name}/${kind}.ps1`, text);
};

const detect = "@{ needed = (Get-KtService -Name 'bits').State -ne 'Running'; possible = $true }";
const verify = "@{ ok = (Get-KtService -Name 'bits').State -eq 'Running' }";
const apply = "Start-Service -Name 'bits'\n@{ changed = $true; rebootRequired = $false }";

test('an action is named by its folder; findings have their place as people in the project write it', () => {
  layAction('bad', { detect, apply, verify });
  const report = lint('actions/own/bad');
  expect(report.actions).toEqual([{ action: 'own/bad', grade: 'F', causes: ['change-past-kit (apply.ps1:1)'] }]);
  expect(report.findings.map(({ file: path, line, column, rule }) => [path, line, column, rule])).toEqual([
    [join('actions', 'own', 'bad', 'apply.ps1'), 1, 1, 'change-past-kit'],
  ]);
});

test('an action whose action.yaml or scripts are not complete is linted as far as it goes', () => {
  layAction('half', { apply }, 'kintsugi: action/v1\ntitle: { en: Half }\n');
  const found = lint('actions/own/half').findings.map(({ rule, message }) => `${rule}: ${message.en}`);
  expect(found.map((each) => each.split(':')[0])).toEqual([
    'missing-verify',
    'missing-verify',
    'missing-duration',
    'change-past-kit',
  ]);
  expect(found[1]).toContain('verify.ps1');
});

test('a folder stands for the playbooks and actions below it, each action once', () => {
  layAction('bad', { detect, apply, verify });
  file(
    'playbooks/own.yaml',
    `kintsugi: playbook/v1
title: { en: Own }
goal: { uses: demo/look }
stages:
  - title: { en: First }
    steps: [{ uses: own/bad }]
`,
  );
  const report = lint('.');
  expect(report.playbooks).toMatchObject([
    { grade: 'F', steps: [{ step: 'bad', uses: 'own/bad', grade: 'F', reason: null }] },
  ]);
  expect(report.findings.filter(({ file: path }) => path.includes('bad'))).toHaveLength(1);
});

test('what is not there, a playbook that cannot be read and an empty folder are bad input', () => {
  mkdirSync(inFolder('empty'));
  file('wrong.yaml', 'kintsugi: playbook/v1\n');
  for (const name of ['own/nothing', 'wrong.yaml', 'empty'])
    expect(() => lint(name), name).toThrow(expect.objectContaining({ code: 'bad-input' }));
});

test('SARIF 2.1.0 has each rule once, each finding with its place, and what is allowed as suppressed', () => {
  const allowed = apply.replace('\n', ' # kintsugi-lint: allow change-past-kit -- so it is\n');
  layAction('a b', { detect, apply: `${allowed.split('\n')[0]}\n${apply}`, verify });
  const log = sarifLog(lint('actions/own/a b').findings, '1.2.3', 'ja');
  expect(log).toMatchObject({
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Kintsugi', semanticVersion: '1.2.3', rules: expect.any(Array) } },
        results: [
          {
            ruleId: 'change-past-kit',
            ruleIndex: 0,
            level: 'error',
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'actions/own/a%20b/apply.ps1' },
                  region: { startLine: 1, startColumn: 1 },
                },
              },
            ],
            suppressions: [{ kind: 'inSource', justification: 'so it is' }],
          },
          { ruleId: 'change-past-kit', message: { text: expect.stringContaining('ホストキット') } },
        ],
      },
    ],
  });
  expect(JSON.stringify(log).match(/suppressions/g)).toHaveLength(1);
});
