import { systemPid } from '../../windows/machine/change-feed.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import { companyHosts, issuers } from '../../windows/machine/network/site.ts';
import { localPolicyFile, type PolicyObject } from '../../windows/machine/policy/group-policy.ts';
import { decodePolicyFile, encodePolicyFile, type PolicyValue } from '../../windows/machine/policy/policy-file.ts';
import { placeFile } from '../bases/base-files.ts';
import { placeTrustedIssuer } from '../bases/base-network.ts';
import { placeValues } from '../bases/base-registry.ts';
import type { FaultKinds } from '../fault-kinds.ts';

const windowsUpdate = 'SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate';

/** A value of the update client's policy. */
const updateValue = (name: string, data: number | string, isBelowAu = false): PolicyValue => ({
  key: isBelowAu ? `${windowsUpdate}\\AU` : windowsUpdate,
  name,
  kind: typeof data === 'number' ? 'DWord' : 'String',
  data,
});

/** The machine is a member of the company's domain: it keeps time from there and trusts its issuer. */
const joinDomain = (machine: Machine): void => {
  if (machine.policy.domain !== undefined) return;
  placeValues(machine, 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters', {
    Domain: companyHosts.domain,
    'NV Domain': companyHosts.domain,
  });
  placeValues(machine, 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\W32Time\\Parameters', { Type: 'NT5DS' });
  // On a member of a domain a trigger starts the time service.
  if (machine.services.find('W32Time')?.state === 'Stopped') void machine.services.start('W32Time', systemPid);
  placeTrustedIssuer(machine, issuers.company);
};

/** Adds an object to those of the domain and brings it into force. */
export const addDomainPolicy = (machine: Machine, policy: PolicyObject): void => {
  joinDomain(machine);
  machine.policy.domainPolicies = [...machine.policy.domainPolicies, policy];
  machine.policy.refresh('periodic');
};

/** Adds values to the local policy object and brings them into force. */
const addLocalPolicy = (machine: Machine, values: readonly PolicyValue[]): void => {
  const node = machine.files.find(localPolicyFile);
  const old = node ? decodePolicyFile(machine.files.read(node)) : [];
  placeFile(machine, localPolicyFile, 0, 20, encodePolicyFile([...old, ...values]));
  placeFile(
    machine,
    'C:\\Windows\\System32\\GroupPolicy\\gpt.ini',
    0,
    20,
    Buffer.from('[General]\r\ngPCMachineExtensionNames=[{35378EAC-683F-11D2-A89A-00C04FBBCFA2}]\r\nVersion=2\r\n'),
  );
  machine.policy.refresh('periodic');
};

/** Policy values by where they come from: only those of the registry are the host's own and stay away when they are removed. */
const setPolicies = (
  machine: Machine,
  from: 'domain' | 'local' | 'registry',
  name: string,
  values: readonly PolicyValue[],
): void => {
  if (from === 'domain') addDomainPolicy(machine, { id: '{5A1E6C0B-2D44-4B0E-9C3D-7F3A1D2B8E10}', name, values });
  else if (from === 'local') addLocalPolicy(machine, values);
  else
    for (const { key, name: value, data } of values)
      if (data !== null) placeValues(machine, `HKLM\\${key}`, { [value]: data });
};

/** What policies tell the client of a WSUS server. */
const wsusValues = (url: string | undefined, statusUrl: string | undefined): PolicyValue[] => [
  ...(url === undefined ? [] : [updateValue('WUServer', url)]),
  ...(statusUrl === undefined ? [] : [updateValue('WUStatusServer', statusUrl)]),
  updateValue('UseWUServer', 1, true),
  updateValue('AUOptions', 4, true),
];

const wsusUrl = `http://${companyHosts.wsus}:8530`;

/** The right WSUS server is named, and it is the server that does not serve. */
const breakWsus = (
  { network }: Machine,
  how: 'silent' | 'refused' | 'unavailable' | 'missing-content' | 'no-name',
): void => {
  const name = companyHosts.wsus;
  if (how === 'no-name') network.change(name, undefined);
  else if (how === 'silent') network.change(name, { ports: {}, answersPing: false });
  else if (how === 'refused') network.changePort(name, 8530, { tcp: 'refused' });
  else
    network.changePort(name, 8530, {
      tcp: 'open',
      http:
        how === 'unavailable'
          ? { '*': 503 }
          : { '/ClientWebService/client.asmx': 200, '/SimpleAuthWebService/SimpleAuth.asmx': 200, '*': 404 },
    });
};

