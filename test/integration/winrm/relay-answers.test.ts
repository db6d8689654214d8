import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../src/kernel/failure.ts';
import { makeCertificate } from '../../helpers/make-certificate.ts';
import { closeAll, echo, open, opened, ranOf, startLab } from './troubled-lab.ts';

const certificate = makeCertificate();
afterEach(closeAll);

/** A lab behind a relay that ends TLS: it hands each request on, and can answer for the host although that has answered. */
const startBehindRelay = async (robust: boolean) => {
  const lab = await startLab({ robust, tls: certificate, limits: { operationTimeoutMs: 200 } });
  const state: { status: number | undefined } = { status: undefined };
  const agent = new https.Agent({ rejectUnauthorized: false, keepAlive: true });
  const server = https.createServer({ key: certificate.key, cert: certificate.cert }, (request, response) => {
    const { method, headers, url } = request;
    const onward = https.request({ port: lab.endpoint.port, method, path: url, headers, agent }, (answer) => {
      const { status } = state;
      state.status = undefined;
      if (status === undefined) return answer.pipe(response.writeHead(answer.statusCode ?? 0, answer.headers));
      return answer.resume().on('end', () => response.writeHead(status, { 'Content-Length': 0 }).end());
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(async () => {
    agent.destroy();
    server.closeAllConnections();
    server.close();
  });
  const { auth } = lab.client();
  const { port } = server.address() as AddressInfo;
  const shell = await open(lab, { port, auth: { ...auth, mechanisms: ['basic'] } });
  return { lab, shell, state };
};

describe('a relay that answers in the place of a host that it has handed a request to', () => {
  it.each([502, 504])('(HTTP %i) is no answer: the host is asked for its own', async (status) => {
    const { lab, shell, state } = await startBehindRelay(true);
    await shell.invoke(echo('before'));
    state.status = status;
    expect((await shell.invoke(echo('after'))).output).toEqual(['after']);
    expect(state.status).toBe(undefined);
    expect(ranOf(lab)).toBe(2);
  });

  it.each([502, 504])('(HTTP %i) does not mean that nothing ran, where the host keeps no answers', async (status) => {
    const { lab, shell, state } = await startBehindRelay(false);
    await shell.invoke(echo('before'));
    state.status = status;
    const verdict = await shell.invoke(echo('after')).then(
      ({ output }) => String(output),
      (error: unknown) => (error instanceof Failure ? error.code : String(error)),
    );
    expect(['after', 'dropped']).toContain(verdict);
    expect(ranOf(lab)).toBe(2);
  });
});
