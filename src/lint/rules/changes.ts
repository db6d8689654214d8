import { givenArguments } from '../call.ts';
import { changeByNode, changesHost } from '../changing-commands.ts';
import { callsOf, type LintScript } from '../lint-script.ts';
import { isWindowsCommand, programOf } from '../programs.ts';
import type { Hit, ScriptRule } from '../rule.ts';

const isReadOnly = ({ kind }: LintScript): boolean => kind === 'detect' || kind === 'verify';

/** Changes of the host that the kit does not know of. */
function changesPastKit(script: LintScript): readonly Hit[] {
  const byCommand = callsOf(script).flatMap(({ node, name }): readonly Hit[] => {
    if (script.functions.has(name)) return [];
    const kit = script.kit.get(name);
    if (kit) return kit.effect === 'inner' ? [{ at: node.start, what: kit.name }] : [];
    // What is not known is told as that.
    return isWindowsCommand(name) && changesHost(name, node)
      ? [{ at: node.start, what: shownName(script, node.name.start, node.name.end) }]
      : [];
  });
  const byNode = script.nodes.flatMap((node) => {
    const what = changeByNode(node);
    return what === null ? [] : [{ at: node.start, what }];
  });
  return [...byCommand, ...byNode];
}

const shownName = ({ source }: LintScript, start: number, end: number): string => source.text.slice(start, end);

/** Calls of the kit that change something: functions that record, and programs that are not said to read only. */
const kitChanges = (script: LintScript): readonly Hit[] =>
  callsOf(script).flatMap(({ node, name }) => {
    const kit = script.kit.get(name);
    if (!kit || kit.effect === 'read' || kit.effect === 'inner') return [];
    if (givenArguments(node).some((each) => each.name === 'readonly')) return [];
    return [{ at: node.start, what: kit.name }];
  });

/** Changes past the kit, and in scripts that only read. */
export const changeRules: readonly ScriptRule[] = [
  {
    on: 'script',
    id: 'change-past-kit',
    severity: 'error',
    title: { en: 'Change without undo', ja: '元に戻せない変更' },
    message: {
      en: '`{}` changes the host past the host kit: nothing records what was there, so no rollback puts it back',
      ja: '`{}` はホストキットを通さずにホストを変更します。変更前の状態が記録されないため、元に戻せません',
    },
    remedy: {
      en: 'use the change function of the host kit (docs/host-kit.md), or a program with its inverse through Invoke-KtProgram',
      ja: 'ホストキットの変更関数(docs/host-kit.md)を使うか、逆操作を付けて Invoke-KtProgram でプログラムを呼び出してください',
    },
    bad: { kind: 'apply', text: "Set-Service -Name 'wuauserv' -StartupType Manual" },
    good: { kind: 'apply', text: "Set-KtServiceStartType -Name 'wuauserv' -StartType Manual" },
    find: (script) => (isReadOnly(script) ? [] : changesPastKit(script)),
  },
  {
    on: 'script',
    id: 'change-in-read',
    severity: 'error',
    title: { en: 'Change in a script that only reads', ja: '読み取り専用スクリプトでの変更' },
    message: {
      en: '`{}` changes the host in a script that only reads',
      ja: '読み取り専用のスクリプトで `{}` がホストを変更します',
    },
    remedy: {
      en: 'changes belong in apply.ps1; a program that changes nothing is called with -ReadOnly',
      ja: '変更は apply.ps1 に書いてください。何も変更しないプログラムは -ReadOnly を付けて呼び出します',
    },
    bad: { kind: 'detect', text: "Start-KtService -Name 'bits'\n@{ needed = $true; possible = $true }" },
    good: {
      kind: 'detect',
      text: "$state = (Get-KtService -Name 'bits').State\n@{ needed = $state -ne 'Running'; possible = $true }",
    },
    find: (script) => (isReadOnly(script) ? [...changesPastKit(script), ...kitChanges(script)] : []),
  },
  {
    on: 'script',
    id: 'program-past-kit',
    severity: 'error',
    title: { en: 'Program past the kit', ja: 'キットを通さないプログラム' },
    message: {
      en: '`{}` is started past the host kit: without a limit, without a record, and its output is read with the wrong encoding',
      ja: '`{}` をホストキットを通さずに起動しています。時間制限も記録もなく、出力の文字コードも正しく読めません',
    },
    remedy: {
      en: 'call it through Invoke-KtProgram and say how it is put back: -ReadOnly, -UndoFile, -Recorded or -Irreversible with -Leaves',
      ja: 'Invoke-KtProgram で呼び出し、-ReadOnly、-UndoFile、-Recorded、または -Irreversible と -Leaves で元に戻す方法を示してください',
    },
    bad: { kind: 'apply', text: '& "$env:windir\\System32\\sc.exe" config Spooler start= auto' },
    good: {
      kind: 'apply',
      text: "$run = Invoke-KtProgram -File \"$env:windir\\System32\\sc.exe\" -Arguments 'config', 'Spooler', 'start=', 'auto' -UndoFile \"$env:windir\\System32\\sc.exe\" -UndoArguments 'config', 'Spooler', 'start=', 'demand'\n@{ changed = $run.ExitCode -eq 0; rebootRequired = $false }",
    },
    find: (script) => [
      ...script.nodes.flatMap((node) => {
        const what = node.kind === 'command' ? programOf(node) : null;
        return what === null || /schtasks(?:\.exe)?$/i.test(what) ? [] : [{ at: node.start, what }];
      }),
      ...callsOf(script).flatMap(({ node, name }) =>
        name === 'start-process' && givenArguments(node).some((each) => each.name === 'wait')
          ? [{ at: node.start, what: 'Start-Process' }]
          : [],
      ),
    ],
  },
];
