import { describe, expect, it } from 'vitest';
import { explainSsh, tellsOfFailure } from '../../../../../src/remote/transport/ssh/explain-ssh.ts';

const options = { host: 'web01', connectTimeoutMs: 1 };
const explain = (errorText: string, code = 255) =>
  explainSsh(options, { end: { kind: 'exited', code, signal: null }, errorText, noise: '' });

describe('What ssh says', () => {
  it.each([
    ['Connection closed by 10.0.0.1 port 22', 'unreachable', 'service sshd runs'],
    ['kex_exchange_identification: read: Connection reset by peer', 'unreachable', 'service sshd runs'],
    ['ssh: connect to host web01 port 22: Connection timed out', 'unreachable', 'firewall'],
    ['Received disconnect from 10.0.0.1: 2: Too many authentication failures', 'unauthenticated', 'ssh.identityFile'],
    ['op@web01: Permission denied (publickey,password).', 'unauthenticated', 'administrators_authorized_keys'],
    ['subsystem request failed on channel 0', 'unreachable', 'Subsystem powershell'],
    [
      'Unable to negotiate with 10.0.0.1 port 22: no matching host key type found.',
      'unreachable',
      'Unable to negotiate',
    ],
  ])('is told with what to do: %s', (text, code, remedy) => {
    const failure = explain(text);
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(remedy);
    expect(failure.message).toContain(text);
  });

  it('is not taken for its own when the program behind it failed', () => {
    expect(explain('Permission denied (publickey)', 1).code).toBe('unreachable');
  });

  it.each([
    ['Authenticated to web01 ([10.0.0.1]:22) using "publickey".', false],
    ['Transferred: sent 3516, received 3340 bytes, in 2.8 seconds', false],
    ["Warning: Permanently added '[127.0.0.1]:39263' (ED25519) to the list of known hosts.", false],
    ['client_loop: send disconnect: Broken pipe', true],
  ])('belongs into a message or not: %s', (line, tells) => {
    expect(tellsOfFailure(line)).toBe(tells);
  });
});
