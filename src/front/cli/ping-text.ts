import type { HostPing } from '../../operations/ping.ts';
import type { Language } from '../../report/words/words.ts';

const words = {
  en: {
    header: [
      'Host',
      'Place',
      'Way',
      'Login',
      'Sealed by',
      'Protocol',
      'PowerShell',
      'Language',
      'Envelope',
      'Clock',
      'Answer',
    ],
    clear: 'nothing',
    sameClock: 'equal',
    unknown: '-',
    codes: {
      unreachable: 'unreachable',
      unauthenticated: 'login refused',
      'untrusted-host': 'not trusted',
      forbidden: 'not allowed',
      other: 'failed',
    },
  },
  ja: {
    header: [
      'ホスト',
      '接続先',
      '経路',
      '認証',
      '暗号化',
      'プロトコル',
      'PowerShell',
      '言語モード',
      'エンベロープ',
      '時計',
      '応答',
    ],
    clear: 'なし',
    sameClock: '一致',
    unknown: '-',
    codes: {
      unreachable: '接続不可',
      unauthenticated: '認証失敗',
      'untrusted-host': '信頼不可',
      forbidden: '権限なし',
      other: '失敗',
    },
  },
} as const;

/** Clocks closer than this, in ms, count as equal: Kerberos and TLS bear minutes. */
const equalClockMs = 1_000;

/** Heads of the columns of a ping. */
export const pingHeader = (language: Language): readonly string[] => words[language].header;

/** The ping of one host as a row. */
export function pingRow(ping: HostPing, language: Language): readonly string[] {
  const say = words[language];
  if (!ping.ok) {
    const known = Object.entries(say.codes).find(([code]) => code === ping.fault.code);
    return [ping.host, ping.place, known?.[1] ?? say.codes.other];
  }
  const { session } = ping;
  const seals = [...(session.tls ? ['TLS'] : []), ...(session.sealed ? [session.mechanism] : [])];
  return [
    ping.host,
    ping.place,
    session.transport,
    session.mechanism,
    seals.join('+') || (session.transport === 'winrm' ? say.clear : session.transport),
    session.protocolVersion,
    session.powershell || say.unknown,
    session.languageMode,
    session.envelopeBytes === null ? say.unknown : `${Math.floor(session.envelopeBytes / 1000)} kB`,
    clockText(session.clockSkewMs, language),
    `${session.roundTripMs} ms`,
  ];
}

function clockText(skewMs: number | null, language: Language): string {
  if (skewMs === null) return words[language].unknown;
  if (Math.abs(skewMs) < equalClockMs) return words[language].sameClock;
  return `${skewMs > 0 ? '+' : '-'}${(Math.abs(skewMs) / 1000).toFixed(1)} s`;
}
