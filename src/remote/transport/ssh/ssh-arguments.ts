import type { SshOptions } from './ssh-options.ts';

/** Seconds between signs of life on a silent connection, and how many may stay unanswered: a dead link is given up after a minute. */
const aliveSeconds = 15;
const aliveCount = 4;

/** A file without any host key. */
const nowhere = process.platform === 'win32' ? 'NUL' : '/dev/null';

/** What holds for every session: no terminal, no forwarding, no sharing with others, no questions. */
const fixed = {
  RequestTTY: 'no',
  EscapeChar: 'none',
  ForwardAgent: 'no',
  ForwardX11: 'no',
  ClearAllForwardings: 'yes',
  PermitLocalCommand: 'no',
  RemoteCommand: 'none',
  ControlMaster: 'no',
  ControlPath: 'none',
  UpdateHostKeys: 'no',
  // Tells which mechanism the login was made with.
  LogLevel: 'VERBOSE',
} as const;

/** Arguments of `ssh`. @param pinnedFile file with the pinned host key under the name of the host, if one is pinned */
export function sshArguments(options: SshOptions, pinnedFile: string | undefined): string[] {
  const { host, port, username, subsystem = 'powershell', proxyJump, connectTimeoutMs } = options;
  const settings: Record<string, string> = {
    ...fixed,
    ...keySettings(options, pinnedFile),
    ...loginSettings(options),
    ConnectTimeout: String(Math.max(1, Math.ceil(connectTimeoutMs / 1000))),
    ServerAliveInterval: String(aliveSeconds),
    ServerAliveCountMax: String(aliveCount),
    ...(port === undefined ? {} : { Port: String(port) }),
    ...(username === undefined ? {} : { User: quote(username) }),
    ...(proxyJump === undefined ? {} : { ProxyJump: proxyJump }),
  };
  const given = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  // Behind `--` nothing is an option, whatever the host is called.
  return [...given, '-s', '--', host, subsystem];
}

function keySettings(options: SshOptions, pinnedFile: string | undefined): Record<string, string> {
  if (options.checkHostKey === false)
    return { StrictHostKeyChecking: 'no', UserKnownHostsFile: nowhere, GlobalKnownHostsFile: nowhere };
  const file = pinnedFile ?? options.knownHosts;
  return {
    StrictHostKeyChecking: 'yes',
    ...(file === undefined ? {} : { UserKnownHostsFile: quotePath(file), GlobalKnownHostsFile: nowhere }),
    ...(pinnedFile === undefined ? {} : { HostKeyAlias: options.host }),
  };
}

function loginSettings({ identityFile, password }: SshOptions): Record<string, string> {
  if (password) {
    return {
      BatchMode: 'no',
      NumberOfPasswordPrompts: '1',
      PubkeyAuthentication: 'no',
      PreferredAuthentications: 'password,keyboard-interactive',
    };
  }
  const key = identityFile === undefined ? {} : { IdentityFile: quotePath(identityFile), IdentitiesOnly: 'yes' };
  return { BatchMode: 'yes', ...key };
}

/** One word of ssh's configuration, whatever is in it. */
function quote(text: string): string {
  return /^[A-Za-z0-9_.@-]+$/u.test(text) ? text : `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** A path as one word; `%` would begin a token. */
function quotePath(path: string): string {
  return quote(path.replaceAll('%', '%%'));
}
