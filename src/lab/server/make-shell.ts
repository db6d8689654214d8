import type { CreateCmdRequest, CreateRequest } from '../../remote/protocol/wsman/requests.ts';
import type { CmdHost } from './cmd-host.ts';
import { CmdShell } from './cmd-shell.ts';
import type { EndpointLimits } from './endpoint-options.ts';
import { LabShell, type ShellFacts } from './lab-shell.ts';
import type { RunspaceHost } from './runspace-host.ts';
import type { ServedShell } from './served-shell.ts';

/** What is known of a shell before its process. */
export type NewShell = Omit<ShellFacts, 'processId'>;

/**
 * Opens a PowerShell session.
 * @param onClose called once when it has ended
 * @throws Failure `protocol-error` for an opening that is no PSRP, or Error where the host cannot start a process
 */
export function openSession(
  request: CreateRequest,
  facts: NewShell,
  asker: { readonly configuration: string; readonly session: string },
  host: RunspaceHost,
  limits: EndpointLimits,
  onClose: () => void,
): ServedShell {
  const { shellId, owner } = facts;
  const { configuration, session } = asker;
  const runspace = host.openRunspace({ shellId, configuration, user: owner, logon: 'network' });
  const options = {
    facts: { ...facts, processId: runspace.processId },
    session,
    idleTimeoutMs: idleTimeoutOf(request, limits),
    shortestIdleTimeoutMs: limits.shortestIdleTimeoutMs,
    recordsKept: limits.recordsKept,
  };
  const shell = new LabShell(options, runspace, onClose);
  try {
    shell.open(request.creationXml);
    return shell;
  } catch (error) {
    shell.close();
    throw error;
  }
}

/**
 * Opens a cmd shell.
 * @param onClose called once when it has ended
 * @throws Error where the host cannot start a process
 */
export function openCmdShell(
  request: CreateCmdRequest,
  facts: NewShell,
  host: CmdHost,
  limits: EndpointLimits,
  onClose: () => void,
): ServedShell {
  const { workingDirectory, codepage, environment = [], inputStreams, outputStreams } = request;
  const place = workingDirectory === undefined ? {} : { workingDirectory };
  const process = host.openCmdShell({
    shellId: facts.shellId,
    user: facts.owner,
    environment,
    ...place,
    ...(codepage === undefined ? {} : { codepage }),
  });
  const all = { ...facts, processId: process.processId, inputStreams, outputStreams, environment, ...place };
  return new CmdShell(all, process, idleTimeoutOf(request, limits), onClose);
}

function idleTimeoutOf({ idleTimeoutMs }: { readonly idleTimeoutMs?: number }, limits: EndpointLimits): number {
  return Math.max(idleTimeoutMs ?? limits.idleTimeoutMs, limits.shortestIdleTimeoutMs);
}
