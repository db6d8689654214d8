/** A program for a test: opens a session with the PowerShell given, runs one script, and does nothing to end itself. */
import { openLocalShell } from '../../../src/remote/transport/local/open-local-shell.ts';

const shell = await openLocalShell({
  host: 'this machine',
  executable: process.argv[2] ?? '',
  connectTimeoutMs: 60_000,
});
const { output } = await shell.invoke({ kind: 'script', text: "'done'" }, { timeoutMs: 600_000, silenceMs: 600_000 });
process.stdout.write(String(output[0]));
