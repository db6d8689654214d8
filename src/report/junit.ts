import { printable } from './printable.ts';
import { type CaseResult, type TestReport, unmetText } from './test-report.ts';

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

/** The report as JUnit XML, which build servers read: a suite for each file, a test case for each case and host. */
export function junitXml({ files, passed, failed, durationMs }: TestReport): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="kintsugi test" tests="${passed + failed}" failures="${failed}" errors="0" time="${seconds(durationMs)}">`,
    ...files.flatMap(({ file, playbook, cases }) => {
      const bad = cases.filter(({ unmet }) => unmet.length > 0).length;
      const time = seconds(cases.reduce((sum, each) => sum + each.durationMs, 0));
      return [
        `  <testsuite name="${attribute(file)}" tests="${cases.length}" failures="${bad}" errors="0" skipped="0" time="${time}">`,
        ...cases.flatMap((each) => testCase(each, playbook, file)),
        '  </testsuite>',
      ];
    }),
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase({ name, host, durationMs, unmet, place }: CaseResult, playbook: string, file: string): string[] {
  const line = place.line === null ? '' : ` line="${place.line}"`;
  const head = `    <testcase name="${attribute(`${name} (${host})`)}" classname="${attribute(playbook)}" file="${attribute(file)}"${line} time="${seconds(durationMs)}"`;
  const [first] = unmet;
  if (first === undefined) return [`${head}/>`];
  const message = `${first.what}: expected ${first.expected.join(', ') || 'nothing'}, got ${first.got.join(', ') || 'nothing'}`;
  return [
    `${head}>`,
    `      <failure message="${attribute(message)}" type="unmet-expectation">${xml(unmet.map(unmetText).join('\n'))}</failure>`,
    '    </testcase>',
  ];
}
