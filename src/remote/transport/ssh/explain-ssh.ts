import { Failure, type FailureCode } from '../../../kernel/failure.ts';
import { describeEnd } from '../stdio/describe-end.ts';
import type { EndBeforeOpen } from '../stdio/stdio-carrier.ts';
import type { SshOptions } from './ssh-options.ts';

type Cause = {
  /** What `ssh` or the host's sshd says. */
  readonly said: RegExp;
  readonly code: FailureCode;
  readonly what: string;
  readonly remedy: string;
};

/** The first that fits counts. */
const causes: readonly Cause[] = [
  {
    said: /REMOTE HOST IDENTIFICATION HAS CHANGED/u,
    code: 'untrusted-host',
    what: 'shows another host key than the one known for it',
    remedy:
      'If the host was not set up anew, someone may stand in the way: do not go on. Otherwise compare the key on the host itself, then put the new one into the known hosts file or `ssh.hostKey`.',
  },
  {
    said: /No [\w-]+ host key is known for|Host key verification failed/u,
    code: 'untrusted-host',
    what: 'shows a host key that is not known',
    remedy:
      'Compare its fingerprint on the host (`ssh-keygen -lf ssh_host_ed25519_key.pub`), then put the key into the known hosts file or `ssh.hostKey`; `ssh-keyscan` prints it.',
  },
  {
    said: /Permission denied \(|Too many authentication failures|No more authentication methods/u,
    code: 'unauthenticated',
    what: 'refused the login',
    remedy:
      'Check the user name and the key (`ssh.identityFile`, the agent) or the password; keys of administrators of Windows belong into %ProgramData%\\ssh\\administrators_authorized_keys.',
  },
  {
    said: /subsystem request failed/u,
    code: 'unreachable',
    what: 'has no such subsystem',
    remedy:
      'Add the line `Subsystem powershell c:/progra~1/powershell/7/pwsh.exe -sshs -nologo -noprofile` to %ProgramData%\\ssh\\sshd_config on the host, then restart its service sshd.',
  },
  {
    said: /Could not resolve hostname/u,
    code: 'unreachable',
    what: 'has a name that does not resolve',
    remedy: 'Check the address in the inventory, or the DNS.',
  },
  {
    said: /Connection refused|timed out|No route to host|Network is unreachable|Connection (?:closed|reset)/u,
    code: 'unreachable',
    what: 'does not answer as an SSH server',
    remedy: 'Check that its service sshd runs and that the firewall lets its port through.',
  },
];

/** What `ssh` says of a failure, its messages are in no other language; undefined where it is none that is known. */
export function causeOfSsh(said: string): Omit<Cause, 'said'> | undefined {
  return causes.find((cause) => cause.said.test(said));
}

/** Lines of `ssh` that say nothing about a failure. */
export function tellsOfFailure(line: string): boolean {
  return !/^(?:Authenticated to |Transferred: |Bytes per second: |debug\d: |Warning: Permanently added )/u.test(line);
}

/** Why `ssh` opened no session, and what to do. */
export function explainSsh(options: SshOptions, ended: EndBeforeOpen): Failure {
  const { host, executable = 'ssh' } = options;
  const { end, errorText } = ended;
  if (end.kind === 'notStarted') {
    const remedy = end.error.code === 'ENOENT' ? 'Install the OpenSSH client.' : end.error.message;
    return new Failure('unreachable', `${executable} could not be started on this machine. ${remedy}`, {
      cause: end.error,
    });
  }
  const cause = end.code === 255 ? causeOfSsh(errorText) : undefined;
  if (cause)
    return new Failure(cause.code, `${host} ${cause.what}. ${cause.remedy} ${executable} ${describeEnd(ended)}`);
  return new Failure(
    'unreachable',
    `${executable} opened no PowerShell session on ${host}: it ${describeEnd(ended)} If the program of the subsystem did not start, check its path in sshd_config.`,
  );
}
