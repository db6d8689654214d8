import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { openBridgeShell } from '../../../src/remote/transport/bridge/open-bridge-shell.ts';
import { openLocalShell } from '../../../src/remote/transport/local/open-local-shell.ts';
import { findRealPwsh } from '../../helpers/pwsh-programs.ts';
import { describeFiles } from './describe-files.ts';
import type { FileSubject } from './subjects.ts';

const pwsh = findRealPwsh();
const executable = pwsh ?? '';

/** Files of this machine, as those of a host. */
const start = (open: FileSubject['open']) => async (): Promise<FileSubject & AsyncDisposable> => {
  const folder = mkdtempSync(join(tmpdir(), 'kintsugi-host-'));
  return {
    open,
    path: (name) => join(folder, name),
    read: (path) => (existsSync(path) ? readFileSync(path) : undefined),
    write: (path, bytes) => writeFileSync(path, bytes),
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true }),
  };
};

describe.skipIf(pwsh === undefined)('A real PowerShell over its transports', () => {
  describeFiles(
    'stdio',
    start(() => openLocalShell({ host: 'this machine', executable, connectTimeoutMs: 60_000 })),
  );
  describeFiles(
    'the bridge',
    start(() => openBridgeShell({ target: { kind: 'local' }, executable, connectTimeoutMs: 120_000 })),
  );
});
