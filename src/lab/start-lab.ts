import { type HardwareServices, startHardwareServices } from './bmc/start-hardware-services.ts';
import { type Disturbances, disturb } from './disturbances/disturb.ts';
import { createMachine } from './faults/create-machine.ts';
import { serviceProcessorFaultKinds } from './faults/faults.ts';
import type { HostSpec, LabSpec } from './faults/lab-spec.ts';
import { bareEndpoint, type NoLanguageEndpoint, readNoLanguageEndpoint } from './no-language-endpoint.ts';
import { openFirewall } from './open-firewall.ts';
import { createPwshEngine, createPwshRunspaceHost } from './pwsh-engine/pwsh-runspace-host.ts';
import type { LabUser, SessionConfiguration } from './server/endpoint-options.ts';
import { startWinRmEndpoint, type WinRmEndpoint } from './server/winrm-endpoint.ts';
import { sidOfName, sids } from './windows/accounts.ts';
import { createCmdHost } from './windows/cmd/cmd-host.ts';
import type { Machine } from './windows/machine/machine.ts';
import { createRunspaceHost } from './windows/runtime/host-runspace.ts';
import { installLauncher } from './windows/runtime/launcher.ts';

/** A running host of a lab. */
export type LabHost = {
  readonly name: string;
  readonly description: string;
  readonly machine: Machine;
  readonly address: string;
  readonly port: number;
  /** Name of its first no-language endpoint, through which the inventory reaches it; null where it has none. */
  readonly configurationName: string | null;
  /** Resolves when the endpoint has followed the machine's power: away while it is down, back when it is up. */
  ready(): Promise<void>;
  /** Disturbances that have not come yet, in words. */
  readonly pending: () => readonly string[];
};

/** Simulated Windows hosts with their WinRM endpoints. */
export type Lab = AsyncDisposable & {
  readonly hosts: readonly LabHost[];
  /** Service processors and XClarity Administrator, where the lab has them. */
  readonly hardware: Omit<HardwareServices, 'close'>;
  /** Text of an inventory of all hosts in the group `lab`; the password is a reference. */
  inventoryYaml(): string;
  /** Ends endpoints and machines. */
  close(): Promise<void>;
};

/** What a lab is started with. */
export type LabOptions = {
  readonly spec: LabSpec;
  /** Password of the accounts; never part of the inventory. */
  readonly password: string;
  /** First port; the hosts take this and the following. Free ports where it is absent. */
  readonly basePort?: number;
  /** Logon names of administrators (default `operator`). */
  readonly users?: readonly string[];
  /** Further accounts that may log in without being administrators. */
  readonly plainUsers?: readonly string[];
  /** Offers the scheme `NTLM` besides Negotiate, as the server half of curl's `--ntlm` wants it; off as on Windows. */
  readonly ntlmScheme?: boolean;
  /** A PowerShell that evaluates the scripts in the simulator's stead: its path. */
  readonly powerShell?: string;
  /** Name of the environment variable that the inventory refers to. */
  readonly passwordVariable?: string;
  /** Told when a disturbance comes, or a script waits for so long that its waits are skipped no more; in words. */
  readonly onNotice?: (host: string, what: string) => void;
};

const address = '127.0.0.1';

/** For one script a day of waits is skipped. */
const skippedPerScriptMs = 24 * 60 * 60 * 1000;

/** A session configuration that lets in whoever has a role in it. */
const configurationOf = ({ name, roles }: NoLanguageEndpoint, machine: Machine): SessionConfiguration => ({
  name,
  admits: ({ account, administrator }) =>
    roles.some((role) => {
      const sid = sidOfName(role) ?? role;
      if (sid === sids.administrators) return administrator;
      return [account, account.slice(account.indexOf('\\') + 1), machine.accountOf(account)?.sid].includes(role);
    }),
});

/** Whose passwords the endpoints and the services of the hardware know. */
const usersOf = (options: LabOptions): LabUser[] => [
  ...(options.users ?? ['operator']).map((name) => ({ name, password: options.password })),
  ...(options.plainUsers ?? []).map((name) => ({ name, password: options.password, administrator: false })),
];

const listen = async (
  machine: Machine,
  port: number,
  endpoints: readonly NoLanguageEndpoint[],
  options: LabOptions,
  disturbances: Disturbances,
): Promise<WinRmEndpoint> => {
  return await startWinRmEndpoint({
    host: address,
    port,
    computerName: machine.name,
    domainName: machine.name,
    users: usersOf(options),
    schemes: { negotiate: true, ntlm: options.ntlmScheme ?? false, basic: false },
    allowUnencrypted: false,
    runspaceHost:
      options.powerShell === undefined
        ? createRunspaceHost(machine, endpoints)
        : createPwshRunspaceHost(machine, options.powerShell),
    cmdHost: createCmdHost(machine),
    configurations: endpoints.map((endpoint) => configurationOf(endpoint, machine)),
    clock: { now: () => machine.clock.callMs() },
    onRequest: disturbances.onRequest,
    refusesSession: disturbances.refusesSession,
  });
};

