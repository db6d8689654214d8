import type { EndCause, HostEnd } from '../../journal/event-data.ts';
import type { LocalText } from '../../kernel/words.ts';
import type { Language } from './words.ts';

/** What a cause means in one short sentence. */
export const causeSentences: { readonly [cause in EndCause]: Required<LocalText> } = {
  'work-refused': { en: 'No trusted signature covers this work.', ja: '信頼できる署名がないため実行を拒否しました。' },
  cancel: { en: 'The run was cancelled.', ja: '実行が中止されました。' },
  budget: { en: "The run's failure budget is used up.", ja: '失敗の許容数に達したため開始しませんでした。' },
  window: { en: 'The change window is closed or too short.', ja: '変更可能な時間内に終わりません。' },
  'same-machine': { en: 'Two names of the inventory are one machine.', ja: '同じマシンが別名で含まれています。' },
  unreachable: { en: 'The host cannot be reached.', ja: 'ホストに接続できません。' },
  quota: { en: 'The host lets no further session in.', ja: 'ホストのセッション数などの上限に達しています。' },
  unauthenticated: { en: 'The host refused the credentials.', ja: '認証情報が拒否されました。' },
  'untrusted-host': {
    en: "The host's certificate or key is not trusted.",
    ja: 'ホストの証明書または鍵を信頼できません。',
  },
  'clock-skew': { en: 'The clocks differ too much.', ja: '時計のずれが大きすぎます。' },
  forbidden: { en: 'The account lacks rights on the host.', ja: 'アカウントにホスト上の権限がありません。' },
  dropped: { en: 'The connection dropped.', ja: '接続が切れました。' },
  'protocol-error': { en: 'The host broke the protocol.', ja: 'ホストの応答がプロトコルに反しています。' },
  'claim-lost': {
    en: 'Another attempt took the host again and again.',
    ja: 'ホストが繰り返し別の試行に引き継がれました。',
  },
  'language-mode': { en: 'PowerShell is restricted on the host.', ja: 'PowerShell の言語モードが制限されています。' },
  'jea-module': {
    en: "The no-language endpoint lacks the plan's module.",
    ja: 'エンドポイント(NoLanguage)に、この計画に必要なモジュールがありません。',
  },
  'not-elevated': { en: 'The session is not elevated.', ja: 'セッションに管理者権限がありません。' },
  'os-target': {
    en: 'The playbook is not for this operating system.',
    ja: 'このプレイブックの対象 OS ではありません。',
  },
  'no-user-session': { en: 'Nobody is signed in on the host.', ja: 'ホストに誰もサインインしていません。' },
  preflight: { en: 'A preflight check did not pass.', ja: '事前確認に合格しませんでした。' },
  'survey-failed': { en: 'The survey of the host failed.', ja: 'ホストの調査に失敗しました。' },
  'goal-holds': { en: 'The goal holds already.', ja: '目標はすでに達成されています。' },
  'not-possible': { en: 'What is needed cannot be done now.', ja: '必要な手順を今は実行できません。' },
  findings: { en: 'The playbook looked, and found something.', ja: '調査の結果、問題が見つかりました。' },
  'nothing-applies': { en: 'No step of the playbook applies.', ja: '該当する手順がありません。' },
  'claim-held': { en: 'Another run holds the host.', ja: '別の実行がこのホストを使用しています。' },
  'kit-folder-tampered': {
    en: "The kit's folder on the host is not safe.",
    ja: 'ホスト上の作業フォルダーが改変されている可能性があります。',
  },
  protection: { en: 'The host could not be protected.', ja: '復元手段を確保できませんでした。' },
  'command-failed': { en: 'The host kit could not do its work.', ja: 'ホスト上の処理に失敗しました。' },
  reboot: { en: 'The host did not restart.', ja: 'ホストが再起動しませんでした。' },
  'former-attempt': { en: 'An earlier attempt still works.', ja: '以前の試行がまだ動いています。' },
  'ledger-behind': { en: "The host's ledger went back in time.", ja: 'ホストの台帳が過去の状態に戻っています。' },
  'ledger-broken': { en: "The host's ledger is broken.", ja: 'ホストの台帳が壊れています。' },
  'ledger-journal-cut': {
    en: "The journal lacks what the host's ledger knows.",
    ja: 'ホストの台帳にある記録がジャーナルにありません。',
  },
  'goal-reached': { en: 'The goal was reached.', ja: '目標を達成しました。' },
  failure: { en: 'A step failed.', ja: '手順が失敗しました。' },
  'window-closing': { en: 'The change window was about to close.', ja: '変更可能な時間が終わりに近づきました。' },
  'goal-not-reached': { en: 'The goal was not reached.', ja: '目標を達成できませんでした。' },
  order: { en: 'A rollback was ordered.', ja: 'ロールバックが指示されました。' },
  'dead-man': {
    en: "The host's own safety task put changes back.",
    ja: 'ホストの安全タスクが変更を元に戻しました。',
  },
  doubt: { en: 'An attempt ended without an outcome.', ja: '手順が結果を残さずに途切れました。' },
  'undo-incomplete': { en: 'The undo is incomplete.', ja: '元に戻す処理が完了していません。' },
  'facts-unread': { en: 'The undo could not be proven.', ja: '元に戻ったことを確認できません。' },
  'order-not-done': { en: 'The order could not be carried out.', ja: '指示を実行できませんでした。' },
  'not-released': { en: 'The host could not be given free.', ja: 'ホストを解放できませんでした。' },
};

