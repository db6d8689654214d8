import { describe, expect, it } from 'vitest';
import { failureOfOpening } from '../../../../../src/remote/transport/bridge/bridge-failures.ts';

const failure = (fqid: string, noise = '') =>
  failureOfOpening({ error: { message: 'es ging nicht', fqid, category: 'OpenError' }, noise }, 'pc1');

describe('failureOfOpening', () => {
  it.each([
    ['AccessDenied,PSSessionOpenFailed', 'forbidden'],
    ['LogonFailure,PSSessionOpenFailed', 'unauthenticated'],
    ['ServerNotTrusted,PSSessionOpenFailed', 'unauthenticated'],
    ['-2144108387,PSSessionOpenFailed', 'unauthenticated'],
    ['12175,PSSessionOpenFailed', 'untrusted-host'],
    ['InvalidResourceUri,PSSessionOpenFailed', 'unreachable'],
    ['CannotConnect,PSSessionOpenFailed', 'unreachable'],
    ['-1,PSSessionOpenFailed', 'unreachable'],
    ['ImproperResponse,PSSessionOpenFailed', 'protocol-error'],
  ])('reads %s by its id, whatever the language of the message', (fqid, code) => {
    expect(failure(fqid)).toMatchObject({ code, facts: { fqid } });
  });

  it.each([
    ['root@pc1: Permission denied (publickey,keyboard-interactive).', 'unauthenticated', /refused the login/u],
    ['Host key verification failed.', 'untrusted-host', /known hosts/u],
    ['subsystem request failed on channel 0', 'unreachable', /Subsystem powershell/u],
    ['ssh: connect to host pc1 port 22: Connection refused', 'unreachable', /sshd runs/u],
  ])('reads what ssh says: %s', (noise, code, advice) => {
    const said = failure('PSSessionOpenFailed', noise);
    expect(said.code).toBe(code);
    expect(said.message).toMatch(advice);
    expect(said.message).toContain(noise);
  });

  it('finds clocks that differ, which WinRM tells only within its text', () => {
    const error = {
      message: 'Fehler mit Code 0x80090324 bei Kerberos',
      fqid: '-2144108387,PSSessionOpenFailed',
      category: 'OpenError',
    };
    expect(failureOfOpening({ error, noise: '' }, 'pc1').code).toBe('clock-skew');
  });

  it('tells apart what the local PowerShell cannot do at all', () => {
    const said = failure('NamedParameterNotFound,Microsoft.PowerShell.Commands.NewPSSessionCommand');
    expect(said).toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/^The local PowerShell cannot/u),
    });
  });
});
