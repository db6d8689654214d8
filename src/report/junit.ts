import { printable } from './printable.ts';
import { type CaseResult, lostRunName, type TestReport, unmetText } from './test-report.ts';

const escapes: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** A text for XML 1.0: escaped, and without the characters that it cannot hold. */
const xml = (text: string): string =>
  printable(text)
    .replace(/[&<>"']/g, (character) => escapes[character] ?? character)
    .replace(/[\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');

/** An attribute: line ends would become blanks. */
const attribute = (text: string): string => xml(text).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** What came out of a case, in JUnit's words: a failure is what is tested, an error the program's own. */
const outcomeOf = ({ unmet }: CaseResult): 'passed' | 'failure' | 'error' =>
  unmet.length === 0 ? 'passed' : unmet.some(({ what }) => what === lostRunName) ? 'error' : 'failure';

const countsOf = (cases: readonly CaseResult[]): string => {
  const count = (outcome: string): number => cases.filter((each) => outcomeOf(each) === outcome).length;
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}"`;
};

/** The report as JUnit XML, which build servers read: a suite for each file, a test case for each case and host. */
export function junitXml({ files, durationMs }: TestReport): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="kintsugi test" ${countsOf(files.flatMap(({ cases }) => cases))} time="${seconds(durationMs)}">`,
    ...files.flatMap(({ file, playbook, cases }) => {
      const time = seconds(cases.reduce((sum, each) => sum + each.durationMs, 0));
      return [
        `  <testsuite name="${attribute(file)}" ${countsOf(cases)} skipped="0" time="${time}">`,
        ...cases.flatMap((each) => testCase(each, playbook, file)),
        '  </testsuite>',
      ];
    }),
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(result: CaseResult, playbook: string, file: string): string[] {
  const { name, host, durationMs, unmet, place } = result;
  const line = place.line === null ? '' : ` line="${place.line}"`;
  const head = `    <testcase name="${attribute(`${name} (${host})`)}" classname="${attribute(playbook)}" file="${attribute(file)}"${line} time="${seconds(durationMs)}"`;
  const [first] = unmet;
  if (first === undefined) return [`${head}/>`];
  const kind = outcomeOf(result);
  const message = `${first.what}: expected ${first.expected.join(', ') || 'nothing'}, got ${first.got.join(', ') || 'nothing'}`;
  return [
    `${head}>`,
    `      <${kind} message="${attribute(message)}" type="${kind === 'error' ? 'lost-run' : 'unmet-expectation'}">${xml(unmet.map(unmetText).join('\n'))}</${kind}>`,
    '    </testcase>',
  ];
}
