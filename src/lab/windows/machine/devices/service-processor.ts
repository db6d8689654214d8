import { Failure } from '../../../../kernel/failure.ts';
import type { Machine } from '../machine.ts';
import type { KeptState } from './kept-state.ts';

/** Health of a part as Redfish says it (DSP0266, Status.Health). */
export type Health = 'OK' | 'Warning' | 'Critical';

/** A firmware that the service processor lists; that of the system itself (UEFI) is the machine's. */
export type ListedFirmware = {
  readonly id: string;
  readonly name: string;
  readonly softwareId: string;
  readonly manufacturer: string;
  version: string;
  releasedMs: number;
  readonly state: 'Enabled' | 'StandbySpare';
};

/** A line of the platform log. */
type LogLine = { readonly atMs: number; readonly severity: Health; readonly id: string; readonly message: string };

/** Which certificate the service processor shows. */
type ShownCertificate = 'issued' | 'self-signed' | 'expired';

/** Why it lets nobody read though the password is right. */
type Refusal = 'locked' | 'password-change-required' | 'no-right';

const made = (year: number, month: number): number => Date.UTC(year, month - 1, 12);

/**
 * The service processor (BMC) of a server: it knows firmware levels and the health of parts that Windows does not see, and answers whether
 * Windows runs or not. Clients have none.
 */
export class ServiceProcessor implements KeptState {
  readonly #machine: Machine;
  state = {
    firmware: [
      {
        id: 'BMC-Primary',
        name: 'Firmware:BMC',
        softwareId: 'BMC-AFBT-10',
        manufacturer: 'Lenovo',
        version: '58N-4.20',
        releasedMs: made(2026, 3),
        state: 'Enabled',
      },
      {
        id: 'BMC-Backup',
        name: 'Firmware:BMC-Backup',
        softwareId: 'BMC-AFBT-10',
        manufacturer: 'Lenovo',
        version: '52N-3.90',
        releasedMs: made(2025, 6),
        state: 'StandbySpare',
      },
      {
        id: 'LXPM',
        name: 'Firmware:LXPM',
        softwareId: 'LXPM-XWL1-1',
        manufacturer: 'Lenovo',
        version: '28K-3.31',
        releasedMs: made(2026, 2),
        state: 'Enabled',
      },
      {
        id: 'Slot_7.Bundle',
        name: 'Firmware:RAID 940-8i',
        softwareId: 'RAID-940-8i',
        manufacturer: 'Broadcom',
        version: '52.26.0-5179',
        releasedMs: made(2026, 1),
        state: 'Enabled',
      },
      {
        id: 'Slot_3.Bundle',
        name: 'Firmware:X710',
        softwareId: 'NIC-X710',
        manufacturer: 'Intel',
        version: '9.50',
        releasedMs: made(2025, 12),
        state: 'Enabled',
      },
      {
        id: 'PSU1',
        name: 'Firmware:PSU1',
        softwareId: 'PSU-SP57',
        manufacturer: 'ACBE',
        version: '9.52',
        releasedMs: made(2025, 4),
        state: 'Enabled',
      },
    ] as ListedFirmware[],
    powerSupplies: [1, 2].map((slot) => ({ slot, health: 'OK' as Health })),
    memory: [2, 7, 10, 15].map((slot) => ({ slot, health: 'OK' as Health })),
    drives: [0, 1].map((bay) => ({ bay, health: 'OK' as Health, failurePredicted: false })),
    log: [] as LogLine[],
    certificate: 'issued' as ShownCertificate,
    refusal: null as Refusal | null,
  };

  /** @param machine whose service processor it is */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  get isPresent(): boolean {
    return this.#machine.edition.productType !== 1;
  }

  /** The worst health of all parts. */
  get health(): Health {
    const { powerSupplies, memory, drives } = this.state;
    const all = [...powerSupplies, ...memory, ...drives].map(({ health }) => health);
    return all.includes('Critical') ? 'Critical' : all.includes('Warning') ? 'Warning' : 'OK';
  }

  /** @throws Failure `bad-input` on a client, which has none */
  demand(what: string): void {
    if (!this.isPresent)
      throw new Failure(
        'bad-input',
        `${what} needs a server with a service processor, and this is a client; choose a server as base`,
      );
  }

  /** Writes into the platform log. */
  note(severity: Health, id: string, message: string, daysAgo: number): void {
    this.state.log.push({ atMs: this.#machine.clock.wallMs() - daysAgo * 86_400_000, severity, id, message });
  }

  *entries(): Generator<readonly [string, string]> {
    if (this.isPresent) yield ['service processor', JSON.stringify(this.state)];
  }

  save(): () => void {
    const kept = structuredClone(this.state);
    return () => {
      this.state = structuredClone(kept);
    };
  }
}
