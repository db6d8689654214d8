import { Failure, type FailureCode } from '../../kernel/failure.ts';
import type { RemoteShell } from '../../remote/powershell/remote-shell.ts';
import { SecureText } from '../../remote/protocol/clixml/secure-text.ts';
import { openSshShell } from '../../remote/transport/ssh/open-ssh-shell.ts';
import { openWinRmShell } from '../../remote/transport/winrm/open-winrm-shell.ts';
import { defineCmdlet, defineType, errorRecord } from '../evaluator/define.ts';
import { Hashtable } from '../evaluator/hashtable.ts';
import type { BoundParameters, CallContext, CmdletDefinition } from '../evaluator/host.ts';
import { customObject, newObject, stateOf } from '../evaluator/make.ts';
import { toClixml } from '../evaluator/to-clixml.ts';
import type { TypeDefinition } from '../evaluator/type-definition.ts';
import type { ErrorRecord, Value } from '../evaluator/value.ts';
import type { Write } from './console-type.ts';
import { runspaceType } from './runspace-type.ts';
import { sessionRunner } from './session-runner.ts';

type SessionState = { readonly shell: RemoteShell; readonly runspace: Value; state: 'Opened' | 'Broken' | 'Closed' };

/** PSSession: a session that one of our own transports has opened. */
const sessionType: TypeDefinition<SessionState> = defineType<SessionState>({
  name: 'System.Management.Automation.Runspaces.PSSession',
  properties: {
    InstanceId: { get: ({ shell }, context) => context.convert(shell.info.shellId, 'guid') },
    ComputerName: { get: ({ shell }) => shell.info.host },
    State: { get: ({ state }) => state },
    Runspace: { get: ({ runspace }) => runspace },
    ApplicationPrivateData: {
      get: ({ shell: { info } }) =>
        customObject({
          PSVersionTable: customObject({
            PSVersion: info.psVersion ?? null,
            PSRemotingProtocolVersion: info.protocolVersion,
          }),
        }),
    },
  },
});

/** Milliseconds for a session to be opened. */
const openLimitMs = 30_000;

const passwordOf = (credential: Value, context: CallContext): (() => string) => {
  const password = toClixml(context.property(credential, 'Password'), context);
  return () => (password instanceof SecureText ? password.reveal() : '');
};

const openOverWinRm = (bound: BoundParameters, context: CallContext): Promise<RemoteShell> => {
  const skips = (name: string) => context.isTrue(context.property(bound.get('SessionOption'), name));
  const useSsl = bound.flag('UseSSL');
  const host = bound.text('ComputerName') ?? '';
  const credential = bound.get('Credential');
  const configurationName = bound.text('ConfigurationName');
  return openWinRmShell({
    host,
    port: bound.number('Port') ?? (useSsl ? 5986 : 5985),
    ...(useSsl ? { tls: { rejectUnauthorized: !skips('SkipCACheck') } } : {}),
    auth: {
      mechanisms: [bound.text('Authentication')?.toLowerCase() === 'basic' ? 'basic' : 'negotiate'],
      username: context.text(context.property(credential, 'UserName')),
      password: passwordOf(credential, context),
    },
    ...(configurationName === undefined ? {} : { configurationName }),
    connectTimeoutMs: openLimitMs,
    operationTimeoutMs: 20_000,
    // As PowerShell itself, which gives a session only when it knows that it is open.
    commandAtOnce: false,
  });
};

const openOverSsh = (bound: BoundParameters, context: CallContext): Promise<RemoteShell> => {
  const options = bound.get('Options');
  const known = options instanceof Hashtable ? options.get('UserKnownHostsFile') : undefined;
  const port = bound.number('Port');
  const username = bound.text('UserName');
  const identityFile = bound.text('KeyFilePath');
  const subsystem = bound.text('Subsystem');
  return openSshShell({
    host: bound.text('HostName') ?? '',
    ...(port === undefined ? {} : { port }),
    ...(username === undefined ? {} : { username }),
    ...(identityFile === undefined ? {} : { identityFile }),
    ...(subsystem === undefined ? {} : { subsystem }),
    ...(known === undefined ? {} : { knownHosts: context.text(known) }),
    connectTimeoutMs: openLimitMs,
  });
};

