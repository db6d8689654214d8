import type { Expression } from '../../powershell/expression-tree.ts';
import type { Statement } from '../../powershell/syntax-tree.ts';
import { nodesOf } from '../../powershell/walk.ts';
import { gives, plainText, textsBelow } from '../call.ts';
import { callsOf, type LintScript } from '../lint-script.ts';
import type { Hit, ScriptRule } from '../rule.ts';

/** Members whose text Windows translates. */
const translated =
  /^(?:message|leveldisplayname|opcodedisplayname|taskdisplayname|keywordsdisplaynames|statusdisplayname|statusdescription|formatdescription)$/i;
/** Members that hold what a program wrote. */
const written = /^(?:output|erroroutput|standardoutput|standarderror)$/i;

const comparisons = new Set([
  'match',
  'notmatch',
  'like',
  'notlike',
  'eq',
  'ne',
  'contains',
  'notcontains',
  'in',
  'notin',
]);

/** Whether a text has a word that a translation changes: three letters or more that are no hexadecimal number, id or file name. */
function hasWord(pattern: string): boolean {
  const plain = pattern
    .replaceAll(/\\[a-z]/gi, ' ')
    .replaceAll(/0x[0-9a-f*?[\]{},.-]+/gi, ' ')
    .replaceAll(/\b(?:kb\d+|[\w-]+\.(?:exe|dll|sys|edb|log|xml|cab|msu)|Kt[A-Z]\w+|[\w]+[\\/:@][\w\\/:@.]*)\b/gi, ' ')
    .replaceAll(/\[[^\]]*\]|\{[^}]*\}/g, ' ');
  return /\p{L}{3,}|[\u3040-\u30ff\u4e00-\u9fff]{2,}/u.test(plain);
}

type Source = 'translated' | 'written';

function sourceOf(value: unknown): { readonly kind: Source; readonly name: string } | null {
  for (const node of nodesOf(value)) {
    if (node.kind !== 'member' && node.kind !== 'call') continue;
    const name = plainText(node.name) ?? '';
    if (node.isStatic) continue;
    if (translated.test(name)) return { kind: 'translated', name };
    if (written.test(name)) return { kind: 'written', name };
  }
  return null;
}

/** Programs of which the script asks English output. */
const asksEnglish = (script: LintScript): boolean => textsBelow(script.body).some((text) => /^\/english$/i.test(text));

function judge(script: LintScript, text: unknown, pattern: unknown, at: number): readonly Hit[] {
  const source = sourceOf(text);
  if (source === null || (source.kind === 'written' && asksEnglish(script))) return [];
  const patterns = textsBelow(pattern);
  if (patterns.length > 0 && !patterns.some(hasWord)) return [];
  // What a program wrote may be compared with what was read elsewhere.
  if (patterns.length === 0 && source.kind === 'written') return [];
  return [{ at, what: `.${source.name}` }];
}

function localizedText(script: LintScript): readonly Hit[] {
  const hits: Hit[] = [];
  for (const node of script.nodes) {
    if (node.kind === 'binary' && comparisons.has(node.operator)) {
      const isLeft = sourceOf(node.left) !== null;
      if (isEmptyText(node.left) || isEmptyText(node.right)) continue;
      hits.push(...judge(script, isLeft ? node.left : node.right, isLeft ? node.right : node.left, node.at));
    }
    if (node.kind === 'call' && /^(?:contains|startswith|endswith|indexof)$/i.test(plainText(node.name) ?? ''))
      hits.push(...judge(script, node.target, node.arguments, node.start));
    if (node.kind === 'switch' && node.source)
      hits.push(
        ...judge(
          script,
          node.source,
          node.clauses.map(({ condition }) => condition),
          node.start,
        ),
      );
    if (node.kind === 'pipeline') hits.push(...bySelectString(script, node));
  }
  return hits;
}

const isEmptyText = (value: Expression): boolean =>
  plainText(value) === '' || (value.kind === 'variable' && value.name.toLowerCase() === 'null');

function bySelectString(script: LintScript, { elements }: Extract<Statement, { kind: 'pipeline' }>): readonly Hit[] {
  const [first, ...rest] = elements;
  const search = rest.find(
    (each) =>
      each.kind === 'command' &&
      each.name.kind === 'string' &&
      /^(?:select-string|findstr(?:\.exe)?|sls)$/i.test(each.name.value),
  );
  if (!first || search?.kind !== 'command') return [];
  const isProgram =
    first.kind === 'command' && /\.exe|^(?:net|sc|netsh|w32tm|sfc|ipconfig)$/i.test(textsBelow(first.name)[0] ?? '');
  if (isProgram && textsBelow(search.elements).some(hasWord)) return [{ at: search.start, what: 'Select-String' }];
  return judge(script, first, search.elements, search.start);
}

