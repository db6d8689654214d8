import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { endProcess } from './mit-realm.ts';

/** A server of ours around MIT's GSS-API; see the Python file. */
export type GssPeer = AsyncDisposable & { readonly port: number };

/** The system's own Python, for its packages (python3-gssapi) belong to no other. */
const python = '/usr/bin/python3';

/** Starts the server. @param env where its Kerberos libraries find keytab and realm */
export function startGssPeer(env: Readonly<Record<string, string>>, ...args: string[]): Promise<GssPeer> {
  const script = fileURLToPath(new URL('gss-peer.py', import.meta.url));
  const child = spawn(python, [script, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stdout.once('data', (chunk: Buffer) =>
      resolve({ port: Number(chunk.toString()), [Symbol.asyncDispose]: () => endProcess(child) }),
    );
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the peer ended with ${code}: ${said}`)));
  });
}
