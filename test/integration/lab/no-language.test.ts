import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, type LabHost, startLab } from '../../../src/lab/start-lab.ts';
import type { RemoteShell } from '../../../src/remote/powershell/remote-shell.ts';
import { openWinRmShell } from '../../../src/remote/transport/winrm/open-winrm-shell.ts';
import { clientMadeAttacks } from '../../helpers/client-made-attacks.ts';
import {
  command,
  conversation,
  door,
  endpointWith,
  heldRun,
  heldScript,
  outcomeOf,
  refused,
  visibleCommands,
  writeFiles,
} from '../../helpers/no-language.ts';
import { attacks } from '../../helpers/no-language-attacks.ts';
import { declaredTouches } from '../../helpers/touch-attacks.ts';

describe('a no-language session of the lab', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kintsugi-no-language-'));
  let lab: Lab;
  let host: LabHost;
  const open = (configurationName: string, username: string): Promise<RemoteShell> =>
    openWinRmShell({
      host: host.address,
      port: host.port,
      auth: { mechanisms: ['negotiate'], username, password: () => 'x' },
      configurationName,
      connectTimeoutMs: 5_000,
      operationTimeoutMs: 20_000,
    });
  beforeAll(async () => {
    const jea = { Kintsugi: writeFiles(folder, (await endpointWith(heldScript, 'C:\\Transcripts')).files), Bare: null };
    lab = await startLab({
      spec: { kintsugi: 'lab/v1', hosts: { w11: { base: 'windows-11-24h2', jea } } },
      password: 'x',
      plainUsers: ['guest', 'other'],
    });
    const [first] = lab.hosts;
    if (first === undefined) throw new Error('the lab has no host');
    host = first;
  });
  afterAll(async () => {
    await lab?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes commands with typed values and nothing else, for an account that is no administrator', async () => {
    await using shell = await open('Kintsugi', 'guest');
    for (const [what, call, outcome] of conversation) expect(await outcomeOf(shell, call), what).toEqual(outcome);
  });

  it('does nothing of what a client with a login could try beyond what the module declares', async () => {
    await using shell = await open('Kintsugi', 'guest');
    for (const [what, call, outcome] of [...attacks, ...clientMadeAttacks])
      expect(await outcomeOf(shell, call), what).toEqual(outcome);
  });

  it('looks at and copies what its actions declare that they touch', async () => {
    await using shell = await open('Kintsugi', 'guest');
    await shell.invoke(command('Open-KtSession', { Run: heldRun, HostName: 'h' }));
    const { output } = await outcomeOf(shell, door('touched', { Touches: declaredTouches }));
    expect(output[0]).toMatch(/^\{"ok":true/);
    expect(output[0]).toContain('"service:W32Time:state":');
    expect(output[0]).toContain('"file:C:\\\\Data\\\\x.txt":"absent"');
  });

  it('refuses script text with the error that Windows gives', async () => {
    await using shell = await open('Kintsugi', 'guest');
    await expect(shell.invoke({ kind: 'script', text: 'Get-Date' })).rejects.toMatchObject({
      facts: {
        error: {
          message:
            'The syntax is not supported by this runspace. This can occur if the runspace is in no-language mode.',
          fqid: 'ScriptsNotAllowed',
          category: 'ParserError',
          reason: 'ParseException',
          targetName: 'Get-Date',
          exceptionType: 'System.Management.Automation.ParseException',
        },
      },
    });
  });

  it('shows what the role shows, and runs as a virtual administrator', async () => {
    await using shell = await open('Kintsugi', 'guest');
    const { output } = await shell.invoke(command('Get-Command'));
    const names = output.map((each) => (each as { readonly Name: string }).Name);
    // what the lab does not simulate (Get-Help and the like) is not listed
    expect(visibleCommands).toEqual(expect.arrayContaining(names));
    expect(names).toEqual(expect.arrayContaining(['Get-Command', 'Get-KtModule', 'Select-Object']));
    await shell.invoke(command('Open-KtSession', { Run: heldRun, HostName: 'h' }));
    expect((await outcomeOf(shell, door('facts'))).output[0]).toContain('"elevated":true');
  });

  it('is opened only for those who have a role, and the default configuration for administrators only', async () => {
    await expect(open('Kintsugi', 'other')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(open('Kintsugi', 'operator')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(open('Microsoft.PowerShell', 'guest')).rejects.toMatchObject({ code: 'forbidden' });
    await using shell = await open('Bare', 'operator');
    expect(await outcomeOf(shell, command('Get-KtModule'))).toEqual(refused('CommandNotFoundException'));
  });
});
