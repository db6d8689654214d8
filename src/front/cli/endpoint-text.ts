import type { ExportedEndpoint } from '../../operations/export-endpoint.ts';
import type { Language } from '../../report/words/words.ts';

const words = {
  en: {
    written: 'Endpoint',
    content: 'content',
    allowed: 'It allows these actions and nothing else:',
    playbooks: 'Playbooks',
    group: 'Who may connect',
    install: 'On each host, in an elevated Windows PowerShell (restarts WinRM):',
    steps: (name: string, register: string) =>
      `It copies ${name} to %ProgramFiles%\\WindowsPowerShell\\Modules, then: ${register}`,
    inventory: 'In the inventory, for these hosts:',
    review:
      'Whoever may connect runs these actions with administrator rights, in any order and with any values that these playbooks leave open: read the module before you install it.',
  },
  ja: {
    written: 'エンドポイント',
    content: '内容',
    allowed: '次のアクションだけを許可します:',
    playbooks: 'プレイブック',
    group: '接続できるグループ',
    install: '各ホストで、管理者の Windows PowerShell から実行(WinRM が再起動します):',
    steps: (name: string, register: string) =>
      `${name} を %ProgramFiles%\\WindowsPowerShell\\Modules に配置してから登録します: ${register}`,
    inventory: 'インベントリの該当ホストに追加:',
    review:
      '接続できる人は、これらのアクションを管理者権限で、任意の順序で、プレイブックが定めていない任意の値で実行できます。インストール前にモジュールを確認してください。',
  },
} as const;

/** What was exported, what it allows, and how it is installed. */
export function endpointText(endpoint: ExportedEndpoint, folder: string, language: Language): string {
  const { name, content, actions, playbooks, group, files } = endpoint;
  const say = words[language];
  const register = `Register-PSSessionConfiguration -Name ${name} -Path ${name}.pssc`;
  return [
    `${say.written} ${name} (${say.content} ${content.slice(0, 16)}): ${folder}`,
    ...Array.from(files.keys(), (file) => `  ${file}`),
    '',
    `${say.playbooks}: ${playbooks.join(', ')}`,
    say.allowed,
    ...actions.map((action) => `  ${action}`),
    `${say.group}: ${group}`,
    say.review,
    '',
    say.install,
    `  powershell.exe -ExecutionPolicy Bypass -File jea.ps1${name === 'Kintsugi' ? '' : ` -Name ${name}`}`,
    `  ${say.steps(name, register)}`,
    say.inventory,
    `  configurationName: ${name}`,
  ].join('\n');
}
