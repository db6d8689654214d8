/** A program for a test: opens a session through the PowerShell given, runs one script, and does nothing to end itself. */
import { openBridgeShell } from '../../../src/remote/transport/bridge/open-bridge-shell.ts';

const shell = await openBridgeShell({
  target: { kind: 'local' },
  executable: process.argv[2] ?? '',
  connectTimeoutMs: 60_000,
});
const { output } = await shell.invoke({ kind: 'script', text: "'done'" }, { timeoutMs: 600_000, silenceMs: 600_000 });
process.stdout.write(String(output[0]));
