import type { TextTable } from './text-table.ts';

/**
 * What Windows says in Japanese, by what it says in English; `{0}` stands for what differs, and is put into Japanese itself where it is a
 * text of its own. Each row was read in an output that somebody published of a Japanese Windows, or in Microsoft's Japanese
 * documentation; what none shows stays English (`stayEnglish`). Lines of programs are looked up in the group of the program first.
 */
export const japanese: TextTable = {
  system: [
    ['The system cannot find the file specified.', '指定されたファイルが見つかりません。'],
    ['The system cannot find the path specified.', '指定されたパスが見つかりません。'],
    ['Access is denied.', 'アクセスが拒否されました。'],
    [
      'The process cannot access the file because it is being used by another process.',
      'プロセスはファイルにアクセスできません。別のプロセスが使用中です。',
    ],
    ['There is not enough space on the disk.', 'ディスクに十分な空き領域がありません。'],
    [
      'The filename, directory name, or volume label syntax is incorrect.',
      'ファイル名、ディレクトリ名、またはボリューム ラベルの構文が間違っています。',
    ],
    ['The directory is not empty.', 'ディレクトリが空ではありません。'],
    ['Cannot create a file when that file already exists.', '既に存在するファイルを作成することはできません。'],
    [
      'The specified service does not exist as an installed service.',
      '指定されたサービスはインストールされたサービスとして存在しません。',
    ],
    ['The operation completed successfully.', 'この操作を正しく終了しました。'],
  ],
  // .NET Framework and Windows PowerShell 5.1.
  powershell: [
    ['Could not find file {0}.', 'ファイル {0} が見つかりませんでした。'],
    ["Could not find a part of the path '{0}'.", "パス '{0}' の一部が見つかりませんでした。"],
    ["Access to the path '{0}' is denied.", "パス '{0}' へのアクセスが拒否されました。"],
    [
      "The process cannot access the file '{0}' because it is being used by another process.",
      "別のプロセスで使用されているため、プロセスはファイル '{0}' にアクセスできません。",
    ],
    ["Cannot find path '{0}' because it does not exist.", "パス '{0}' が存在しないため検出できません。"],
    [
      "Cannot find drive. A drive with the name '{0}' does not exist.",
      "ドライブが見つかりません。名前 '{0}' のドライブが存在しません。",
    ],
    [
      'Exception calling "{0}" with "{1}" argument(s): "{2}"',
      '"{1}" 個の引数を指定して "{0}" を呼び出し中に例外が発生しました: "{2}"',
    ],
    [
      "The term '{0}' is not recognized as the name of a cmdlet, function, script file, or operable program. Check the spelling of the name, or if a path was included, verify that the path is correct and try again.",
      "用語 '{0}' は、コマンドレット、関数、スクリプト ファイル、または操作可能なプログラムの名前として認識されません。名前が正しく記述されていることを確認し、パスが含まれている場合はそのパスが正しいことを確認してから、再試行してください。",
    ],
    [
      "A parameter cannot be found that matches parameter name '{0}'.",
      "パラメーター名 '{0}' に一致するパラメーターが見つかりません。",
    ],
    [
      'Cannot find a process with the name "{0}". Verify the process name and call the cmdlet again.',
      '名前 "{0}" のプロセスが見つかりません。プロセス名を確認し、コマンドレットを再度呼び出してください。',
    ],
    [
      'No events were found that match the specified selection criteria.',
      '指定した選択条件に一致するイベントは見つかりませんでした。',
    ],
    [
      'File {0} cannot be loaded because running scripts is disabled on this system. For more information about running scripts and setting execution policy, see about_Execution_Policies at {1}.',
      'このシステムではスクリプトの実行が無効になっているため、ファイル {0} を読み込むことができません。詳細については、「about_Execution_Policies」({1}) を参照してください。',
    ],
  ],
  cmd: [
    ["'{0}' is not recognized as an internal or external command,", "'{0}' は、内部コマンドまたは外部コマンド、"],
    ['operable program or batch file.', '操作可能なプログラムまたはバッチ ファイルとして認識されていません。'],
    ['The syntax of the command is incorrect.', 'コマンドの構文が誤っています。'],
    ['Active code page: {0}', '現在のコード ページ: {0}'],
    ['        {0} file(s) copied.', '        {0} 個のファイルをコピーしました。'],
    ['Hardlink created for {0} <<===>> {1}', '{0} <<===>> {1} のハードリンクが作成されました'],
    ['        1 file(s) moved.', '        1 個のファイルを移動しました。'],
    ['        1 dir(s) moved.', '        1 個のディレクトリを移動しました。'],
    [' Volume in drive {0} is {1}', ' ドライブ {0} のボリューム ラベルは {1} です'],
    [' Volume Serial Number is {0}', ' ボリューム シリアル番号は {0} です'],
    [' Directory of {0}', ' {0} のディレクトリ'],
    ['{0} File(s) {1} bytes', '{0} 個のファイル {1} バイト'],
    ['{0} Dir(s) {1} bytes free', '{0} 個のディレクトリ {1} バイトの空き領域'],
    ['A subdirectory or file {0} already exists.', 'サブディレクトリまたはファイル {0} は既に存在します。'],
  ],
  net: [
    ['The {0} service is starting.', '{0} サービスを開始します.'],
    ['The {0} service was started successfully.', '{0} サービスは正常に開始されました。'],
    ['The {0} service is stopping.', '{0} サービスを停止中です.'],
    ['The {0} service was stopped successfully.', '{0} サービスは正常に停止されました。'],
    ['System error {0} has occurred.', 'システム エラー {0} が発生しました。'],
  ],
  reg: [
    ['ERROR: {0}', 'エラー: {0}'],
    [
      'The system was unable to find the specified registry key or value.',
      '指定されたレジストリ キーまたは値が見つかりませんでした。',
    ],
  ],
  icacls: [
    [
      'Successfully processed {0} files; Failed processing {1} files',
      '{0} 個のファイルが正常に処理されました。{1} 個のファイルを処理できませんでした',
    ],
    ['{0}: {1}', '{0}: {1}'],
  ],
  sfc: [
    [
      'Beginning system scan.  This process will take some time.',
      'システム スキャンを開始しています。これにはしばらく時間がかかります。',
    ],
    ['Beginning verification phase of system scan.', 'システム スキャンの検証フェーズを開始しています。'],
    ['Verification {0}% complete.', '検証 {0}% が完了しました。'],
    [
      'Windows Resource Protection did not find any integrity violations.',
      'Windows リソース保護は、整合性違反を検出しませんでした。',
    ],
    [
      'Windows Resource Protection found corrupt files and successfully repaired them.{0}',
      'Windows リソース保護により、破損したファイルが見つかり、それらは正常に修復されました。{0}',
    ],
  ],
  dism: [
    ['Deployment Image Servicing and Management tool', '展開イメージのサービスと管理ツール'],
    ['Version: {0}', 'バージョン: {0}'],
    ['Image Version: {0}', 'イメージのバージョン: {0}'],
    ['No component store corruption detected.', 'コンポーネント ストアの破損は検出されませんでした。'],
    ['The component store is repairable.', 'コンポーネント ストアは修復できます。'],
    ['The restore operation completed successfully.', '復元操作は正常に完了しました。'],
    ['The operation completed successfully.', '操作は正常に完了しました。'],
  ],
  gpupdate: [
    ['Computer Policy update has completed successfully.', 'コンピューター ポリシーの更新が正常に完了しました。'],
    ['User Policy update has completed successfully.', 'ユーザー ポリシーの更新が正常に完了しました。'],
  ],
  netsh: [
    ['Current WinHTTP proxy settings:', '現在の WinHTTP プロキシ設定:'],
    ['    Direct access (no proxy server).', '    直接アクセス (プロキシ サーバーなし)。'],
    ['    Proxy Server(s) :  {0}', '    プロキシ サーバー:  {0}'],
    ['    Bypass List     :  {0}', '    バイパス一覧     :  {0}'],
  ],
  taskkill: [
    ['SUCCESS: The process with PID {0} has been terminated.', '成功: PID {0} のプロセスは強制終了されました。'],
  ],
  schtasks: [
    [
      'SUCCESS: The scheduled task "{0}" has successfully been created.',
      '成功: スケジュール タスク "{0}" は正しく作成されました。',
    ],
    ['SUCCESS: Attempted to run the scheduled task "{0}".', '成功: スケジュール タスク "{0}" の実行が試行されました。'],
  ],
  chkdsk: [['The type of the file system is NTFS.', 'ファイル システムの種類は NTFS です。']],
  pnputil: [
    ['Microsoft PnP Utility', 'Microsoft PnP ユーティリティ'],
    ['Instance ID:                {0}', 'インスタンス ID:                {0}'],
    ['Device Description:         {0}', 'デバイスの説明:         {0}'],
    ['Class Name:                 {0}', 'クラス名:                 {0}'],
    ['Class GUID:                 {0}', 'クラス GUID:                 {0}'],
    ['Manufacturer Name:          {0}', '製造元の名前:          {0}'],
    ['Status:                     Started', '状態:                     開始'],
    ['Driver Name:                {0}', 'ドライバー名:                {0}'],
  ],
  bcdedit: [
    ['Windows Boot Manager', 'Windows ブート マネージャー'],
    ['Windows Boot Loader', 'Windows ブート ローダー'],
    ['--------------------', '--------------------------------'],
    ['-------------------', '--------------------------------'],
  ],
  wbadmin: [
    ['wbadmin 1.0 - Backup command-line tool', 'wbadmin 1.0 - バックアップ コマンドライン ツール'],
    ['Backup time: {0}', 'バックアップ時間: {0}'],
    ['Backup target: Fixed Disk labeled {0}', 'バックアップ対象: 固定ディスク ラベル付き {0}'],
    ['Version identifier: {0}', 'バージョン識別子: {0}'],
    [
      'Can recover: Volume(s), File(s), Application(s), Bare Metal Recovery, System State',
      '回復可能: ボリューム, ファイル, アプリケーション, ベア メタル回復, システム状態',
    ],
  ],
  w32tm: [['The command completed successfully.', 'コマンドは正しく完了しました。']],
};

/** What stays English on a Japanese Windows, or what no source showed in Japanese: said in English there, or in no words at all. */
export const stayEnglish: readonly string[] = [
  'not shown in any source, so said as `〔…〕` with numbers, codes, paths and quoted names in place: what else chkdsk, DISM, fsutil, gpupdate, ipconfig, manage-bde, net, netsh, ping, pnputil (its labels), powercfg, reagentc, sfc, shutdown, takeown, vssadmin, w32tm and wbadmin say, and the messages of services that are not there, do not start or do not stop',
  'names of accounts and groups (`BUILTIN\\Administrators`, `NT AUTHORITY\\SYSTEM`)',
  'names of most services for people (`Windows Update`, `Windows Time`, `Print Spooler`)',
  'the lines `[SC] …` and the words of states of sc.exe',
  '`ver`, the headings of DISM with `/English`, CBS.log and DISM.log',
  'not shown in any source, and said in English: bcdedit, quser, query, logoff, whoami, messages of events, of the Task Scheduler, of CIM and of Appx deployments',
];
