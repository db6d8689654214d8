import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMachine } from '../../../src/lab/faults/create-machine.ts';
import type { WinRmEndpointOptions } from '../../../src/lab/server/endpoint-options.ts';
import { startWinRmEndpoint, type WinRmEndpoint } from '../../../src/lab/server/winrm-endpoint.ts';
import { createCmdHost } from '../../../src/lab/windows/cmd/cmd-host.ts';
import { createRunspaceHost } from '../../../src/lab/windows/runtime/host-runspace.ts';
import { makeCertificate } from '../../helpers/make-certificate.ts';

const password = 'Pw-1 xyz';
const machine = createMachine('box', { base: 'windows-server-2022' }, ['operator']);
let folder: string;
let http: WinRmEndpoint;
let https: WinRmEndpoint;

/** OpenSSL 3 has MD4, which NTLM needs, in its legacy provider only. */
const opensslConfiguration = `openssl_conf = all
[all]
providers = each
[each]
default = on
legacy = on
[on]
activate = 1
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peers-'));
  const options: WinRmEndpointOptions = {
    host: '127.0.0.1',
    port: 0,
    computerName: machine.name,
    domainName: machine.name,
    users: [{ name: 'operator', password }],
    schemes: { negotiate: true, ntlm: false, basic: true },
    allowUnencrypted: false,
    runspaceHost: createRunspaceHost(machine),
    cmdHost: createCmdHost(machine),
    clock: { now: () => machine.clock.wallMs() },
  };
  http = await startWinRmEndpoint(options);
  https = await startWinRmEndpoint({ ...options, tls: makeCertificate({ hash: 'sha256', kind: 'rsa' }) });
  await writeFile(join(folder, 'openssl.cnf'), opensslConfiguration);
});

afterAll(async () => {
  await Promise.all([http.close(), https.close()]);
  machine.close();
  await rm(folder, { recursive: true });
});

/** Runs a program of the system with an environment of its own; gives its exit code and output. */
const run = (
  file: string,
  args: readonly string[],
  input = '',
): Promise<{ code: number; out: string; error: string }> =>
  new Promise((resolve) => {
    const env = { PATH: '/usr/bin:/bin', HOME: folder, OPENSSL_CONF: join(folder, 'openssl.cnf'), NO_PROXY: '*' };
    const child = execFile(file, [...args], { env, timeout: 60_000 }, (error, out, errorText) => {
      resolve({ code: error ? Number(error.code ?? -1) : 0, out, error: errorText });
    });
    child.stdin?.end(input);
  });

/** What python3-winrm is told: one JSON value a line comes back. */
const conversation = `
import json, sys, winrm
target, transport = sys.argv[1:3]
password = sys.stdin.read()
session = winrm.Session(target, auth=('operator', password), transport=transport, server_cert_validation='ignore')
def say(*values):
    print(json.dumps([v.decode() if isinstance(v, bytes) else v for v in values]))
def result(r):
    say(r.status_code, r.std_out, r.std_err)
result(session.run_cmd('echo', ['hello', 'world']))
result(session.run_cmd('nosuch'))
result(session.run_ps('$PSVersionTable.PSVersion.Major; Write-Host ("x" * 5000); exit 4'))
protocol = session.protocol
shell = protocol.open_shell(working_directory='C:\\\\Windows', env_vars={'A_B': 'c d'}, codepage=65001)
command = protocol.run_command(shell, 'cd & echo %A_B% & exit 5')
say(*protocol.get_command_output(shell, command))
protocol.cleanup_command(shell, command)
protocol.close_shell(shell)
say(protocol.transport.encryption is not None)
`;

describe('python3-winrm, a client that we did not write,', () => {
  it.each([
    ['NTLM over HTTP, each message sealed', 'http', 'ntlm', true],
    ['NTLM over HTTPS', 'https', 'ntlm', false],
    ['Basic over HTTPS', 'https', 'ssl', false],
  ] as const)('runs commands and PowerShell on a lab host by %s', async (_, scheme, transport, sealed) => {
    const { url } = scheme === 'http' ? http : https;
    const { code, out, error } = await run(
      '/usr/bin/python3',
      ['-W', 'ignore', '-c', conversation, url, transport],
      password,
    );
    expect({ code, error }).toEqual({ code: 0, error: '' });
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      [0, 'hello world\r\n', ''],
      [1, '', "'nosuch' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n"],
      [4, `5\r\n${'x'.repeat(5_000)}\r\n`, ''],
      ['C:\\Windows\r\nc d \r\n', '', 5],
      [sealed],
    ]);
  });

  it('is refused with a wrong password', async () => {
    const { code, error } = await run(
      '/usr/bin/python3',
      ['-W', 'ignore', '-c', conversation, http.url, 'ntlm'],
      'wrong',
    );
    expect(code).toBe(1);
    expect(error).toContain('InvalidCredentialsError');
  });
});

describe('winrmcp, a client that we did not write,', () => {
  it('copies a file to a lab host, in pieces by cmd and put together by PowerShell', async () => {
    const content = randomBytes(20_000);
    const from = join(folder, 'content.bin');
    await writeFile(from, content);
    const to = 'C:\\Windows\\Temp\\copied\\content.bin';
    const login = ['-user', 'operator', '-pass', password, '-addr', `127.0.0.1:${https.port}`, '-https', '-insecure'];
    const { code, out, error } = await run('/usr/bin/winrmcp', [...login, from, to]);
    expect({ code, out, error }).toEqual({ code: 0, out: '', error: '' });
    expect(Buffer.from(machine.files.read(machine.files.get(to))).equals(content)).toBe(true);
    const temp = machine.files.get('C:\\Users\\operator\\AppData\\Local\\Temp');
    expect(Array.from(temp.children.values()).filter(({ name }) => name.startsWith('winrmcp-'))).toEqual([]);
  });
});
