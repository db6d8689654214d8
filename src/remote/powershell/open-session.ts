import { Failure } from '../../kernel/failure.ts';
import type { HostFacts } from '../../kernel/host-facts.ts';
import { type GivenValues, refusesScripts, requireModule, type ScriptHashes } from './endpoint-module.ts';
import { type HostKitText, probeText } from './host-kit-text.ts';
import { jeaCommands } from './jea-endpoint.ts';
import { flag, number, readFields, text, texts } from './kit-answers.ts';
import { type AskKit, type KitSession, parseJson, ticksOf } from './kit-door.ts';
import type { RemoteShell } from './remote-shell.ts';
import { setUpIn } from './renewable-shell.ts';

/** Number of clock samples; the one with the smallest round trip counts. */
const clockSamples = 3;

/** What `open` is told; `reference` gives the controller's UTC now in ms. */
export type OpenOptions = {
  readonly run: string;
  readonly host: string;
  readonly reference: () => number;
  readonly scripts: ScriptHashes;
  readonly given?: GivenValues;
};

type Fields = Readonly<Record<string, unknown>>;

/**
 * Loads the kit into a session and reads the facts of the host. Where PowerShell is restricted the kit is not loaded, and only what can be read there is told
 * (not elevated, no roles, clock skew 0). A no-language endpoint runs the kit of its own module, if that is the one that the run needs.
 * @throws Failure `jea-module` where a no-language endpoint has no such module
 */
export async function openSession(
  shell: RemoteShell,
  kit: HostKitText,
  ask: AskKit,
  session: KitSession,
  options: OpenOptions,
): Promise<HostFacts> {
  const workIn = ({ info }: RemoteShell) => ({ Run: options.run, HostName: options.host, SessionId: info.shellId });
  let probe: Fields;
  if (await takesScripts(shell, kit)) {
    probe = await lookFirst(shell);
    if (text(probe, 'languageMode') !== 'FullLanguage') return restricted(probe);
    await setUpIn(shell, async (each) => {
      await each.invoke({ kind: 'script', text: kit.text });
      const parameters = { ...workIn(each), KitText: kit.text, KitSha256: kit.sha256 };
      await each.invoke({ kind: 'command', name: 'Initialize-KtState', parameters });
    });
  } else {
    const jeaModule = await requireModule(shell, kit, options.scripts, options.given);
    const seen = await lookFirst(shell);
    // asked from inside the module, which has all of the language
    probe = { ...seen, languageMode: 'NoLanguage', jeaModule };
    await setUpIn(shell, async (each) => {
      await each.invoke({ kind: 'command', name: jeaCommands.open, parameters: workIn(each) });
    });
    session.door = jeaCommands.door;
  }
  const clockSkewMs = await agreeOnTime(ask, session, options.reference);
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

/** Sends the probe; false where the session runs no script text. */
async function takesScripts(shell: RemoteShell, kit: HostKitText): Promise<boolean> {
  try {
    await shell.invoke({ kind: 'script', text: probeText(kit) });
    return true;
  } catch (error) {
    if (refusesScripts(error)) return false;
    throw error;
  }
}

async function lookFirst(shell: RemoteShell): Promise<Fields> {
  const { output } = await shell.invoke({ kind: 'command', name: jeaCommands.probe });
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
      ...('jeaModule' in probe ? { jeaModule: text(probe, 'jeaModule') } : {}),
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
async function agreeOnTime(ask: AskKit, session: KitSession, reference: () => number): Promise<number> {
  let best: { readonly roundTripMs: number; readonly middleMs: number; readonly sample: Fields } | undefined;
  for (let taken = 0; taken < clockSamples; taken++) {
    const sentMs = reference();
    const sample = readFields(await ask('clock'), 'a clock sample');
    const roundTripMs = Math.max(0, reference() - sentMs);
    if (best === undefined || roundTripMs < best.roundTripMs)
      best = { roundTripMs, middleMs: sentMs + roundTripMs / 2, sample };
  }
  if (best === undefined) return 0;
  session.reference = reference;
  session.roundTripMs = best.roundTripMs;
  return Math.round(Number(BigInt(text(best.sample, 'utcTicks')) - ticksOf(best.middleMs)) / 10_000);
}
