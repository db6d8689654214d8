import { afterEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../src/kernel/failure.ts';
import { plainContentType } from '../../../src/remote/protocol/wsman/sealed-body.ts';
import { closeAll, echo, type RelayAnswer, ranOf, startBehindTls } from './troubled-lab.ts';

afterEach(closeAll);

const soap = { 'Content-Type': plainContentType };
const emptyEnvelope = '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header/><s:Body/></s:Envelope>';
const answers: readonly (readonly [string, Omit<RelayAnswer, 'handsOn'>])[] = [
  ['HTTP 200 with a page', { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<p>' }],
  ['HTTP 200 with what is no SOAP', { status: 200, headers: soap, body: '<a>' }],
  ['HTTP 200 with SOAP that answers nothing', { status: 200, headers: soap, body: emptyEnvelope }],
  ...[400, 403, 404, 413, 500, 502, 503, 504].map((status) => [`HTTP ${status}`, { status }] as const),
];

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
    const verdict = await shell.invoke(echo('after')).then(
      ({ output }) => String(output),
      (error: unknown) => (error instanceof Failure ? error.code : String(error)),
    );
    expect(['after', 'dropped']).toContain(verdict);
    expect(ranOf(lab)).toBe(2);
  });

  it('again and again ends the call, and leaves open what ran', async () => {
    const { lab, shell, state, says } = await startBehindTls(true);
    says({ status: 413, handsOn: true, times: 100 });
    await expect(shell.invoke(echo('after'))).rejects.toMatchObject({ code: 'dropped', facts: { cause: 'not-winrm' } });
    expect(state.answered).toBe(3);
    expect(ranOf(lab)).toBe(2);
  });
});