const fixAndLaunch = '原因を取り除いてから、もう一度実行してください。';
const compareFirst = 'ほかの作業の前に、ホストの状態とレポートを照合してください。最後の手段は復元ポイントです。';
const launchLater = '--until の時刻を遅くして、もう一度実行してください。';
const closeLater = 'ホストが復帰したら、kintsugi rollback または kintsugi commit で完了させてください。';

/** What a Japanese reader should do after each cause, where there is anything to do. */
const japaneseRemedies: { readonly [cause in EndCause]?: string } = {
  'work-refused': 'Redis に書き込めるのが誰かを調べ、計画を実行し直してください。',
  budget: 'ほかのホストが失敗した原因を調べ、残りのホストに対して実行し直してください。',
  window: launchLater,
  'window-closing': launchLater,
  'same-machine': 'インベントリからどちらかの名前を外してください。',
  unreachable: 'ホストの電源、WinRM、ファイアウォールを確認してください。',
  quota: 'このアカウントのほかのセッションを終了するか、ホストの WinRM の上限を引き上げてください。',
  dropped: 'ホストの電源、WinRM、ファイアウォールを確認してください。',
  unauthenticated: 'アカウントとパスワードの参照を確認してください。',
  'untrusted-host': '証明書または鍵が変わった理由を調べ、tls.ca、tls.pin または ssh.hostKey を更新してください。',
  forbidden: 'ホスト上のアカウントの権限を確認してください。',
  'language-mode': 'AppLocker などの制限を受けないアカウントまたはエンドポイントを使ってください。',
  'jea-module': 'kintsugi jea export で書き出し、ホストにインストールしてから、もう一度実行してください。',
  'not-elevated': 'ローカルの Administrators に属するドメインアカウントを使ってください。',
  'os-target': 'この OS を対象とするプレイブックを選ぶか、--limit で除外してください。',
  'no-user-session': '利用者がサインインしているときに、もう一度実行してください。',
  preflight: fixAndLaunch,
  'survey-failed': fixAndLaunch,
  'not-possible': fixAndLaunch,
  'command-failed': fixAndLaunch,
  'claim-held': 'その実行の終了を待つか中止してから、もう一度実行してください。',
  'kit-folder-tampered': '変更した人を確認し、フォルダーを削除してから、もう一度実行してください。',
  protection: 'システムドライブのシャドウコピー領域を確認してください。',
  reboot: '手動で再起動し、再起動を妨げている原因を調べてください。',
  'former-attempt': 'ホスト上のプロセスを確認し、応答がなければ終了させてください。',
  'ledger-behind': compareFirst,
  'ledger-broken': compareFirst,
  'ledger-journal-cut': compareFirst,
  'undo-incomplete': 'レポートに示された対象を手作業で戻すか、復元ポイントを使ってください。',
  'not-released': closeLater,
};

/** What an end says in the reader's language: in Japanese the sentence of the cause, then the English detail. */
export function reasonText(cause: EndCause, detail: string, language: Language): string {
  return withDetail(causeSentences[cause]?.[language], detail, language);
}

/** What an end says in a few words: in Japanese the sentence of the cause alone, in English the detail. */
export function shortReason(cause: EndCause, detail: string, language: Language): string {
  return language === 'en' ? reasonText(cause, detail, language) : (causeSentences[cause]?.[language] ?? detail);
}

/** What to do after an end in the reader's language; an empty text where nothing is. */
export function remedyText({ cause, remedy }: HostEnd, language: Language): string {
  return remedy === '' ? '' : withDetail(japaneseRemedies[cause], remedy, language);
}

/** A journal of another version may hold a cause that this one has no sentence for: its detail stands alone then. */
function withDetail(sentence: string | undefined, detail: string, language: Language): string {
  if (sentence === undefined || (language === 'en' && detail !== '')) return detail;
  return detail === '' ? sentence : `${sentence}(${detail})`;
}
