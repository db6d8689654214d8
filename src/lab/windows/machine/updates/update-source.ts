import type { Machine } from '../machine.ts';
import type { WebOutcome } from '../network/network.ts';
import { winHttpProxy } from '../network/proxy-settings.ts';
import { UpdateFault } from './update-fault.ts';

const policyKey = 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate';

/** Codes that the update agent ends with where its source cannot be used (wuerror.h, winhttp.h). */
const codes = {
  accessDisabled: 0x8024002e,
  policyForbidsInternet: 0x8024500c,
  serverNotSet: 0x80244011,
  unrecognizedScheme: 0x80072ee6,
  endpointUnreachable: 0x80240438,
  nameNotResolvedByProtocol: 0x8024402c,
  nameNotResolved: 0x80072ee7,
  timeout: 0x80072ee2,
  cannotConnect: 0x80072efd,
  connectionAborted: 0x80072efe,
  secureFailure: 0x80072f8f,
  invalidFormat: 0x80240439,
} as const;

const byStatus: Readonly<Record<number, number>> = {
  401: 0x80244017,
  403: 0x80244018,
  404: 0x80244019,
  405: 0x8024401a,
  407: 0x8024401b,
  408: 0x8024401c,
  409: 0x8024401d,
  410: 0x8024401e,
  500: 0x8024401f,
  501: 0x80244020,
  502: 0x80244021,
  503: 0x80244022,
  504: 0x80244023,
};

/** IUpdateSearcher.ServerSelection. */
export const serverSelection = { usual: 0, managed: 1, internet: 2, others: 3 } as const;

/** Where updates come from: a WSUS server by its URL, or Windows Update in the Internet. */
type UpdateSource = { readonly kind: 'wsus'; readonly url: string } | { readonly kind: 'internet' };

/** What policies say of the update client. */
export const updatePolicy = (machine: Machine, name: string, isBelowAu = false): unknown =>
  machine.registry.data(isBelowAu ? `${policyKey}\\AU` : policyKey, name);

/** Whether a policy names a WSUS server as source. */
export const usesWsus = (machine: Machine): boolean => updatePolicy(machine, 'UseWUServer', true) === 1;

/** Finds the source that policies and the caller's choice leave. @throws UpdateFault where there is none */
const chooseSource = (machine: Machine, selection: number): UpdateSource => {
  if (updatePolicy(machine, 'DisableWindowsUpdateAccess') === 1) throw new UpdateFault(codes.accessDisabled);
  // With sources by class of updates, quality updates may come from the Internet beside a WSUS server.
  const isFromInternet =
    updatePolicy(machine, 'UseUpdateClassPolicySource', true) === 1 &&
    updatePolicy(machine, 'SetPolicyDrivenUpdateSourceForQualityUpdates') === 0;
  const isManaged =
    !isFromInternet &&
    usesWsus(machine) &&
    selection !== serverSelection.internet &&
    selection !== serverSelection.others;
  if (isManaged) {
    const url = updatePolicy(machine, 'WUServer');
    if (typeof url !== 'string' || url === '') throw new UpdateFault(codes.serverNotSet);
    if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) throw new UpdateFault(codes.unrecognizedScheme);
    return { kind: 'wsus', url: url.replace(/\/+$/, '') };
  }
  if (selection === serverSelection.managed) throw new UpdateFault(codes.serverNotSet);
  if (updatePolicy(machine, 'DoNotConnectToWindowsUpdateInternetLocations') === 1)
    throw new UpdateFault(codes.policyForbidsInternet);
  return { kind: 'internet' };
};

/** The code for an answer that is none; 0 when all is well. */
export const codeOfOutcome = (outcome: WebOutcome, isWsus: boolean): number => {
  switch (outcome.kind) {
    case 'no-name':
      return isWsus || outcome.isProxy ? codes.nameNotResolvedByProtocol : codes.nameNotResolved;
    case 'refused':
      return codes.cannotConnect;
    case 'silent':
      return codes.timeout;
    case 'reset':
      return codes.connectionAborted;
    case 'no-route':
      return codes.endpointUnreachable;
    case 'untrusted':
      return codes.secureFailure;
    case 'answer':
      if (outcome.page !== undefined) return codes.invalidFormat;
      return outcome.status < 400 ? 0 : (byStatus[outcome.status] ?? 0x8024402b);
  }
};

const ask = (machine: Machine, url: string, isWsus: boolean): void => {
  if (!machine.network.adapter.isUp) throw new UpdateFault(codes.endpointUnreachable);
  const code = codeOfOutcome(machine.network.request(new URL(url), winHttpProxy(machine.registry)), isWsus);
  if (code !== 0) throw new UpdateFault(code);
};

/** Asks the source for updates. @throws UpdateFault with the code the agent would end with */
export const askSource = (machine: Machine, selection: number): void => {
  const source = chooseSource(machine, selection);
  if (source.kind === 'wsus') {
    ask(machine, `${source.url}/SimpleAuthWebService/SimpleAuth.asmx`, true);
    ask(machine, `${source.url}/ClientWebService/client.asmx`, true);
    return;
  }
  ask(machine, 'https://slscr.update.microsoft.com/SLS/', false);
  ask(machine, 'https://fe2cr.update.microsoft.com/v6/ClientWebService/client.asmx', false);
};

/** Where a file of an update is loaded from. @throws UpdateFault */
export const contentUrl = (machine: Machine, selection: number, file: string): URL => {
  const source = chooseSource(machine, selection);
  return new URL(
    source.kind === 'wsus'
      ? `${source.url}/Content/${file}`
      : `http://tlu.dl.delivery.mp.microsoft.com/filestreamingservice/files/${file}`,
  );
};
