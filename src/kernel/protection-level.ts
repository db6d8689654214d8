import type { ProtectionLevel } from './words.ts';

/** Restore levels, the least first. */
export const protectionLevels = ['L1', 'L2', 'L3', 'L4'] as const satisfies readonly ProtectionLevel[];

/** The least level that work of a risk asks for (the restore strategy's policy). */
export const levelOfRisk = { low: 'L2', medium: 'L3', high: 'L4' } as const satisfies {
  readonly [risk in 'low' | 'medium' | 'high']: ProtectionLevel;
};

/** Whether one level is enough where another one is wanted. */
export function isEnough(level: ProtectionLevel, wanted: ProtectionLevel): boolean {
  return protectionLevels.indexOf(level) >= protectionLevels.indexOf(wanted);
}

/** The higher of two levels. */
export function higherLevel(one: ProtectionLevel, other: ProtectionLevel): ProtectionLevel {
  return isEnough(one, other) ? one : other;
}
