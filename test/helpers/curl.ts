import { execFile } from 'node:child_process';
import { encodeRequest } from '../../src/remote/protocol/wsman/requests.ts';

const identify = encodeRequest(
  { kind: 'identify' },
  { to: '', sessionId: '', messageId: '', operationTimeoutMs: 0, maxEnvelopeBytes: 0 },
);

/** What curl ended with. */
export type CurlEnd = { readonly exit: number; readonly status: string; readonly body: string };

/** Posts an Identify with the system's curl; gives its exit code, the last HTTP status and the body. */
export function curl(
  url: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CurlEnd> {
  return new Promise((resolve) => {
    const common = ['--silent', '--show-error', '--write-out', '\n%{http_code}', '--data-binary', identify];
    const header = ['--header', 'Content-Type: application/soap+xml;charset=UTF-8'];
    const options = { env: { ...process.env, ...env } };
    const child = execFile('curl', [...common, ...header, ...args, url], options, (_, stdout) => {
      const cut = stdout.lastIndexOf('\n');
      resolve({ exit: child.exitCode ?? -1, status: stdout.slice(cut + 1), body: stdout.slice(0, cut) });
    });
  });
}
