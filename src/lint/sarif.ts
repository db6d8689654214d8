import type { Finding } from './finding.ts';
import type { Severity } from './rule.ts';
import { lintRules } from './rules.ts';

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  note: 'note',
};

/** A path as a relative URI reference. */
const uriOf = (file: string): string => encodeURI(file.replaceAll('\\', '/'));

/**
 * Findings as a SARIF 2.1.0 log (OASIS, Static Analysis Results Interchange Format), for code scanning.
 * @param version of the product
 */
export function sarifLog(findings: readonly Finding[], version: string, language: 'en' | 'ja'): object {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Kintsugi',
            semanticVersion: version,
            language,
            rules: lintRules.map((rule) => ({
              id: rule.id,
              shortDescription: { text: rule.title[language] },
              help: { text: rule.remedy[language] },
              defaultConfiguration: { level: levels[rule.severity] },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map((each) => resultOf(each, language)),
      },
    ],
  };
}

function resultOf(finding: Finding, language: 'en' | 'ja'): object {
  const { rule, severity, file, line, column, message, remedy, allowed } = finding;
  const region = line === null ? {} : { region: { startLine: line, startColumn: column ?? 1 } };
  return {
    ruleId: rule,
    ruleIndex: lintRules.findIndex(({ id }) => id === rule),
    level: levels[severity],
    message: { text: `${message[language]}\n${remedy[language]}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file) }, ...region } }],
    ...(allowed === null ? {} : { suppressions: [{ kind: 'inSource', justification: allowed }] }),
  };
}
