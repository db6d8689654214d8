import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startLab } from '../../../src/lab/start-lab.ts';
import { getFile } from '../../../src/remote/powershell/files/get-file.ts';
import { putFile } from '../../../src/remote/powershell/files/put-file.ts';
import { openWinRmShell } from '../../../src/remote/transport/winrm/open-winrm-shell.ts';
import { startRelay } from '../../helpers/tcp-relay.ts';
import { describeFiles, noise } from './describe-files.ts';

const start = async () => {
  const password = randomUUID();
  const lab = await startLab({
    spec: { kintsugi: 'lab/v1', hosts: { pc1: { base: 'windows-11-24h2', description: 'files', faults: [] } } },
    password,
  });
  const [host] = lab.hosts;
  if (host === undefined) throw new Error('the lab has no host');
  const { files } = host.machine;
  return {
    open: (port = host.port) =>
      openWinRmShell({
        host: host.address,
        port,
        auth: { mechanisms: ['negotiate'], username: 'operator', password: () => password },
        connectTimeoutMs: 10_000,
        operationTimeoutMs: 20_000,
        recoverMs: 200,
      }),
    port: host.port,
    path: (name: string) => String.raw`C:\Windows\Temp\${name}`.replace('\\${name}', `\\${name}`),
    read: (path: string) => {
      const node = files.find(path);
      return node && files.read(node);
    },
    write: (path: string, bytes: Uint8Array) => void files.write(path, Uint8Array.from(bytes), 4),
    [Symbol.asyncDispose]: () => lab.close(),
  };
};

describeFiles('WinRM', async () => {
  const { open, ...others } = await start();
  return { ...others, open: () => open() };
});

it('a transfer goes on in another session when its own is lost, and carries each frame once', async () => {
  await using subject = await start();
  const folder = mkdtempSync(join(tmpdir(), 'kintsugi-files-'));
  const bytes = noise(3_000_000);
  const remote = subject.path('broken.bin');
  writeFileSync(join(folder, 'a'), bytes);
  let broken = false;
  const relay = await startRelay(subject.port, (chunk) => ({ bytes: broken ? Buffer.alloc(0) : chunk, cut: broken }));
  const reopen = () => {
    broken = false;
    return subject.open(relay.port);
  };
  for (const carry of [putFile, getFile]) {
    const shell = await subject.open(relay.port);
    let frames = 0;
    const onProgress = () => {
      frames++;
      // The way is gone for longer than the session itself looks for it.
      if (frames === 3) broken = true;
    };
    const pair = { local: join(folder, carry === putFile ? 'a' : 'b'), remote };
    const done = await carry(shell, pair, { reopen, onProgress });
    expect(done).toMatchObject({ kind: 'carried', bytes: bytes.length });
    expect(done.packedBytes).toBe(bytes.length);
    expect(frames).toBe(done.frames);
    await shell.close();
  }
  expect(Buffer.compare(readFileSync(join(folder, 'b')), bytes)).toBe(0);
  relay.close();
  rmSync(folder, { recursive: true });
});