/** First part of the id of the error that New-PSSession writes. */
const errorIds: Partial<Record<FailureCode, string>> = {
  unauthenticated: 'LogonFailure,',
  forbidden: 'AccessDenied,',
  'untrusted-host': '12175,',
  unreachable: 'CannotConnect,',
  'protocol-error': 'ImproperResponse,',
};

const openingError = (error: unknown, isSsh: boolean): ErrorRecord => {
  const failure = error instanceof Failure ? error : new Failure('unreachable', String(error));
  const isUnknownName = failure.facts['faultCode'] === 2_150_858_811 || failure.facts['faultCode'] === 2_150_858_754;
  const first = isSsh ? '' : isUnknownName ? 'InvalidResourceUri,' : (errorIds[failure.code] ?? '');
  return errorRecord({
    id: `${first}PSSessionOpenFailed`,
    message: failure.message,
    category: 'OpenError',
    exception: 'System.Management.Automation.Remoting.PSRemotingTransportException',
  });
};

const newSession = (out: Write) =>
  defineCmdlet({
    name: 'New-PSSession',
    className: 'Microsoft.PowerShell.Commands.NewPSSessionCommand',
    module: 'Microsoft.PowerShell.Core',
    defaultParameterSet: 'ComputerName',
    parameters: {
      ComputerName: { type: 'string', position: 0, aliases: ['Cn'], sets: ['ComputerName'] },
      Credential: { type: 'object', sets: ['ComputerName'] },
      ConfigurationName: { type: 'string', sets: ['ComputerName'] },
      UseSSL: { type: 'switch', sets: ['ComputerName'] },
      Authentication: { type: 'string', sets: ['ComputerName'] },
      SessionOption: { type: 'object', sets: ['ComputerName'] },
      HostName: { type: 'string', sets: { SSHHost: { mandatory: true } } },
      UserName: { type: 'string', sets: ['SSHHost'] },
      KeyFilePath: { type: 'string', sets: ['SSHHost'] },
      Subsystem: { type: 'string', sets: ['SSHHost'] },
      Options: { type: 'hashtable', sets: ['SSHHost'] },
      Port: { type: 'int' },
    },
    *process(context, bound) {
      const isSsh = bound.has('HostName');
      const shell = isSsh ? openOverSsh(bound, context) : openOverWinRm(bound, context);
      yield shell.then(
        (opened) => context.write(newObject(sessionType, newState(opened, context))),
        (error: unknown) => {
          // What ssh says goes to the console, not into the error.
          if (isSsh) out(`${error instanceof Error ? error.message : String(error)}\n`);
          context.writeError(openingError(error, isSsh));
        },
      );
    },
  });

const newState = (shell: RemoteShell, context: CallContext): SessionState => {
  const runner = sessionRunner(shell, context, () => {
    state.state = 'Broken';
  });
  const runspace = newObject(runspaceType, { id: shell.info.shellId, runner });
  const state: SessionState = { shell, runspace, state: 'Opened' };
  return state;
};

const removeSession = defineCmdlet({
  name: 'Remove-PSSession',
  className: 'Microsoft.PowerShell.Commands.RemovePSSessionCommand',
  module: 'Microsoft.PowerShell.Core',
  parameters: { Session: { type: 'object', position: 0, mandatory: true } },
  *process(_context, bound) {
    const session = stateOf(bound.get('Session'), sessionType);
    if (!session) return;
    session.state = 'Closed';
    yield session.shell.close();
  },
});

const newOption = defineCmdlet({
  name: 'New-PSSessionOption',
  className: 'Microsoft.PowerShell.Commands.NewPSSessionOptionCommand',
  module: 'Microsoft.PowerShell.Core',
  parameters: {
    SkipCACheck: { type: 'switch' },
    SkipCNCheck: { type: 'switch' },
    SkipRevocationCheck: { type: 'switch' },
  },
  process(context, bound) {
    const names = ['SkipCACheck', 'SkipCNCheck', 'SkipRevocationCheck'];
    context.write(customObject(names.map((name) => [name, bound.flag(name)] as const)));
  },
});

/** Sessions with other hosts. */
export const sessionCmdlets = (out: Write): readonly CmdletDefinition[] => [newSession(out), removeSession, newOption];
/** What they make. */
export const sessionTypes: readonly TypeDefinition[] = [sessionType as TypeDefinition, runspaceType as TypeDefinition];
