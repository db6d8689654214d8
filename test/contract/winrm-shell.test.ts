import { afterAll, beforeAll } from 'vitest';
import { type Lab, startLab } from '../../src/lab/start-lab.ts';
import { openWinRmShell } from '../../src/remote/transport/winrm/open-winrm-shell.ts';
import { makeCertificate } from '../helpers/make-certificate.ts';
import { startWinRmLab, type WinRmLab } from '../helpers/winrm-lab.ts';
import { describeRemoteLanguage } from './remote-language.ts';
import { describeRemoteShell } from './remote-shell.ts';

let plain: WinRmLab;
let secure: WinRmLab;
let lab: Lab;

const password = 'Pässw0rd!';

beforeAll(async () => {
  plain = await startWinRmLab();
  secure = await startWinRmLab({ tls: makeCertificate() });
  lab = await startLab({ spec: { kintsugi: 'lab/v1', hosts: { pc1: { base: 'windows-server-2022' } } }, password });
});

afterAll(async () => {
  await plain.endpoint.close();
  await secure.endpoint.close();
  await lab.close();
});

const openLabHost = () =>
  openWinRmShell({
    host: '127.0.0.1',
    port: lab.hosts[0]?.port ?? 0,
    auth: { mechanisms: ['negotiate'], username: 'operator', password: () => password },
    connectTimeoutMs: 10_000,
    operationTimeoutMs: 20_000,
  });

describeRemoteShell('WinRM over HTTP with NTLM', { open: () => openWinRmShell(plain.client()) });
describeRemoteShell('WinRM over HTTPS with NTLM', { open: () => openWinRmShell(secure.client()) });
describeRemoteShell('WinRM over HTTPS with Basic', {
  open: () => {
    const options = secure.client();
    return openWinRmShell({ ...options, auth: { ...options.auth, mechanisms: ['basic'] } });
  },
});
describeRemoteShell('WinRM to a simulated Windows', { open: openLabHost });
describeRemoteLanguage('WinRM to a simulated Windows', { open: openLabHost });
