import { afterAll, beforeAll } from 'vitest';
import { openSshShell } from '../../src/remote/transport/ssh/open-ssh-shell.ts';
import { makePwshStandIn } from '../helpers/pwsh-programs.ts';
import { type SshServer, startSshServer } from '../helpers/ssh-server.ts';
import { describeRemoteLanguage } from './remote-language.ts';
import { describeRemoteShell } from './remote-shell.ts';

const standIn = makePwshStandIn();
let server: SshServer;
beforeAll(async () => {
  server = await startSshServer({ subsystems: { powershell: `${standIn.executable} -sshs -NoLogo` } });
});
afterAll(async () => {
  await server.close();
  standIn.remove();
});

const name = 'SSH through the system’s sshd';
const maker = { open: () => openSshShell({ ...server.client, connectTimeoutMs: 60_000 }) };
describeRemoteShell(name, maker);
describeRemoteLanguage(name, maker);
