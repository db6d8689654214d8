import type { Language } from '../../report/words/words.ts';
import type { ScriptCoverage } from './services.ts';

type Words = {
  readonly kinds: { readonly [kind: string]: string };
  readonly gaps: { readonly [kind: string]: string };
  readonly ratio: (runs: number, of: number, what: string) => string;
  readonly outside: string;
  readonly seven: string;
  readonly unknown: string;
  readonly open: string;
  readonly between: string;
  readonly nothing: string;
  readonly unreadable: string;
  readonly complete: string;
};

const words: { readonly [language in Language]: Words } = {
  en: {
    kinds: {
      command: 'commands',
      parameter: 'parameters',
      program: 'programs',
      class: 'CIM classes',
      com: 'COM classes',
      type: 'types',
      member: 'members',
    },
    gaps: {
      command: 'command',
      parameter: 'parameter',
      call: 'call',
      program: 'program',
      class: 'CIM class',
      com: 'COM class',
      type: 'type',
      member: 'member',
      construct: 'construct',
      syntax: 'syntax',
    },
    ratio: (runs, of, what) => `${runs} of ${of} ${what}`,
    outside: 'the lab does not simulate it',
    seven: 'only PowerShell 7 has it, and Windows PowerShell 5.1 runs the scripts',
    unknown: 'neither the lab nor its list of what Windows has knows it',
    open: 'only a run can tell',
    between: ', ',
    nothing: 'only the language, its own functions and those of the host kit',
    unreadable: 'cannot be read',
    complete: 'The lab can run all of it.',
  },
  ja: {
    kinds: {
      command: 'コマンド',
      parameter: 'パラメーター',
      program: 'プログラム',
      class: 'CIM クラス',
      com: 'COM クラス',
      type: '型',
      member: 'メンバー',
    },
    gaps: {
      command: 'コマンド',
      parameter: 'パラメーター',
      call: '呼び出し',
      program: 'プログラム',
      class: 'CIM クラス',
      com: 'COM クラス',
      type: '型',
      member: 'メンバー',
      construct: '構文',
      syntax: '構文エラー',
    },
    ratio: (runs, of, what) => `${what} ${of} 個中 ${runs} 個`,
    outside: 'ラボでは模擬されていません',
    seven: 'PowerShell 7 にしかありません(スクリプトは Windows PowerShell 5.1 で実行されます)',
    unknown: 'ラボにも、ラボが持つ Windows の一覧にもありません',
    open: '実行するまで分かりません',
    between: '、',
    nothing: '言語の機能、独自の関数、ホストキットの関数のみ',
    unreadable: '読み取れません',
    complete: 'すべてラボで実行できます。',
  },
};

/** What is missing; a fault of syntax says all itself. */
const gapText = ({ kind, name, why }: ScriptCoverage['gaps'][number], say: Words): string =>
  kind === 'syntax' ? `${say.gaps[kind] ?? kind}: ${name}` : `${say.gaps[kind] ?? kind} ${named(name)}: ${say[why]}`;

/** A name that ends with a colon (a drive) stands apart from the one behind it. */
const named = (name: string): string => (name.endsWith(':') ? `"${name}"` : name);

const textOfScript = (script: ScriptCoverage, language: Language): string => {
  const say = words[language];
  const ratios = Object.entries(script.counts).map(([kind, { runs, of }]) =>
    say.ratio(runs, of, say.kinds[kind] ?? kind),
  );
  const place = ({ line, column }: { readonly line: number; readonly column: number }): string =>
    `  ${script.file}:${line}:${column}: `;
  const isUnreadable = script.gaps.some(({ kind }) => kind === 'syntax');
  const head = isUnreadable ? say.unreadable : ratios.length === 0 ? say.nothing : ratios.join(say.between);
  return [
    `${script.file}: ${head}`,
    ...script.gaps.map((gap) => `${place(gap)}${gapText(gap, say)}`),
    ...script.open.map((open) => `${place(open)}${open.what}: ${say.open}`),
  ].join('\n');
};

/** What the lab can run of scripts, for people: a line of figures for each script, then what is missing, by place. */
export const coverageText = (scripts: readonly ScriptCoverage[], language: Language): string => {
  const isComplete = scripts.every(({ gaps }) => gaps.length === 0);
  return [
    ...scripts.map((script) => textOfScript(script, language)),
    ...(isComplete ? [words[language].complete] : []),
  ].join('\n');
};
