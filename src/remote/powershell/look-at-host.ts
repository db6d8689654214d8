import { readFile } from 'node:fs/promises';
import { Failure } from '../../kernel/failure.ts';
import { refusesScripts } from './endpoint-module.ts';
import { jeaCommands } from './jea-endpoint.ts';
import { flag, readFields, text } from './kit-answers.ts';
import { parseJson, ticksOf } from './kit-door.ts';
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

/**
 * Looks at a host through a session: language mode, version, name and clock. An endpoint without language is asked by the command of its
 * module, if it has one.
 * @param now our UTC time in ms
 * @throws Failure as `RemoteShell.invoke`
 */
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
    if (!refusesScripts(error)) throw error;
    return { ...(await askModule(shell)), roundTripMs: Math.max(0, now() - sentMs) };
  }
}

async function askModule(shell: RemoteShell): Promise<Omit<HostLook, 'roundTripMs'>> {
  const restricted = { languageMode: 'NoLanguage', clockSkewMs: null };
  try {
    const { output } = await shell.invoke({ kind: 'command', name: jeaCommands.probe });
    const answer = output.at(-1);
    const fields = readFields(parseJson(typeof answer === 'string' ? answer : '', 'the probe'), 'the probe');
    return { ...restricted, version: text(fields, 'version'), computerName: text(fields, 'computerName') };
  } catch (error) {
    // An endpoint of somebody else's has no such command.
    if (error instanceof Failure && error.code === 'script-error')
      return { ...restricted, version: '', computerName: '' };
    throw error;
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
