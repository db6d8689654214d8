import { Failure } from '../../kernel/failure.ts';
import type { HostFacts } from '../../kernel/host-facts.ts';
import { type HostKitText, probeText } from './host-kit-text.ts';
import { flag, number, readFields, text, texts } from './kit-answers.ts';
import { type AskKit, type ControllerTime, parseJson, ticksOf } from './kit-door.ts';
import type { RemoteShell } from './remote-shell.ts';

/** Number of clock samples; the one with the smallest round trip counts. */
const clockSamples = 3;

/** What `open` is told; `reference` gives the controller's UTC now in ms. */
export type OpenOptions = { readonly run: string; readonly host: string; readonly reference: () => number };

type Fields = Readonly<Record<string, unknown>>;

/**
 * Loads the kit into a session and reads the facts of the host. Where PowerShell is restricted the kit is not loaded, and only what can be read there is told
 * (not elevated, no roles, clock skew 0).
 */
export async function openSession(
  shell: RemoteShell,
  kit: HostKitText,
  ask: AskKit,
  time: ControllerTime,
  options: OpenOptions,
): Promise<HostFacts> {
  const probe = await lookFirst(shell, kit);
  if (text(probe, 'languageMode') !== 'FullLanguage') return restricted(probe);
  await shell.invoke({ kind: 'script', text: kit.text });
  await shell.invoke({
    kind: 'command',
    name: 'Initialize-KtState',
    parameters: {
      Run: options.run,
      HostName: options.host,
      KitText: kit.text,
      KitSha256: kit.sha256,
      SessionId: shell.info.shellId,
    },
  });
  const clockSkewMs = await agreeOnTime(ask, time, options.reference);
  const facts = readFields(await ask('facts'), 'facts of the host');
  return {
    ...restricted(probe),
    elevated: flag(facts, 'elevated'),
    clockSkewMs,
    pendingReboot: texts(facts, 'pendingReboot'),
    domainJoined: flag(facts, 'domainJoined'),
    roles: texts(facts, 'roles'),
  };
}

async function lookFirst(shell: RemoteShell, kit: HostKitText): Promise<Fields> {
  await shell.invoke({ kind: 'script', text: probeText(kit) });
  const { output } = await shell.invoke({ kind: 'command', name: 'Get-KtProbe' });
  const answer = output.at(-1);
  if (typeof answer !== 'string') throw new Failure('protocol-error', 'The first look at the host gave no text.');
  return readFields(parseJson(answer, 'the first look at the host'), 'the first look');
}

function restricted(probe: Fields): HostFacts {
  const productType = number(probe, 'productType');
  return {
    machineId: text(probe, 'machineId'),
    computerName: text(probe, 'computerName'),
    os: {
      build: number(probe, 'build'),
      ubr: number(probe, 'ubr'),
      productType: productType === 1 || productType === 2 ? productType : 3,
      caption: text(probe, 'caption'),
      uiLanguage: text(probe, 'uiLanguage'),
    },
    powershell: {
      version: text(probe, 'version'),
      languageMode: text(probe, 'languageMode'),
      executionPolicy: text(probe, 'executionPolicy'),
    },
    elevated: false,
    uptimeMs: number(probe, 'uptimeMs'),
    clockSkewMs: 0,
    systemDrive: { freeBytes: number(probe, 'freeBytes'), sizeBytes: number(probe, 'sizeBytes') },
    pendingReboot: [],
    domainJoined: false,
    roles: [],
  };
}

/** Measures the host's clock skew (ms) by the sample with the smallest round trip; from here on every call tells the controller's time. */
async function agreeOnTime(ask: AskKit, time: ControllerTime, reference: () => number): Promise<number> {
  let best: { readonly roundTripMs: number; readonly middleMs: number; readonly sample: Fields } | undefined;
  for (let taken = 0; taken < clockSamples; taken++) {
    const sentMs = reference();
    const sample = readFields(await ask('clock'), 'a clock sample');
    const roundTripMs = Math.max(0, reference() - sentMs);
    if (best === undefined || roundTripMs < best.roundTripMs)
      best = { roundTripMs, middleMs: sentMs + roundTripMs / 2, sample };
  }
  if (best === undefined) return 0;
  time.reference = reference;
  time.roundTripMs = best.roundTripMs;
  return Math.round(Number(BigInt(text(best.sample, 'utcTicks')) - ticksOf(best.middleMs)) / 10_000);
}
