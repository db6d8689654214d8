import process from 'node:process';
import { formatDuration } from '../../../kernel/duration.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { RemoteShell, ShellInfo } from '../../powershell/remote-shell.ts';
import { sshEnvironment } from '../child-environment.ts';
import { type Warn, warnOfProcess } from '../warn.ts';
import { Bridge, type BridgeOrder } from './bridge.ts';
import { failureOfOpening } from './bridge-failures.ts';
import type { BridgeFrame } from './bridge-frames.ts';
import { type BridgeOptions, type BridgeTarget, hostOf } from './bridge-options.ts';
import { type BridgeOpened, endOf, openedOf, recordOf } from './bridge-records.ts';
import { BridgeShell } from './bridge-shell.ts';

const defaultStartMs = 60_000;
/** How long one look waits for the session to be open. */
const lookMs = 1_000;

/**
 * Starts a local PowerShell and has it open a session on a host (or a runspace of its own). The process lives as long as the session.
 * @throws Failure `unreachable`, `untrusted-host`, `unauthenticated`, `clock-skew`, `forbidden` or `protocol-error`: in each case no script has run; or the signal's reason
 */
export async function openBridgeShell(options: BridgeOptions, signal?: AbortSignal): Promise<RemoteShell> {
  signal?.throwIfAborted();
  const { target, connectTimeoutMs, startTimeoutMs = defaultStartMs } = options;
  const host = hostOf(target);
  warnOfSkipped(target, options.warn ?? warnOfProcess);
  const bridge = new Bridge(
    options.executable ?? (process.platform === 'win32' ? 'powershell.exe' : 'pwsh'),
    target.kind === 'ssh' ? sshEnvironment() : {},
  );
  let late = '';
  const giveUp = () => void bridge.kill();
  const giveUpLate = (said: string) => {
    late = said;
    giveUp();
  };
  let timer = setTimeout(
    giveUpLate,
    startTimeoutMs,
    `The local PowerShell did not start within ${formatDuration(startTimeoutMs)}.`,
  );
  signal?.addEventListener('abort', giveUp, { once: true });
  try {
    const own = openedOf(only(await bridge.hello(), 'hello'));
    clearTimeout(timer);
    timer = setTimeout(
      giveUpLate,
      connectTimeoutMs,
      `No session on ${host} within ${formatDuration(connectTimeoutMs)}.`,
    );
    const opened = target.kind === 'local' ? await openLocally(bridge) : await openSession(bridge, target, host);
    return new BridgeShell(bridge, infoOf(target, host, own, opened));
  } catch (error) {
    await bridge.kill();
    signal?.throwIfAborted();
    if (late !== '') throw new Failure('unreachable', late + printed(bridge.noise), { cause: error });
    throw unopened(error, bridge.noise);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', giveUp);
  }
}

function warnOfSkipped(target: BridgeTarget, warn: Warn): void {
  if (target.kind !== 'wsman' || target.useSsl !== true || !target.skip || target.skip.length === 0) return;
  warn(
    `${target.host}: the host's certificate is not checked for its ${target.skip.join(', ')}; whoever stands between can read and change everything.`,
  );
}

async function openLocally(bridge: Bridge): Promise<BridgeOpened> {
  return openedOf(only(await bridge.ask({ Verb: 'local' }), 'opened'));
}

async function openSession(
  bridge: Bridge,
  target: Exclude<BridgeTarget, { kind: 'local' }>,
  host: string,
): Promise<BridgeOpened> {
  const frames: BridgeFrame[] = [];
  let order: BridgeOrder = target.kind === 'ssh' ? sshOrder(target) : await wsmanOrder(bridge, target);
  for (;;) {
    frames.push(...(await bridge.ask(order, lookMs)));
    const end = frames.find(({ kind }) => kind === 'end');
    if (end) {
      const opened = frames.find(({ kind }) => kind === 'opened');
      if (opened) return openedOf(opened.value);
      const record = frames.map(recordOf).find((each) => each?.kind === 'error');
      const error = record?.kind === 'error' ? record.error : endOf(end.value).error;
      throw failureOfOpening({ error, noise: bridge.noise }, host);
    }
    order = { Verb: 'read' };
  }
}

async function wsmanOrder(bridge: Bridge, target: Extract<BridgeTarget, { kind: 'wsman' }>): Promise<BridgeOrder> {
  const { host, port, useSsl, authentication, login, certificateThumbprint, configurationName, skip = [] } = target;
  return {
    Verb: 'open',
    Parameters: defined({
      ComputerName: host,
      Port: port,
      UseSSL: useSsl || undefined,
      Authentication: authentication,
      CertificateThumbprint: certificateThumbprint,
      ConfigurationName: configurationName,
    }),
    SessionOption: defined({
      SkipCACheck: skip.includes('authority') || undefined,
      SkipCNCheck: skip.includes('name') || undefined,
      SkipRevocationCheck: skip.includes('revocation') || undefined,
    }),
    ...(login ? { UserName: login.username, Password: bridge.value(await login.password()) } : {}),
  };
}

function sshOrder(target: Extract<BridgeTarget, { kind: 'ssh' }>): BridgeOrder {
  const { host, port, username, keyFile, subsystem, options } = target;
  return {
    Verb: 'open',
    Parameters: defined({
      HostName: host,
      Port: port,
      UserName: username,
      KeyFilePath: keyFile,
      Subsystem: subsystem,
      // Nobody is there to answer a question: what would ask one fails.
      Options: { BatchMode: 'yes', ...options },
    }),
  };
}

function defined(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function only(frames: readonly BridgeFrame[], kind: BridgeFrame['kind']): BridgeFrame['value'] {
  const frame = frames.find((each) => each.kind === kind);
  if (!frame) throw new Failure('protocol-error', `Expected the frame ${kind} from the local PowerShell, got none.`);
  return frame.value;
}

function infoOf(target: BridgeTarget, host: string, own: BridgeOpened, opened: BridgeOpened): ShellInfo {
  const mechanism = target.kind === 'wsman' ? (target.authentication ?? 'Default').toLowerCase() : target.kind;
  const { id, psVersion, protocolVersion } = opened;
  return {
    host,
    shellId: id.toUpperCase(),
    transport: 'bridge',
    mechanism,
    // WinRM's own client seals whatever goes over plain HTTP, unless its own settings allow otherwise.
    sealed: target.kind === 'ssh' || (target.kind === 'wsman' && target.useSsl !== true),
    ...(psVersion ? { psVersion } : {}),
    protocolVersion: lower(own.protocolVersion, protocolVersion),
  };
}

/** Two sides speak the lower of their versions. */
function lower(one: string, other: string): string {
  if (one === '' || other === '') return one || other;
  return one.localeCompare(other, 'en', { numeric: true }) <= 0 ? one : other;
}

/** A process that ended before the session was open has run nothing. */
function unopened(error: unknown, noise: string): unknown {
  if (!(error instanceof Failure) || error.code !== 'dropped') return error;
  const advice = /ENOENT|EACCES/u.test(error.message)
    ? ' Install PowerShell on this machine, or set `bridge.executable` to its path.'
    : printed(noise);
  return new Failure('unreachable', `The session could not be opened: ${error.message}${advice}`, {
    cause: error,
    facts: error.facts,
  });
}

const printed = (noise: string): string => (noise === '' ? '' : ` The local PowerShell printed: ${noise}`);
