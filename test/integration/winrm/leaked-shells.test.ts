import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { afterEach, describe, expect, it } from 'vitest';
import type { RemoteShell } from '../../../src/remote/powershell/remote-shell.ts';
import { openWinRmShell } from '../../../src/remote/transport/winrm/open-winrm-shell.ts';
import { readMark, writeMark } from '../../../src/remote/transport/winrm/session-mark.ts';
import type { WinRmOptions } from '../../../src/remote/transport/winrm/winrm-options.ts';
import { contractScripts } from '../../contract/remote-shell-scripts.ts';
import { labPassword, startWinRmLab, type WinRmLab } from '../../helpers/winrm-lab.ts';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  while (opened.length > 0) await opened.pop()?.();
});

const own = readMark(writeMark())!;
/** Marks of a process that is gone: of this machine, and of another one. */
const ended = writeMark({ ...own, pid: spawnSync(process.execPath, ['-e', '']).pid });
const elsewhere = ended.replace(own.machine, '0123456789ab');

const startLab = async (shellsPerUser: number): Promise<WinRmLab> => {
  const lab = await startWinRmLab({
    limits: { shellsPerUser },
    users: [
      { name: 'op', domain: 'LAB', password: labPassword },
      { name: 'other', domain: 'LAB', password: labPassword },
    ],
  });
  opened.push(() => lab.endpoint.close());
  return lab;
};
const open = async (lab: WinRmLab, changes: Partial<WinRmOptions> = {}): Promise<RemoteShell> => {
  const shell = await openWinRmShell(lab.client(changes));
  opened.push(() => shell.close());
  return shell;
};
const closed = (lab: WinRmLab) => lab.host.runspaces.map((runspace) => runspace.closed);
const echo = { kind: 'script', text: contractScripts.echo, parameters: { Value: 1 } } as const;

describe('on a host that allows no more sessions,', () => {
  it('those that a killed process of this machine left behind make room', async () => {
    const lab = await startLab(2);
    await (await open(lab, { mark: ended })).invoke(echo);
    await open(lab);
    const shell = await open(lab);
    expect((await shell.invoke(echo)).output).toEqual([1]);
    expect(closed(lab)).toEqual([true, false, false]);
  });

  it('nothing else does: sessions that live, of other machines, of other names, and scripts that run', async () => {
    const lab = await startLab(4);
    await open(lab);
    await open(lab, { mark: elsewhere });
    await open(lab, { mark: 'Runspace7' });
    const working = await open(lab, { mark: ended });
    const stop = new AbortController();
    let begun: () => void = () => undefined;
    const running = new Promise<void>((resolve) => (begun = resolve));
    const script = { kind: 'script', text: contractScripts.endless } as const;
    const call = working.invoke(script, { signal: stop.signal, onStream: () => begun() });
    await running;
    await expect(open(lab)).rejects.toMatchObject({ code: 'unreachable', facts: { cause: 'quota' } });
    expect(closed(lab)).toEqual([false, false, false, false]);
    stop.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
  });

  it("another account's are left alone", async () => {
    const lab = await startLab(1);
    const auth = { ...lab.client().auth, username: String.raw`LAB\other` };
    await open(lab, { mark: ended, auth });
    await open(lab);
    await expect(open(lab)).rejects.toMatchObject({ code: 'unreachable', facts: { cause: 'quota' } });
    expect(closed(lab)).toEqual([false, false]);
  });
});
