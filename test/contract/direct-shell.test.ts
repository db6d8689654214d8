import { afterAll } from 'vitest';
import { openDirectShell } from '../../src/lab/direct-shell.ts';
import { createMachine } from '../../src/lab/faults/create-machine.ts';
import { describeRemoteLanguage } from './remote-language.ts';
import { describeRemoteShell } from './remote-shell.ts';

const machine = createMachine('pc1', { base: 'windows-server-2022' });
afterAll(() => machine.close());

const name = 'A session without a wire to a simulated Windows';
const maker = { open: async () => openDirectShell(machine, 'operator') };
describeRemoteShell(name, maker);
describeRemoteLanguage(name, maker);
