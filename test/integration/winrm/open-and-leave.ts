/** A program for a test: opens a session on the port given, runs one script, closes, and does nothing to end itself. */
import { openWinRmShell } from '../../../src/remote/transport/winrm/open-winrm-shell.ts';
import { contractScripts } from '../../contract/remote-shell-scripts.ts';

const shell = await openWinRmShell({
  host: '127.0.0.1',
  port: Number(process.argv[2]),
  auth: { mechanisms: ['negotiate'], username: 'LAB\\op', password: () => process.env['LAB_PASSWORD'] ?? '' },
  connectTimeoutMs: 60_000,
  operationTimeoutMs: 60_000,
});
const { output } = await shell.invoke(
  { kind: 'script', text: contractScripts.echo, parameters: { Value: 'done' } },
  { timeoutMs: 600_000, silenceMs: 600_000 },
);
if (process.argv[3] === 'close') await shell.close();
process.stdout.write(String(output[0]));