const wrongUrls = {
  'old-server': `http://${companyHosts.oldWsus}:8530`,
  'wrong-port': `http://${companyHosts.wsus}`,
  'no-scheme': `${companyHosts.wsus}:8530`,
  'short-name-tls': `https://wsus:8531`,
  missing: undefined,
} as const;

type Source = { readonly source?: 'domain' | 'local' | 'registry' };

/** Policies: those of the domain, of the machine, and what looks like one. */
export type PolicyFault =
  | ({
      readonly kind: 'wsus-unreachable';
      readonly how?: 'silent' | 'refused' | 'unavailable' | 'missing-content' | 'no-name';
    } & Source)
  | ({ readonly kind: 'wsus-wrong-server'; readonly how?: keyof typeof wrongUrls } & Source)
  | { readonly kind: 'wsus-client-cloned' }
  | ({
      readonly kind: 'policy-conflict';
      readonly key?: string;
      readonly name?: string;
      readonly value?: number | string;
    } & Source)
  | { readonly kind: 'policy-disables-service'; readonly name: string; readonly start?: 'Disabled' | 'Manual' }
  | ({ readonly kind: 'update-access-disabled' } & Source)
  | { readonly kind: 'updates-paused'; readonly days?: number }
  | { readonly kind: 'domain-unreachable' };

/** States that policies bring about. */
export const policyFaults: FaultKinds<PolicyFault> = {
  'wsus-unreachable': (machine, { how, source }) => {
    breakWsus(machine, how ?? 'silent');
    setPolicies(machine, source ?? 'registry', 'Update clients', wsusValues(wsusUrl, wsusUrl));
  },
  'wsus-wrong-server': (machine, { how, source }) => {
    const url = wrongUrls[how ?? 'old-server'];
    setPolicies(
      machine,
      source ?? 'registry',
      'Update clients',
      wsusValues(url, url === undefined ? undefined : wsusUrl),
    );
  },
  // The machine was made from an image of another one that had been a client already.
  'wsus-client-cloned': (machine) => {
    const master = '0f6d2c7e-1a52-4c7b-8d3e-5b9a4c1e7f20';
    setPolicies(machine, 'registry', '', wsusValues(wsusUrl, wsusUrl));
    placeValues(machine, 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate', {
      SusClientId: master,
      SusClientIDValidation: new Uint8Array(Buffer.from(master, 'utf16le')),
    });
  },
  'policy-conflict': (machine, { key, name, value, source }) =>
    setPolicies(machine, source ?? 'domain', 'Workstation baseline', [
      {
        key: (key ?? `HKLM\\${windowsUpdate}`).replace(/^(HKLM|HKEY_LOCAL_MACHINE):?\\/i, ''),
        name: name ?? 'DoNotConnectToWindowsUpdateInternetLocations',
        kind: typeof (value ?? 1) === 'number' ? 'DWord' : 'String',
        data: value ?? 1,
      },
    ]),
  'policy-disables-service': (machine, { name, start }) => {
    const service = machine.services.get(name);
    addDomainPolicy(machine, {
      id: '{9B0C5D3E-71F2-4E57-A3D6-2C4E8F1A6B30}',
      name: 'Service hardening',
      services: [{ name, start: start ?? 'Disabled' }],
    });
    if (service.state === 'Running' && !service.isProtected && (start ?? 'Disabled') === 'Disabled')
      void machine.services.stop(name, systemPid);
  },
  'update-access-disabled': (machine, { source }) =>
    setPolicies(machine, source ?? 'registry', 'No update access', [updateValue('DisableWindowsUpdateAccess', 1)]),
  'updates-paused': (machine, { days }) => {
    const day = 86_400_000;
    const now = machine.clock.wallMs();
    const iso = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
    const [start, end] = [iso(now - 2 * day), iso(now + (days ?? 33) * day)];
    placeValues(machine, 'HKLM\\SOFTWARE\\Microsoft\\WindowsUpdate\\UX\\Settings', {
      PauseUpdatesStartTime: start,
      PauseUpdatesExpiryTime: end,
      PauseFeatureUpdatesStartTime: start,
      PauseFeatureUpdatesEndTime: end,
      PauseQualityUpdatesStartTime: start,
      PauseQualityUpdatesEndTime: end,
    });
    machine.events.write({
      log: 'System',
      provider: 'Microsoft-Windows-WindowsUpdateClient',
      id: 27,
      timeMs: now - 2 * day,
      message: 'Automatic Updates is now paused.',
    });
  },
  'domain-unreachable': (machine) => {
    joinDomain(machine);
    machine.network.change(companyHosts.controller, { ports: {}, answersPing: false, answersTime: false });
    machine.network.nameServers.delete(companyHosts.nameServer);
    machine.policy.refresh('periodic');
  },
};
