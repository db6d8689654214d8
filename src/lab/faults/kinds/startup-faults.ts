import { recoveryPassword } from '../../windows/cmdlets/devices/bitlocker-cmdlets.ts';
import { systemPid } from '../../windows/machine/change-feed.ts';
import { writeEscrowEvent } from '../../windows/machine/devices/bitlocker.ts';
import { encodeImage } from '../../windows/machine/devices/image-file.ts';
import { ownService } from '../../windows/machine/devices/installer-package.ts';
import { encodeResident, startupPlaces } from '../../windows/machine/devices/resident-programs.ts';
import { writeUpdateEvent } from '../../windows/machine/devices/update-events.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import { placeValues } from '../bases/base-registry.ts';
import type { FaultKinds } from '../fault-kinds.ts';

const hourMs = 3_600_000;
const downloads = 'C:\\Windows\\SoftwareDistribution\\Download';

/** Programs of other makers as they are on many machines: company, product, short name; the first ones are services. */
const others = [
  ['Contoso Ltd.', 'Contoso Print Manager', 'CtsPrint', 'service'],
  ['Northwind Traders', 'Northwind Sync', 'NwSync', 'service'],
  ['Adventure Works', 'Adventure Works License Service', 'AwLicense', 'service'],
  ['Litware Inc.', 'Litware Hotkeys', 'LwHotkeys', 'program'],
  ['Proseware Inc.', 'Proseware Notes', 'PwNotes', 'program'],
] as const;
const culprit = ['Tailspin Toys', 'Tailspin File Guard', 'TspGuard'] as const;

const addProgram = (
  machine: Machine,
  company: string,
  product: string,
  name: string,
  how: 'service' | 'program',
  holds: readonly string[],
): void => {
  const folder = `C:\\Program Files\\${product}`;
  const path = `${folder}\\${name}.exe`;
  void machine.files.createFolder(folder, systemPid);
  const bytes =
    holds.length > 0
      ? encodeResident(company, product, holds)
      : encodeImage({
          companyName: company,
          productName: product,
          fileDescription: product,
          fileVersion: '3.4.0.0',
          signer: `CN=${company}, O=${company}, C=US`,
        });
  void machine.files.write(path, bytes, systemPid);
  if (how === 'service') {
    machine.services.add(ownService(name, product, `"${path}"`, 'Automatic'));
    void machine.services.start(name, systemPid);
    return;
  }
  const [place] = startupPlaces;
  placeValues(machine, place.key, { [name]: `"${path}"` });
  placeValues(machine, place.approved, { [name]: Uint8Array.from([2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]) });
  const [account] = machine.accounts;
  if (account)
    machine.processes.start(
      { name, path, commandLine: `"${path}"`, sessionId: 1, account: { ...account, logon: 'interactive' } },
      systemPid,
    );
};

/** Programs of other makers start by themselves, and one of them keeps the update folder for itself. */
const addConflict = (machine: Machine, how: 'service' | 'program'): void => {
  for (const [company, product, name, kind] of others) addProgram(machine, company, product, name, kind, []);
  addProgram(machine, ...culprit, how, [downloads]);
  for (const hours of [50, 27, 4])
    writeUpdateEvent(
      machine,
      20,
      '2026-11 Cumulative Update for Windows (KB5068861)',
      0x80070020,
      machine.clock.wallMs() - hours * hourMs,
    );
};

const encrypt = (machine: Machine, hasPin: boolean, isEscrowed: boolean): void => {
  const { bitlocker, firmware } = machine.hardware;
  firmware.state.tpm.isPresent = true;
  if (isEscrowed) writeEscrowEvent(machine, 'C:', machine.clock.wallMs() - 200 * 24 * hourMs);
  const id = (digit: number): string =>
    `{${`${digit}F2B9C1E-6A52-4B1E-8D3A-${machine.machineId.slice(0, 12).replaceAll('-', '0').toUpperCase()}`}}`;
  Object.assign(bitlocker.volume('C:'), {
    isEncrypted: true,
    isProtected: true,
    suspendedStarts: undefined,
    protectors: [
      { id: id(1), kind: hasPin ? 'TpmPin' : 'Tpm', isEscrowed: false },
      {
        id: id(2),
        kind: 'RecoveryPassword',
        isEscrowed,
        recoveryPassword: recoveryPassword(`${machine.machineId} C:`),
      },
    ],
  });
};

/** How the machine starts, and what starts with it. */
export type StartupFault =
  | { readonly kind: 'startup-conflict'; readonly culprit?: 'service' | 'program' }
  | { readonly kind: 'fast-startup-on' }
  | { readonly kind: 'bitlocker-on'; readonly pin?: boolean; readonly escrowed?: boolean };

/** States of the start: fast startup, encryption, programs of other makers. */
export const startupFaults: FaultKinds<StartupFault> = {
  'startup-conflict': (machine, fault) => addConflict(machine, fault.culprit ?? 'service'),
  'fast-startup-on': (machine) => {
    placeValues(machine, 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Power', { HiberbootEnabled: 1 });
    placeValues(machine, 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Power', { HibernateEnabled: 1 });
    const size = Math.round(machine.memoryBytes * 0.4);
    void machine.files.write('C:\\hiberfil.sys', new Uint8Array(), systemPid);
    Object.assign(machine.files.get('C:\\hiberfil.sys'), { bytes: undefined, sizeBytes: size });
    machine.files.volume('C:').usedBytes += size;
    machine.events.write({
      log: 'System',
      provider: 'Microsoft-Windows-Kernel-Boot',
      id: 27,
      timeMs: machine.clock.bootWallMs(),
      message: 'The boot type was 0x1.',
      data: [['BootType', 1]],
    });
  },
  'bitlocker-on': (machine, { pin, escrowed }) => encrypt(machine, pin ?? false, escrowed ?? true),
};
