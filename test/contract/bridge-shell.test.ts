import { afterAll, beforeAll } from 'vitest';
import { type BridgeTargets, startBridgeTargets } from '../helpers/bridge-targets.ts';
import { describeRemoteLanguage } from './remote-language.ts';
import { describeRemoteShell } from './remote-shell.ts';

let targets: BridgeTargets;
beforeAll(async () => {
  targets = await startBridgeTargets();
});
afterAll(() => targets.close());

const overWinRm = { open: () => targets.open(targets.overWinRm()) };
const overSsh = { open: () => targets.open(targets.overSsh()) };
const local = { open: () => targets.open({ kind: 'local' }) };

describeRemoteShell('The bridge over WinRM', overWinRm);
describeRemoteLanguage('The bridge over WinRM', overWinRm);
describeRemoteShell('The bridge over SSH', overSsh);
describeRemoteShell('The bridge with a runspace of its own', local);
describeRemoteLanguage('The bridge with a runspace of its own', local);
