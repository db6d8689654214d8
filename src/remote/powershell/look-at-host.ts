import { readFile } from 'node:fs/promises';
import { Failure } from '../../kernel/failure.ts';
import { flag, readFields, text } from './kit-answers.ts';
import { ticksOf } from './kit-door.ts';
import type { RemoteShell } from './remote-shell.ts';

/** What a short look through a session tells. */
export type HostLook = {
  /** `FullLanguage`, `ConstrainedLanguage`, …; `NoLanguage` where the endpoint takes commands alone. */
  readonly languageMode: string;
  /** PowerShell's version; empty where it cannot be asked. */
  readonly version: string;
  /** The host's own name; empty where it cannot be asked. */
  readonly computerName: string;
  /** How far the host's clock is ahead of ours, ms; null where it cannot be asked. */
  readonly clockSkewMs: number | null;
  /** From asking to the answer, ms. */
  readonly roundTripMs: number;
};

/** Error ids with which an endpoint refuses script text. */
const scriptRefused = /^(?:ScriptsNotAllowed|CommandNotFoundException)\b/u;

/** Looks at a host through a session: language mode, version, name and clock. @param now our UTC time in ms @throws Failure as `RemoteShell.invoke` */
export async function lookAtHost(shell: RemoteShell, now: () => number): Promise<HostLook> {
  const script = await scriptFile('ping.ps1');
  const sentMs = now();
  try {
    const { output } = await shell.invoke({ kind: 'script', text: script });
    const roundTripMs = Math.max(0, now() - sentMs);
    const fields = readFields(output.at(-1), 'the look at the host');
    const skewTicks = BigInt(text(fields, 'utcTicks')) - ticksOf(sentMs + roundTripMs / 2);
    return {
      languageMode: text(fields, 'languageMode'),
      version: text(fields, 'version'),
      computerName: text(fields, 'computerName'),
      clockSkewMs: Math.round(Number(skewTicks) / 10_000),
      roundTripMs,
    };
  } catch (error) {
    if (!(error instanceof Failure) || !scriptRefused.test(errorId(error))) throw error;
    const roundTripMs = Math.max(0, now() - sentMs);
    return { languageMode: 'NoLanguage', version: '', computerName: '', clockSkewMs: null, roundTripMs };
  }
}

/** Scripts that set a host up for remote work, in the order in which they are run; each can look with `-Check`. */
export const hostSetups = ['service', 'https-listener', 'firewall', 'hardening', 'access', 'jea'] as const;

/** One of these scripts. */
export type HostSetup = (typeof hostSetups)[number];

/** Asks a set-up script how things stand on the host, without changing anything. @throws Failure as `RemoteShell.invoke` */
export async function checkSetup(
  shell: RemoteShell,
  setup: HostSetup,
  parameters: Readonly<Record<string, string | number>> = {},
): Promise<{ readonly ok: boolean; readonly reason: string }> {
  const script = await scriptFile(`host-setup/${setup}.ps1`);
  const { output } = await shell.invoke({
    kind: 'script',
    text: script,
    parameters: { ...parameters, Check: true },
    useLocalScope: true,
  });
  const fields = readFields(output.at(-1), `the check of ${setup}`);
  return { ok: flag(fields, 'ok'), reason: text(fields, 'reason') };
}

const scriptFile = (name: string): Promise<string> => readFile(new URL(`./${name}`, import.meta.url), 'utf8');

function errorId({ facts }: Failure): string {
  const error: unknown = facts['error'];
  return typeof error === 'object' && error !== null && 'fqid' in error ? String(error.fqid) : '';
}
