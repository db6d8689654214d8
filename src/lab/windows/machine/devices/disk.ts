const megabyte = 2 ** 20;

/** GPT types of partitions. */
export const gptTypes = {
  system: '{c12a7328-f81f-11d2-ba4b-00a0c93ec93b}',
  reserved: '{e3c9e316-0b5c-4db8-817d-f92df00215ae}',
  basic: '{ebd0a0a2-b9e5-4433-87c0-68b6b72699c7}',
  recovery: '{de94bba4-06d1-4d40-a16a-bfd50179d6ac}',
} as const;

/** A partition. `freeBytes` is told for those that have no drive letter and no files here. */
export type Partition = {
  number: number;
  readonly type: keyof typeof gptTypes;
  sizeBytes: number;
  offsetBytes: number;
  readonly letter?: string;
  freeBytes?: number;
  isActive?: boolean;
};

/** A disk with what its firmware counts. */
export type Disk = {
  readonly number: number;
  readonly name: string;
  readonly serial: string;
  readonly busType: 'NVMe' | 'SATA' | 'RAID' | 'USB';
  readonly mediaType: 'SSD' | 'HDD' | 'Unspecified';
  readonly sizeBytes: number;
  readonly style: 'GPT' | 'MBR';
  isOffline: boolean;
  isReadOnly: boolean;
  health: 'Healthy' | 'Warning' | 'Unhealthy';
  operational: 'OK' | 'Predictive Failure' | 'Degraded';
  counters: {
    wear: number;
    temperature: number;
    powerOnHours: number;
    readErrorsTotal: number;
    readErrorsUncorrected: number;
    writeErrorsTotal: number;
  };
  partitions: Partition[];
  /** Device of the PnP tree; a disk whose device is disabled is gone. */
  readonly instanceId: string;
};

/** The state of a disk that nothing is wrong with. */
export const diskInOrder = { isOffline: false, isReadOnly: false, health: 'Healthy', operational: 'OK' } as const;

/** Partitions one behind the other from 1 MB on. */
export const laidOut = (parts: readonly Omit<Partition, 'number' | 'offsetBytes'>[]): Partition[] => {
  let at = megabyte;
  return parts.map((part, index) => {
    const placed = { ...part, number: index + 1, offsetBytes: at };
    at += part.sizeBytes;
    return placed;
  });
};
