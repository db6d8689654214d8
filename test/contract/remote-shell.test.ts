import { afterAll, beforeAll } from 'vitest';
import { openWinRmShell } from '../../src/remote/transport/winrm/open-winrm-shell.ts';
import { makeCertificate } from '../helpers/make-certificate.ts';
import { startWinRmLab, type WinRmLab } from '../helpers/winrm-lab.ts';
import { describeRemoteShell } from './remote-shell.ts';

let plain: WinRmLab;
let secure: WinRmLab;

beforeAll(async () => {
  plain = await startWinRmLab();
  secure = await startWinRmLab({ tls: makeCertificate() });
});

afterAll(async () => {
  await plain.endpoint.close();
  await secure.endpoint.close();
});

describeRemoteShell('WinRM over HTTP with NTLM', { open: () => openWinRmShell(plain.client()) });
describeRemoteShell('WinRM over HTTPS with NTLM', { open: () => openWinRmShell(secure.client()) });
describeRemoteShell('WinRM over HTTPS with Basic', {
  open: () => {
    const options = secure.client();
    return openWinRmShell({ ...options, auth: { ...options.auth, mechanisms: ['basic'] } });
  },
});
