import type { CommandContext, Task } from '../../../evaluator/host.ts';
import { customObject } from '../../../evaluator/make.ts';
import type { Value } from '../../../evaluator/value.ts';
import { uint32 } from '../../cim/cim-instance.ts';
import type { Machine } from '../../machine/machine.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { command } from '../command-syntax.ts';

const usualTarget = 'internetbeacon.msedge.net';
const commonPorts: Readonly<Record<string, number>> = { http: 80, rdp: 3389, smb: 445, winrm: 5985 };
/** Time until a TCP connection to a silent host is given up (21 s), a refused one (2 s), and until a lost echo is. */
const wait = { silent: 21_000, refused: 2000, answered: 15, lostEcho: 4000 } as const;

/** Tells whether a TCP port answers; takes the time that it takes. */
export function* tryConnect(machine: Machine, pid: number, address: string, port: number): Task<boolean> {
  const tcp = machine.network.connect(address, port);
  yield machine.clock.wait(pid, tcp === 'silent' ? wait.silent : tcp === 'open' ? wait.answered : wait.refused);
  return tcp === 'open';
}

function* echo(machine: Machine, pid: number, address: string): Task<boolean> {
  const isThere = machine.network.ping(address);
  yield machine.clock.wait(pid, isThere ? wait.answered : wait.lostEcho);
  return isThere;
}

const testNetConnection = command('Test-NetConnection', {
  commandType: 'Function',
  aliases: ['TNC'],
  sets: ['ICMP', 'CommonTCPPort', 'RemotePort', 'NetRouteDiagnostics'],
  pipeline: { ComputerName: 'both', Port: 'name' },
  parameterAliases: { ComputerName: ['RemoteAddress', 'cn'], Port: ['RemotePort'] },
  validateSets: { InformationLevel: ['Quiet', 'Detailed'], CommonTCPPort: ['HTTP', 'RDP', 'SMB', 'WINRM'] },
  simulated: ['ComputerName', 'Port', 'CommonTCPPort', 'InformationLevel'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    const name = bound.text('ComputerName') ?? usualTarget;
    const port = bound.number('Port') ?? commonPorts[(bound.text('CommonTCPPort') ?? '').toLowerCase()];
    const level = (bound.text('InformationLevel') ?? '').toLowerCase();
    const found = machine.network.resolve(name);
    const address = found.kind === 'found' ? found.address : undefined;
    if (address === undefined) context.writeWarning(`Name resolution of ${name} failed`);
    const tcp = address !== undefined && port !== undefined ? yield* tryConnect(machine, pid, address, port) : false;
    if (address !== undefined && port !== undefined && !tcp)
      context.writeWarning(`TCP connect to (${address} : ${port}) failed`);
    // A port that answers makes the ping needless.
    const isPinged = address !== undefined && !tcp ? yield* echo(machine, pid, address) : false;
    if (address !== undefined && !tcp && !isPinged)
      context.writeWarning(`Ping to ${address} failed with status: TimedOut`);
    if (level === 'quiet') return context.write(port === undefined ? isPinged : tcp);
    context.write(netResult(machine, { name, address, port, tcp, isPinged, isDetailed: level === 'detailed' }));
    return undefined;
  },
});

const netResult = (
  machine: Machine,
  {
    name,
    address,
    port,
    tcp,
    isPinged,
    isDetailed,
  }: {
    readonly name: string;
    readonly address: string | undefined;
    readonly port: number | undefined;
    readonly tcp: boolean;
    readonly isPinged: boolean;
    readonly isDetailed: boolean;
  },
): Value => {
  const { adapter } = machine.network;
  return customObject(
    {
      ComputerName: name,
      RemoteAddress: address ?? null,
      ResolvedAddresses: address === undefined ? [] : [address],
      PingSucceeded: isPinged,
      PingReplyDetails: isPinged ? customObject({ Address: address ?? '', RoundtripTime: 3, Status: 'Success' }) : null,
      TcpTestSucceeded: tcp,
      RemotePort: port ?? 0,
      TraceRoute: null,
      Detailed: isDetailed,
      InterfaceAlias: address === undefined ? null : adapter.alias,
      InterfaceIndex: address === undefined ? 0 : adapter.index,
      InterfaceDescription: address === undefined ? null : adapter.description,
      SourceAddress: address === undefined ? null : customObject({ IPAddress: machine.network.address }),
      NameResolutionSucceeded: address !== undefined,
      NameResolutionResults: address === undefined ? [] : [address],
    },
    ['TestNetConnectionResult'],
  );
};

const pingRecord = (machine: Machine, name: string, address: string): Value =>
  customObject(
    {
      PSComputerName: machine.name,
      Address: name,
      ProtocolAddress: address,
      IPV4Address: address,
      BufferSize: uint32(32),
      ReplySize: uint32(32),
      ResponseTime: uint32(3),
      ResponseTimeToLive: uint32(64),
      StatusCode: uint32(0),
      TimeToLive: uint32(80),
      Timeout: uint32(4000),
      __SERVER: machine.name,
    },
    ['System.Management.ManagementObject#root\\cimv2\\Win32_PingStatus'],
  );

const pingFailed = (context: CommandContext, name: string, reason: string): void => {
  const message = `Testing connection to computer '${name}' failed: ${reason}`;
  context.writeError({
    id: 'TestConnectionException',
    message,
    category: 'ResourceUnavailable',
    target: name,
    exception: 'System.Net.NetworkInformation.PingException',
  });
};

const testConnection = command('Test-Connection', {
  className: 'Microsoft.PowerShell.Commands.TestConnectionCommand',
  sets: ['Default', 'Source', 'Quiet'],
  pipeline: { ComputerName: 'name' },
  parameterAliases: {
    ComputerName: ['CN', 'IPAddress', '__SERVER', 'Server', 'Destination'],
    BufferSize: ['Size', 'Bytes', 'BS'],
    Source: ['FCN', 'SRC'],
    TimeToLive: ['TTL'],
    DcomAuthentication: ['Authentication'],
  },
  simulated: ['ComputerName', 'Count', 'Quiet', 'Delay', 'BufferSize'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    for (const name of bound.texts('ComputerName')) {
      const found = machine.network.resolve(name);
      let answered = 0;
      for (let at = 0; at < (bound.number('Count') ?? 4); at++) {
        if (at > 0) yield machine.clock.wait(pid, (bound.number('Delay') ?? 1) * 1000);
        if (found.kind !== 'found') {
          if (!bound.flag('Quiet')) pingFailed(context, name, 'No such host is known');
        } else if (yield* echo(machine, pid, found.address)) {
          answered++;
          if (!bound.flag('Quiet')) context.write(pingRecord(machine, name, found.address));
        } else if (!bound.flag('Quiet')) pingFailed(context, name, 'Error due to lack of resources');
      }
      if (bound.flag('Quiet')) context.write(answered > 0);
    }
  },
});

/** Commands that try whether something answers. */
export const reachCmdlets = [testNetConnection, testConnection];
