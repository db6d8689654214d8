import { afterAll } from 'vitest';
import { openLocalShell } from '../../src/remote/transport/local/open-local-shell.ts';
import { makePwshStandIn } from '../helpers/pwsh-programs.ts';
import { describeRemoteLanguage } from './remote-language.ts';
import { describeRemoteShell } from './remote-shell.ts';

const standIn = makePwshStandIn();
afterAll(() => standIn.remove());

const name = 'A local PowerShell';
const maker = {
  open: () => openLocalShell({ host: 'this machine', executable: standIn.executable, connectTimeoutMs: 60_000 }),
};
describeRemoteShell(name, maker);
describeRemoteLanguage(name, maker);
