import type { RemoteShell } from '../../../src/remote/powershell/remote-shell.ts';
import { openWinRmShell } from '../../../src/remote/transport/winrm/open-winrm-shell.ts';
import type { WinRmOptions } from '../../../src/remote/transport/winrm/winrm-options.ts';
import { contractScripts } from '../../contract/remote-shell-scripts.ts';
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