/** A host and its endpoint; the endpoint goes away while the machine restarts. */
const startHost = async (
  name: string,
  spec: HostSpec,
  port: number,
  options: LabOptions,
): Promise<LabHost & { close(): Promise<void> }> => {
  const machine = createMachine(name, spec, options.users ?? ['operator']);
  installLauncher(machine, options.powerShell === undefined ? undefined : createPwshEngine(options.powerShell));
  const endpoints = Object.entries(spec.jea ?? {}).map(([each, folder]) =>
    folder === null ? bareEndpoint(each) : readNoLanguageEndpoint(each, folder),
  );
  const disturbances = disturb(machine, spec.disturbances ?? [], {
    cut: () => endpoint.cutConnections(),
    onCome: (what) => options.onNotice?.(name, what),
  });
  machine.clock.patienceMs = skippedPerScriptMs;
  machine.clock.onImpatience = (pid) =>
    options.onNotice?.(
      name,
      `a script (process ${pid}) has waited for 24 hours of the host's time; its waits take real time from now on`,
    );
  let endpoint = await listen(machine, port, endpoints, options, disturbances);
  const { port: taken } = endpoint;
  if (spec.workersAllowed ?? true) openFirewall(machine, taken);
  let turning = Promise.resolve();
  machine.power.watch((state) => {
    turning = turning.then(async () => {
      if (state === 'down') await endpoint.close();
      else endpoint = await listen(machine, taken, endpoints, options, disturbances);
    });
  });
  return {
    name,
    description: spec.description ?? '',
    machine,
    address,
    port: taken,
    configurationName: endpoints[0]?.name ?? null,
    ready: () => turning,
    pending: disturbances.pending,
    close: async () => {
      await turning;
      await endpoint.close();
      machine.close();
    },
  };
};

/**
 * Starts a lab: one simulated Windows per host, each behind a WinRM endpoint on this machine.
 * @throws Error when a port is taken
 */
export const startLab = async (options: LabOptions): Promise<Lab> => {
  const entries = Object.entries(options.spec.hosts);
  const started = await Promise.allSettled(
    entries.map(([name, spec], index) =>
      startHost(name, spec, options.basePort === undefined ? 0 : options.basePort + index, options),
    ),
  );
  const hosts = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const failed = started.find((each) => each.status === 'rejected');
  if (failed) {
    // None of the others may keep the program alive.
    await Promise.all(hosts.map((host) => host.close()));
    throw failed.reason;
  }
  const hardware = await startHardware(options, hosts);
  const close = async (): Promise<void> => {
    await Promise.all([...hosts.map((host) => host.close()), hardware.close()]);
  };
  return {
    hosts,
    hardware,
    inventoryYaml: () => writeInventory(hosts, options),
    close,
    [Symbol.asyncDispose]: close,
  };
};

/** The service processors that the lab file asks for, or whose faults it names. */
const startHardware = async (options: LabOptions, hosts: readonly LabHost[]): Promise<HardwareServices> => {
  const { spec } = options;
  const isServed = ({ bmc = false, faults = [] }: HostSpec): boolean =>
    bmc || faults.some(({ kind }) => serviceProcessorFaultKinds.includes(kind));
  const served = hosts.filter(({ name }) => isServed(spec.hosts[name]!));
  return startHardwareServices(new Map(served.map(({ name, machine }) => [name, machine])), usersOf(options), {
    xclarity: spec.xclarityAdministrator ?? false,
  });
};

const writeInventory = (hosts: readonly LabHost[], options: LabOptions): string =>
  [
    'kintsugi: inventory/v1',
    'hosts:',
    ...hosts.flatMap((host) => [
      `  ${host.name}:`,
      `    address: ${host.address}`,
      `    port: ${host.port}`,
      ...(host.configurationName === null ? [] : [`    configurationName: ${host.configurationName}`]),
    ]),
    'groups:',
    '  lab:',
    `    hosts: [${hosts.map((host) => host.name).join(', ')}]`,
    '    defaults: { credential: lab }',
    'credentials:',
    '  lab:',
    `    username: ${options.users?.[0] ?? 'operator'}`,
    `    password: env:${options.passwordVariable ?? 'KINTSUGI_LAB_PASSWORD'}`,
    '',
  ].join('\n');
