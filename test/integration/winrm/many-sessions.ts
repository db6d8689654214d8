/** A program for a test: opens 64 sessions at once on the port given and calls all of them again and again; tells what it got and what memory it used. */
import { openWinRmShell } from '../../../src/remote/transport/winrm/open-winrm-shell.ts';
import { contractScripts } from '../../contract/remote-shell-scripts.ts';

const options = {
  host: '127.0.0.1',
  port: Number(process.argv[2]),
  auth: {
    mechanisms: ['negotiate'] as const,
    username: String.raw`LAB\op`,
    password: () => process.env['LAB_PASSWORD'] ?? '',
  },
  connectTimeoutMs: 60_000,
  operationTimeoutMs: 60_000,
};
const shells = await Promise.all(Array.from({ length: 64 }, () => openWinRmShell(options)));
let wrong = 0;
const round = async (turn: number): Promise<void> => {
  const answers = await Promise.all(
    shells.map(async (shell, n) => {
      const Value = `${n}/${turn} ${'x'.repeat(20_000)}`;
      const { output } = await shell.invoke({ kind: 'script', text: contractScripts.echo, parameters: { Value } });
      return output[0] === Value;
    }),
  );
  wrong += answers.filter((right) => !right).length;
};
/** Bytes in use after all that is of no use any more was thrown away; buffers go when the event loop turns. */
const usedBytes = async (): Promise<number> => {
  for (let n = 0; n < 3; n++) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

for (const turn of [1, 2, 3]) await round(turn);
const before = await usedBytes();
for (const turn of [4, 5, 6, 7, 8]) await round(turn);
const after = await usedBytes();
const ids = new Set(shells.map((shell) => shell.info.shellId)).size;
await Promise.all(shells.map((shell) => shell.close()));
process.stdout.write(JSON.stringify({ wrong, ids, grown: after - before }));
