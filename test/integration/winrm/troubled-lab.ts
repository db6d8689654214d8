import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { RemoteShell } from '../../../src/remote/powershell/remote-shell.ts';
import { openWinRmShell } from '../../../src/remote/transport/winrm/open-winrm-shell.ts';
import type { WinRmOptions } from '../../../src/remote/transport/winrm/winrm-options.ts';
import { contractScripts } from '../../contract/remote-shell-scripts.ts';
import { makeCertificate } from '../../helpers/make-certificate.ts';
import { startWinRmLab, type WinRmLab } from '../../helpers/winrm-lab.ts';

/** What is to be closed. */
export const opened: (() => Promise<void>)[] = [];
/** Closes what was opened, newest first; for `afterEach`. */
export const closeAll = async (): Promise<void> => {
  while (opened.length > 0) await opened.pop()?.();
};

/** A lab that is closed with the test. */
export const startLab = async (...args: Parameters<typeof startWinRmLab>): Promise<WinRmLab> => {
  const lab = await startWinRmLab(...args);
  opened.push(() => lab.endpoint.close());
  return lab;
};
/** A session that is closed with the test. */
export const open = async (lab: WinRmLab, changes: Partial<WinRmOptions> = {}): Promise<RemoteShell> => {
  const shell = await openWinRmShell(lab.client(changes));
  opened.push(() => shell.close());
  return shell;
};
/** A script that gives back its value. */
export const echo = (Value: string | number) =>
  ({ kind: 'script', text: contractScripts.echo, parameters: { Value } }) as const;
/** A script that ends when it is stopped. */
export const endless = { kind: 'script', text: contractScripts.endless } as const;
/** How many pipelines the host ran. */
export const ranOf = (lab: WinRmLab) => lab.host.runspaces.flatMap(({ ran }) => ran).length;

/** What a session does when something happens between two calls, and under a script. */
export const between = async (shell: RemoteShell, happens: () => unknown) => {
  await shell.invoke(echo('before'));
  await happens();
  return shell.invoke(echo('after'));
};
/** What a session does when something happens under a script. */
export const under = (shell: RemoteShell, happens: () => unknown) =>
  shell.invoke(endless, { onStream: () => happens() });

/** What something between says in the place of a host, `times` over, be it that the request was handed on to the host or not. */
export type RelayAnswer = {
  readonly status: number;
  readonly handsOn: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly times?: number;
};

/** Something that ends TLS before a lab: HTTP.sys itself, or a relay. It can answer for the host. Each of its connections has one of its own behind it. */
export const startTlsRelay = async (lab: WinRmLab, certificate: ReturnType<typeof makeCertificate>) => {
  const state = { answered: 0 };
  let answer: (RelayAnswer & { left: number }) | undefined;
  const agents = new Map<object, https.Agent>();
  const agentOf = (socket: object) => {
    const agent = agents.get(socket) ?? new https.Agent({ rejectUnauthorized: false, keepAlive: true, maxSockets: 1 });
    agents.set(socket, agent);
    return agent;
  };
  const server = https.createServer({ key: certificate.key, cert: certificate.cert }, (request, response) => {
    const { method, headers, url } = request;
    const own = answer && answer.left-- > 0 ? answer : undefined;
    const say = ({ status, headers: said = {}, body = '' }: RelayAnswer) => {
      state.answered++;
      response.writeHead(status, { ...said, 'Content-Length': Buffer.byteLength(body) }).end(body);
    };
    if (own?.handsOn === false) return void request.resume().on('end', () => say(own));
    const { port } = lab.endpoint;
    const agent = agentOf(request.socket);
    const onward = https.request({ port, method, path: url, headers, agent }, (given) => {
      if (!own) return given.pipe(response.writeHead(given.statusCode ?? 0, given.headers));
      return given.resume().on('end', () => say(own));
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(async () => {
    for (const agent of agents.values()) agent.destroy();
    server.closeAllConnections();
    server.close();
  });
  const says = (said: RelayAnswer | undefined) => {
    answer = said && { ...said, left: said.times ?? 1 };
  };
  return { port: (server.address() as AddressInfo).port, state, says };
};

/** A session on a lab behind such a relay, by Basic unless something else is asked for. */
export const startBehindTls = async (
  robust: boolean,
  changes: Partial<WinRmOptions> = {},
  mechanism: 'basic' | 'negotiate' = 'basic',
) => {
  const certificate = makeCertificate();
  const lab = await startLab({ robust, tls: certificate, limits: { operationTimeoutMs: 200 } });
  const { port, state, says } = await startTlsRelay(lab, certificate);
  const { auth, tls } = lab.client();
  const shell = await open(lab, {
    port,
    auth: { ...auth, mechanisms: [mechanism] },
    tls: { ...tls, channelBinding: false },
    ...changes,
  });
  await shell.invoke(echo('before'));
  return { lab, shell, state, says };
};