const wellKnown =
  /^(?:(?:BUILTIN|NT AUTHORITY|NT-AUTORIT\u00c4T|AUTORITE NT)\\.+|Administrators?|Everyone|Authenticated Users|Power Users|Guests?|Remote Desktop Users|Backup Operators|Network Configuration Operators|Domain (?:Admins|Users|Computers)|Enterprise Admins|LOCAL SERVICE|NETWORK SERVICE|\u7ba1\u7406\u8005)$/i;
const granted = /^"?(?:Administrators|Users|Everyone|SYSTEM|Authenticated Users):\(?[A-Z(]/i;

/** Names of members and keys of tables are no names of accounts. */
function accountNames({ nodes }: LintScript): readonly Hit[] {
  const names = new Set<unknown>(
    nodes.flatMap((node) =>
      node.kind === 'member' || node.kind === 'call'
        ? [node.name]
        : node.kind === 'hash'
          ? node.entries.map(({ key }) => key)
          : [],
    ),
  );
  return nodes.flatMap((node) => {
    const text = node.kind === 'string' || node.kind === 'expandable' ? plainText(node) : null;
    const isName = text !== null && !names.has(node) && (wellKnown.test(text) || granted.test(text));
    return isName ? [{ at: node.start, what: text }] : [];
  });
}

/** Texts that another language of Windows has otherwise. */
export const textRules: readonly ScriptRule[] = [
  {
    on: 'script',
    id: 'localized-text',
    severity: 'error',
    title: { en: 'Decision by a text that Windows translates', ja: '翻訳される文字列による判断' },
    message: {
      en: '`{}` is compared with words: a Japanese Windows writes others',
      ja: '`{}` を単語と比較しています。日本語の Windows では別の文字列になります',
    },
    remedy: {
      en: 'decide by exit code, HRESULT, FullyQualifiedErrorId, event id and event data, enum or registry value',
      ja: '終了コード、HRESULT、FullyQualifiedErrorId、イベント ID とデータ、列挙値、レジストリ値で判断してください',
    },
    bad: {
      kind: 'detect',
      text: "$run = Invoke-KtProgram -File \"$env:windir\\System32\\sc.exe\" -Arguments 'query', 'bits' -ReadOnly\n@{ needed = $run.Output -notmatch 'RUNNING'; possible = $true }",
    },
    good: {
      kind: 'detect',
      text: "@{ needed = (Get-KtService -Name 'bits').State -ne 'Running'; possible = $true }",
    },
    find: localizedText,
  },
  {
    on: 'script',
    id: 'account-name',
    severity: 'error',
    title: { en: 'Account or group by its name', ja: '名前によるアカウントやグループの指定' },
    message: {
      en: '`{}` is called otherwise in other languages of Windows, and may have been renamed',
      ja: '`{}` は Windows の言語によって名前が異なり、変更されている可能性もあります',
    },
    remedy: {
      en: 'use the SID: S-1-5-18 (SYSTEM), S-1-5-32-544 (Administrators), S-1-1-0 (Everyone), S-1-5-11 (Authenticated Users); SDDL for access rules',
      ja: 'SID を使ってください: S-1-5-18(SYSTEM)、S-1-5-32-544(Administrators)、S-1-1-0(Everyone)、S-1-5-11(Authenticated Users)。アクセス規則は SDDL で指定します',
    },
    bad: {
      kind: 'detect',
      text: "$members = @(Get-LocalGroupMember -Group 'Administrators')\n@{ needed = $members.Count -eq 0; possible = $true }",
    },
    good: {
      kind: 'detect',
      text: "$members = @(Get-LocalGroupMember -SID 'S-1-5-32-544')\n@{ needed = $members.Count -eq 0; possible = $true }",
    },
    find: accountNames,
  },
  {
    on: 'script',
    id: 'message-output',
    severity: 'warning',
    title: { en: 'Translated message of an event', ja: '翻訳されるイベントメッセージ' },
    message: {
      en: '`{}` gives messages that Windows translates, and is slow',
      ja: '`{}` は翻訳されたメッセージを返し、処理も遅くなります',
    },
    remedy: {
      en: 'read events with Get-KtEvent: `Data` has the values by their names, `Text` the values without the message',
      ja: 'Get-KtEvent でイベントを読み取ってください。`Data` は名前付きの値、`Text` はメッセージを除いた値です',
    },
    bad: {
      kind: 'detect',
      text: '$failed = @(Get-EventLog -LogName System -Newest 10)\n@{ needed = $failed.Count -gt 0; possible = $true }',
    },
    good: {
      kind: 'detect',
      text: "$failed = @(Get-KtEvent -Log 'System' -Provider 'Microsoft-Windows-WindowsUpdateClient' -Id 20 -Days 30)\n@{ needed = $failed.Count -gt 0; possible = $true }",
    },
    find: (script) =>
      callsOf(script).flatMap(({ node, name }) =>
        name === 'get-eventlog' && !gives(node, 'list') ? [{ at: node.start, what: 'Get-EventLog' }] : [],
      ),
  },
];
