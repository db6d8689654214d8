import type { ServiceProcessor } from '../../windows/machine/devices/service-processor.ts';
import type { FaultKinds } from '../fault-kinds.ts';

/** What a server's service processor says or refuses. */
export type ServiceProcessorFault =
  | {
      readonly kind: 'bmc-firmware-old';
      readonly component?: 'bmc' | 'provisioning' | 'raid' | 'network' | 'power-supply';
      readonly version?: string;
    }
  | { readonly kind: 'hardware-part-failing'; readonly part?: 'power-supply' | 'memory' | 'drive' }
  | {
      readonly kind: 'bmc-login-refused';
      readonly cause?: 'locked' | 'password-change-required' | 'no-right';
    }
  | { readonly kind: 'bmc-certificate'; readonly cause?: 'self-signed' | 'expired' };

const components = {
  bmc: { id: 'BMC-Primary', old: '24C-1.60' },
  provisioning: { id: 'LXPM', old: '11C-3.10' },
  raid: { id: 'Slot_7.Bundle', old: '52.13.0-3713' },
  network: { id: 'Slot_3.Bundle', old: '7.20' },
  'power-supply': { id: 'PSU1', old: '7.14' },
} as const;

const ageFirmware = (processor: ServiceProcessor, component: keyof typeof components, version?: string): void => {
  const { id, old } = components[component];
  const listed = processor.state.firmware.find((one) => one.id === id);
  if (!listed) return;
  listed.version = version ?? old;
  listed.releasedMs = Date.UTC(2021, 5, 2);
};

const failPart = (processor: ServiceProcessor, part: 'power-supply' | 'memory' | 'drive'): void => {
  const { powerSupplies, memory, drives } = processor.state;
  if (part === 'power-supply') {
    for (const one of powerSupplies) if (one.slot === 2) one.health = 'Critical';
    processor.note('Critical', 'FQXSPPW0003I', 'Power Supply 2 has failed.', 2);
  } else if (part === 'memory') {
    for (const one of memory) if (one.slot === 7) one.health = 'Warning';
    processor.note('Warning', 'FQXSFMA0026I', 'DIMM 7: a failure of the module is predicted.', 1);
  } else {
    for (const one of drives)
      if (one.bay === 1) {
        one.health = 'Warning';
        one.failurePredicted = true;
      }
    processor.note('Warning', 'FQXSPSD0002I', 'A failure of drive 1 is predicted.', 1);
  }
};

/** States that only a service processor shows: Windows sees nothing of most of them. */
export const serviceProcessorFaults: FaultKinds<ServiceProcessorFault> = {
  'bmc-firmware-old': (machine, { kind, component, version }) => {
    const { serviceProcessor } = machine.hardware;
    serviceProcessor.demand(`the fault ${kind}`);
    ageFirmware(serviceProcessor, component ?? 'bmc', version);
  },
  'hardware-part-failing': (machine, { kind, part }) => {
    const { serviceProcessor } = machine.hardware;
    serviceProcessor.demand(`the fault ${kind}`);
    failPart(serviceProcessor, part ?? 'power-supply');
  },
  'bmc-login-refused': (machine, { kind, cause }) => {
    const { serviceProcessor } = machine.hardware;
    serviceProcessor.demand(`the fault ${kind}`);
    serviceProcessor.state.refusal = cause ?? 'locked';
  },
  'bmc-certificate': (machine, { kind, cause }) => {
    const { serviceProcessor } = machine.hardware;
    serviceProcessor.demand(`the fault ${kind}`);
    serviceProcessor.state.certificate = cause ?? 'self-signed';
  },
};
