import { afterAll, beforeAll } from 'vitest';
import { type Lab, startLab } from '../../src/lab/start-lab.ts';
import type { TapeExchange } from '../../src/remote/protocol/tape/tape.ts';
import { startTapeEndpoint, type TapeEndpoint } from '../../src/remote/transport/tape/tape-endpoint.ts';
import { openWinRmShell } from '../../src/remote/transport/winrm/open-winrm-shell.ts';
import { describeRemoteLanguage } from './remote-language.ts';
import { describeRemoteShell } from './remote-shell.ts';

const password = 'Pässw0rd!';
const limits = { connectTimeoutMs: 10_000, operationTimeoutMs: 20_000 };
let lab: Lab;
const endpoints: TapeEndpoint[] = [];

beforeAll(async () => {
  lab = await startLab({ spec: { kintsugi: 'lab/v1', hosts: { pc1: { base: 'windows-server-2022' } } }, password });
});

afterAll(async () => {
  for (const endpoint of endpoints) await endpoint.close();
  await lab.close();
});

/** Sessions with the lab that go to tapes, and sessions with these tapes: both must be opened in the same order. */
const useTapes = () => {
  const tapes: TapeExchange[][] = [];
  let played = 0;
  const record = () => {
    const messages: TapeExchange[] = [];
    tapes.push(messages);
    return openWinRmShell({
      ...limits,
      host: '127.0.0.1',
      port: lab.hosts[0]?.port ?? 0,
      auth: { mechanisms: ['negotiate'], username: 'operator', password: () => password },
      onExchange: (exchange) => void messages.push(exchange),
    });
  };
  const play = async () => {
    const endpoint = await startTapeEndpoint({ messages: tapes[played++] ?? [] });
    endpoints.push(endpoint);
    return openWinRmShell({
      ...limits,
      host: '127.0.0.1',
      port: endpoint.port,
      auth: { mechanisms: ['basic'], username: 'anyone', password: () => '' },
      allowUnencrypted: true,
      warn: () => undefined,
    });
  };
  return { record, play };
};

const shells = useTapes();
describeRemoteShell('A session that is recorded', { open: shells.record });
describeRemoteShell('A tape of that session', { open: shells.play });

const language = useTapes();
describeRemoteLanguage('A session that is recorded', { open: language.record });
describeRemoteLanguage('A tape of that session', { open: language.play });
