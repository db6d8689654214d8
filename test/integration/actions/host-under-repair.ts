import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openActionLibrary } from '../../../src/input/action/action-library.ts';
import { sha256 } from '../../../src/kernel/canonical-json.ts';
import type { Json, ScriptKind } from '../../../src/kernel/words.ts';
import type { FaultSpec } from '../../../src/lab/faults/faults.ts';
import type { HostSpec } from '../../../src/lab/faults/lab-spec.ts';
import { startLab } from '../../../src/lab/start-lab.ts';
import type { Machine } from '../../../src/lab/windows/machine/machine.ts';
import type {
  Application,
  Detection,
  HostKit,
  ScriptCall,
  ScriptFault,
  ScriptOutcome,
  UndoResult,
  Verification,
} from '../../../src/remote/powershell/host-kit.ts';
import { loadHostKitText } from '../../../src/remote/powershell/host-kit-text.ts';
import { openHostKit } from '../../../src/remote/powershell/open-host-kit.ts';
import { openWinRmShell } from '../../../src/remote/transport/winrm/open-winrm-shell.ts';

const shippedDir = join(dirname(fileURLToPath(import.meta.url)), '../../../playbooks');
const library = openActionLibrary({ projectDir: join(shippedDir, 'no-project'), shippedDir });
const journalHead = '0'.repeat(64);

type With = { readonly [name: string]: Json };

/** A simulated Windows with a session and a claimed run in it; shipped actions run there as the engine runs them. */
export type HostUnderRepair = AsyncDisposable & {
  readonly machine: Machine;
  readonly detect: (action: string, values?: With) => Promise<Detection>;
  readonly verify: (action: string, values?: With) => Promise<Verification>;
  /** Applies an action; its error where it fails. */
  readonly apply: (action: string, values?: With) => Promise<Application | ScriptFault>;
  /** What a script of these lines that only looks fails with. */
  readonly faultOf: (lines: readonly string[]) => Promise<ScriptFault | null>;
  /** Undoes all changes of the run, newest first. */
  readonly undo: () => Promise<UndoResult>;
};

/** Starts a lab of one host with these faults and opens a session to it. */
export async function repairHost(
  base: HostSpec['base'],
  faults: readonly FaultSpec[],
  uiLanguage: 'en-US' | 'ja-JP' = 'en-US',
  powerShell?: string,
): Promise<HostUnderRepair> {
  const password = randomUUID();
  const lab = await startLab({
    spec: { kintsugi: 'lab/v1', hosts: { host: { base, faults, uiLanguage } } },
    password,
    ...(powerShell === undefined ? {} : { powerShell }),
  });
  const [host] = lab.hosts;
  if (host === undefined) throw new Error('the lab has no host');
  const shell = await openWinRmShell({
    host: host.address,
    port: host.port,
    auth: { mechanisms: ['negotiate'], username: 'operator', password: () => password },
    connectTimeoutMs: 10_000,
    operationTimeoutMs: 20_000,
    idleTimeoutMs: 900_000,
  });
  const kit = openHostKit(shell, await loadHostKitText());
  await kit.open({ run: 'r1', host: 'host', reference: Date.now, scripts: new Map() });
  let token = 0;
  let attempt = 0;
  return {
    machine: host.machine,
    detect: async (action, values = {}) => done(await kit.read<Detection>(callOf(action, 'detect', values))),
    verify: async (action, values = {}) => done(await kit.read<Verification>(callOf(action, 'verify', values))),
    async apply(action, values = {}) {
      token = token === 0 ? await claim(kit) : token;
      attempt++;
      let outcome: ScriptOutcome<unknown> = await kit.apply(callOf(action, 'apply', values), {
        token,
        journalHead,
        attempt,
      });
      while (outcome.kind === 'running') outcome = await kit.poll(outcome.task);
      if (outcome.kind === 'failed') return outcome.fault;
      if (!isApplication(outcome.result)) throw new Error(`${action} gave no application`);
      return outcome.result;
    },
    async faultOf(lines) {
      const text = lines.join('\n');
      const given = { parameters: {}, lane: 'inline', longestMs: 60_000, interruptible: false } as const;
      const outcome = await kit.read({ step: 's', kind: 'detect', text, sha256: sha256(text), ...given });
      return outcome.kind === 'failed' ? outcome.fault : null;
    },
    undo: () => kit.undo({ token, journalHead, step: null }),
    async [Symbol.asyncDispose]() {
      await shell.close();
      await lab.close();
    },
  };
}

/** The application of an apply that has to succeed. */
export function applied(outcome: Application | ScriptFault): Application {
  if (isApplication(outcome)) return outcome;
  throw new Error(`${outcome.script}:${outcome.line} ${outcome.fqid}: ${outcome.message}`);
}

/** Ids of all shipped actions of a kind. */
export function shippedActions(kind: 'check' | 'change'): string[] {
  return library.ids().filter((id) => {
    const action = library.get(id);
    return action.ok && action.value.kind === kind;
  });
}

async function claim(kit: HostKit): Promise<number> {
  const claimed = await kit.claim({ owner: 'r1 test', journalHead });
  if (claimed.kind !== 'claimed') throw new Error(`the host was not claimed: ${JSON.stringify(claimed)}`);
  return claimed.token;
}

function callOf(id: string, kind: ScriptKind, values: With): ScriptCall {
  const action = library.get(id);
  if (!action.ok) throw new Error(action.faults.map(({ message }) => message).join('; '));
  const { scripts, lanes, parameters, longestMs, interruptible } = action.value;
  const text = scripts[kind];
  if (text === undefined) throw new Error(`${id} has no ${kind}`);
  const defaults = Object.fromEntries(
    Object.entries(parameters).flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value]])),
  );
  const bound = { ...defaults, ...values };
  return {
    step: id.split('/')[1] ?? id,
    kind,
    text,
    sha256: sha256(text),
    parameters: bound,
    lane: lanes[kind],
    longestMs,
    interruptible,
  };
}

function done<T>(outcome: ScriptOutcome<T>): T {
  if (outcome.kind === 'done') return outcome.result;
  if (outcome.kind === 'running') throw new Error('a read-only script is still running');
  const { script, line, fqid, message } = outcome.fault;
  throw new Error(`${script}:${line} ${fqid}: ${message}`);
}

function isApplication(value: unknown): value is Application {
  return typeof value === 'object' && value !== null && 'changed' in value;
}
