import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../kernel/failure.ts';
import { toPlain } from '../../remote/protocol/clixml/to-plain.ts';
import { type PsValue, psList } from '../../remote/protocol/clixml/values.ts';
import type { CmdletDefinition } from '../evaluator/host.ts';
import type { Registry } from '../evaluator/registry.ts';
import { windowsExtension } from '../windows/runtime/extension.ts';
import { callScript, engineText } from './call-script.ts';
import { type CommandSource, commandSource } from './command-source.ts';
import { cached, userCacheFolder } from './private-cache.ts';
import { PwshSession } from './pwsh-session.ts';
import { languageTypesOfMachine, type ShadowSource, shadowSource } from './shadow-source.ts';

/** What sessions of one PowerShell have in common. */
export type Groundwork = {
  /** The classes that stand for what is the machine's. */
  readonly assembly: Uint8Array;
  readonly shadows: ShadowSource;
  readonly proxies: CommandSource;
  /** Names of the PowerShell's own commands. */
  readonly commands: readonly string[];
};

/** Commands of the language's own that look at the machine or its clock. */
const ofMachine = ['Start-Sleep', 'Get-Date'];

/** The bridge's own parts, the one with the `using` lines first. */
const parts = ['bridge.cs', 'internals.cs', 'shadow.cs', 'command.cs', 'wire.cs', 'script.cs'];

/** Groundwork by executable: the simulator is the same for all machines. */
const groundworks = new Map<string, Promise<Groundwork>>();

/** Commands that the simulator does. */
export const simulatedCommands = (registry: Registry): CmdletDefinition[] => {
  const ofWindows = new Set((windowsExtension.cmdlets ?? []).map(({ name }) => name.toLowerCase()));
  return [...registry.cmdlets.values()].filter(
    ({ name }) => ofWindows.has(name.toLowerCase()) || ofMachine.includes(name),
  );
};

/**
 * What a PowerShell needs to speak for a machine. Compiling takes seconds, so that it is done once for each version of PowerShell and of the
 * simulator, and kept in this user's cache folder.
 * @param version of the PowerShell; where it is unknown, nothing is kept
 * @throws Failure `unreachable` where the PowerShell does not start or does not compile
 */
export const groundwork = (
  executable: string,
  version: string | undefined,
  registry: Registry,
): Promise<Groundwork> => {
  const known = groundworks.get(executable);
  if (known) return known;
  const laid = lay(executable, version, registry);
  groundworks.set(executable, laid);
  laid.catch(() => groundworks.delete(executable));
  return laid;
};

/** What changes when a PowerShell of the same version is built anew at the same place. */
const stampOf = (executable: string): string => {
  const found = statSync(executable, { throwIfNoEntry: false });
  return found === undefined ? '' : `${found.size} ${found.mtimeMs}`;
};

const lay = async (executable: string, version: string | undefined, registry: Registry): Promise<Groundwork> => {
  // What a session must not do that is to be prepared: a PowerShell remembers each type that it was asked for.
  let opened: PwshSession | undefined;
  const session = async (): Promise<PwshSession> => (opened ??= await PwshSession.open('lab', executable, {}));
  const kept = (key: readonly string[], make: (own: PwshSession) => Promise<Uint8Array>): Promise<Uint8Array> => {
    const made = async () => await make(await session());
    return version === undefined
      ? made()
      : cached(
          join(userCacheFolder(), 'lab-engine'),
          [executable, version, stampOf(executable), ...key].join('\n'),
          made,
        );
  };
  try {
    const types = [...registry.enums.values(), ...registry.exceptions.values()].map(({ name }) => name);
    const machineTypes = (windowsExtension.types ?? []).map(({ name }) => name);
    const simulated = [...machineTypes, ...languageTypesOfMachine];
    const look = engineText('look.ps1');
    const looked = await kept([look, ...types, '', ...simulated], (own) => lookAround(own, look, types, simulated));
    const seen: unknown = JSON.parse(Buffer.from(looked).toString());
    const shadows = shadowSource(registry, machineTypes, {
      unknown: new Set(textsOf(seen, 'unknown')),
      methods: new Set(textsOf(seen, 'methods')),
    });
    const proxies = commandSource(simulatedCommands(registry), registry, shadows.names);
    const source = [...parts.map(engineText), shadows.text, proxies.text].join('\n');
    const compiler = engineText('compile.ps1');
    const assembly = await kept([compiler, source], (own) => compile(own, compiler, source));
    return { assembly, shadows, proxies, commands: textsOf(seen, 'commands') };
  } finally {
    opened?.kill();
  }
};

const lookAround = async (
  session: PwshSession,
  look: string,
  types: readonly string[],
  simulated: readonly string[],
): Promise<Uint8Array> => {
  const [seen = null] = await callScript(session, look, [
    ['Types', psList(types)],
    ['Simulated', psList(simulated)],
  ]);
  return Buffer.from(JSON.stringify(toPlain(seen)));
};

const compile = async (session: PwshSession, compiler: string, source: string): Promise<Uint8Array> => {
  const [assembly]: (PsValue | undefined)[] = await callScript(session, compiler, [
    ['Source', source],
    ['Name', `kintsugi-lab-${randomUUID()}.dll`],
  ]);
  if (assembly instanceof Uint8Array) return assembly;
  throw new Failure('unreachable', 'The PowerShell of the lab compiled nothing.');
};

const textsOf = (value: unknown, name: string): string[] => {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return Array.isArray(found) ? found.map(String) : [];
};
