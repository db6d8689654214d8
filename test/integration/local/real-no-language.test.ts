import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { jeaCommands } from '../../../src/remote/powershell/jea-endpoint.ts';
import type { RemoteShell } from '../../../src/remote/powershell/remote-shell.ts';
import { openBridgeShell } from '../../../src/remote/transport/bridge/open-bridge-shell.ts';
import { openLocalShell } from '../../../src/remote/transport/local/open-local-shell.ts';
import { clientMadeAttacks } from '../../helpers/client-made-attacks.ts';
import {
  command,
  conversation,
  door,
  endpointWith,
  heldRun,
  heldScript,
  outcomeOf,
  readingOnly,
  visibleCommands,
  writeFiles,
} from '../../helpers/no-language.ts';
import { attacks } from '../../helpers/no-language-attacks.ts';
import { findRealPwsh } from '../../helpers/pwsh-programs.ts';
import { startSshServer } from '../../helpers/ssh-server.ts';
import { declaredTouches } from '../../helpers/touch-attacks.ts';

const pwsh = findRealPwsh();

describe.skipIf(pwsh === undefined)('a no-language session of a real PowerShell', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kintsugi-real-'));
  const transcripts = join(folder, 'transcripts');
  const environment = { ...process.env, NO_COLOR: '1', HOME: folder };
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A PowerShell with the exported session configuration; a process asks for no roles, so those of the file are put in. */
  const programWith = (name: string, files: ReadonlyMap<string, string>, culture = 'en_US'): string => {
    const role = `    ModulesToImport = 'Kintsugi'\n    VisibleFunctions = ${Object.values(jeaCommands)
      .map((each) => `'${each}'`)
      .join(', ')}\n`;
    const modules = writeFiles(
      join(folder, name),
      Array.from(files, ([path, text]) => {
        const ownless = forThisSystem(text).replace(/^ *RunAsVirtualAccount.*\n/m, '');
        return [path, ownless.replace(/^ *RoleDefinitions *= @\{\n.*\n *\}\n/m, role)] as const;
      }),
    );
    const executable = join(folder, `${name}.sh`);
    const line = `exec '${pwsh ?? ''}' -ConfigurationFile '${modules}/Kintsugi.pssc' "$@"`;
    writeFileSync(
      executable,
      `#!/bin/sh\nLC_ALL=${culture}.UTF-8 HOME='${folder}' COMPUTERNAME=here PSModulePath='${modules}' ${line}\n`,
      { mode: 0o755 },
    );
    return executable;
  };
  const open = (name: string, files: ReadonlyMap<string, string>, culture?: string): Promise<RemoteShell> =>
    openLocalShell({ host: 'here', executable: programWith(name, files, culture), connectTimeoutMs: 60_000 });

  it('takes the same as the lab and refuses the same, from our own client', async () => {
    await using shell = await open('held', (await endpointWith(heldScript, transcripts)).files);
    for (const [what, call, outcome] of conversation) expect(await outcomeOf(shell, call), what).toEqual(outcome);
  });

  it('does nothing of what a client with a login could try, in a culture of other letters, and lets through what is declared', async () => {
    await using shell = await open('attacked', (await endpointWith(heldScript, transcripts)).files, 'tr_TR');
    for (const [what, call, outcome] of [...attacks, ...clientMadeAttacks])
      expect(await outcomeOf(shell, call), what).toEqual(outcome);
    const { output } = await outcomeOf(shell, door('touched', { Touches: declaredTouches }));
    // here the host has no services: the kit itself must have been asked
    expect(output[0]).not.toContain('KtNotInModule');
  });

  it('takes the same and refuses the same through the bridge', async () => {
    const program = programWith('bridged', (await endpointWith(heldScript, transcripts)).files);
    const server = await startSshServer({ subsystems: { jea: `${program} -sshs -NoLogo -NoProfile` } });
    try {
      const { port, username, identityFile, knownHosts } = server;
      await using shell = await openBridgeShell({
        target: {
          kind: 'ssh',
          host: '127.0.0.1',
          port,
          username,
          keyFile: identityFile,
          subsystem: 'jea',
          options: { UserKnownHostsFile: knownHosts },
        },
        executable: pwsh ?? '',
        connectTimeoutMs: 120_000,
      });
      for (const [what, call, outcome] of conversation) expect(await outcomeOf(shell, call), what).toEqual(outcome);
    } finally {
      await server.close();
    }
  });

  it('loads a module that a held script needs, and still hides its commands from the client', async () => {
    const needs = '@{ ok = $true; reason = (Get-Other); facts = @{} }\n';
    writeFiles(join(folder, 'needs', 'Other'), [
      ['Other.psd1', "@{ RootModule = 'Other.psm1'; ModuleVersion = '1.0'; FunctionsToExport = 'Get-Other' }"],
      ['Other.psm1', "function Get-Other { 'other' }"],
    ]);
    await using shell = await open('needs', (await endpointWith(needs, transcripts, {})).files);
    const hidden = { output: [], id: 'CommandNotFoundException' };
    await outcomeOf(shell, command('Open-KtSession', { Run: heldRun, HostName: 'h' }));
    expect(await outcomeOf(shell, command('Get-Other'))).toEqual(hidden);
    const sha256 = createHash('sha256').update(needs).digest('hex');
    const done = await outcomeOf(shell, door('read', { ...readingOnly({}), Sha256: sha256 }));
    expect(done.output[0]).toContain('"reason":"other"');
    expect(await outcomeOf(shell, command('Get-Other'))).toEqual(hidden);
    expect(await outcomeOf(shell, command('Get-Command', { Name: 'Get-Other' }))).toEqual(hidden);
  });

  it('is made by the exported role: its commands, and what every restricted session has', async () => {
    const { files } = await endpointWith(heldScript, transcripts);
    const modules = writeFiles(
      join(folder, 'role'),
      Array.from(files, ([path, text]) => [path, forThisSystem(text)]),
    );
    const harness = fileURLToPath(new URL('../../fixtures/jea/restricted-session.ps1', import.meta.url));
    const told = spawnSync(
      pwsh ?? '',
      ['-NoProfile', '-NonInteractive', '-File', harness, join(modules, 'Kintsugi.pssc'), modules],
      { encoding: 'utf8', env: environment },
    );
    const [commands = '', exported = ''] = told.stdout.trim().split('\n');
    expect(commands.split(','), told.stderr).toEqual(visibleCommands);
    expect(exported.split(',').toSorted()).toEqual(Object.values(jeaCommands).toSorted());
  });
});

/** PowerShell has execution policies on Windows alone. */
const forThisSystem = (text: string): string => text.replace(/^ *ExecutionPolicy.*\n/m, '');
