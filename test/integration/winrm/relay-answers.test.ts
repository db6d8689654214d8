import { afterEach, describe, expect, it, vi } from 'vitest';
import { Failure } from '../../../src/kernel/failure.ts';
import { plainContentType } from '../../../src/remote/protocol/wsman/sealed-body.ts';
import { openCmdShell } from '../../../src/remote/transport/winrm/open-cmd-shell.ts';
import { FakeCmdHost } from '../../helpers/fake-cmd-host.ts';
import { makeCertificate } from '../../helpers/make-certificate.ts';
import {
  closeAll,
  echo,
  opened,
  type RelayAnswer,
  ranOf,
  startBehindTls,
  startLab,
  startTlsRelay,
} from './troubled-lab.ts';

afterEach(closeAll);

const soap = { 'Content-Type': plainContentType };
const emptyEnvelope = '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header/><s:Body/></s:Envelope>';
const answers: readonly (readonly [string, Omit<RelayAnswer, 'handsOn'>])[] = [
  ['HTTP 200 with a page', { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<p>' }],
  ['HTTP 200 with what is no SOAP', { status: 200, headers: soap, body: '<a>' }],
  ['HTTP 200 with SOAP that answers nothing', { status: 200, headers: soap, body: emptyEnvelope }],
  ...[400, 403, 404, 413, 500, 502, 503, 504].map((status) => [`HTTP ${status}`, { status }] as const),
];

const verdictOf = (call: Promise<{ readonly output: unknown }>) =>
  call.then(
    ({ output }) => String(output),
    (error: unknown) => (error instanceof Failure ? error.code : String(error)),
  );

describe('a relay that answers in the place of a host that it has handed a request to', () => {
  it.each(answers)('(%s) is no answer: the host is asked for its own', async (_, answer) => {
    const { lab, shell, state, says } = await startBehindTls(true);
    says({ ...answer, handsOn: true });
    expect((await shell.invoke(echo('after'))).output).toEqual(['after']);
    expect(state.answered).toBe(1);
    expect(ranOf(lab)).toBe(2);
  });

  it.each(answers)('(%s) does not mean that nothing ran, where the host keeps no answers', async (_, answer) => {
    const { lab, shell, says } = await startBehindTls(false);
    says({ ...answer, handsOn: true });
    expect(['after', 'dropped']).toContain(await verdictOf(shell.invoke(echo('after'))));
    expect(ranOf(lab)).toBe(2);
  });

  it.each([
    ['negotiate', true, 'after'],
    ['negotiate', false, 'after'],
    // By Basic each request shows the password, and nobody shows one again that may be wrong.
    ['basic', true, 'dropped'],
    ['basic', false, 'dropped'],
  ] as const)(
    'and denies the login proves nothing: what ran is not run again, nor said not to have run (%s, answers kept: %s)',
    async (mechanism, robust, expected) => {
      const { lab, shell, state, says } = await startBehindTls(robust, {}, mechanism);
      says({ status: 401, handsOn: true, headers: { 'WWW-Authenticate': 'Negotiate' } });
      expect(await verdictOf(shell.invoke(echo('after')))).toBe(expected);
      expect(state.answered).toBe(1);
      expect(ranOf(lab)).toBe(2);
    },
  );

  it.each([
    ['keeps its answers', true, 'ended'],
    ['keeps none', false, 'dropped'],
  ])('and denies the login has no program begun twice (the host %s)', async (_, robust, expected) => {
    const cmdHost = new FakeCmdHost();
    const certificate = makeCertificate();
    const lab = await startLab({ robust, cmdHost, tls: certificate, limits: { operationTimeoutMs: 200 } });
    const { port, says } = await startTlsRelay(lab, certificate);
    const shell = await openCmdShell(lab.client({ port, tls: { ...lab.client().tls, channelBinding: false } }));
    opened.push(() => shell.close());
    says({ status: 401, handsOn: true });
    const call = verdictOf(shell.run('format-something').then(() => ({ output: 'ended' })));
    await vi.waitFor(() => expect(cmdHost.commands).not.toHaveLength(0));
    cmdHost.commands[0]?.end(0);
    expect(await call).toBe(expected);
    expect(cmdHost.commands).toHaveLength(1);
  });

  it('again and again ends the call, and leaves open what ran', async () => {
    const { lab, shell, state, says } = await startBehindTls(true);
    says({ status: 413, handsOn: true, times: 100 });
    await expect(shell.invoke(echo('after'))).rejects.toMatchObject({ code: 'dropped', facts: { cause: 'not-winrm' } });
    expect(state.answered).toBe(3);
    expect(ranOf(lab)).toBe(2);
  });
});
