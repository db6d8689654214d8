import type { Held } from './change-feed.ts';
import type { Machine } from './machine.ts';

/** A value of a Defender preference. */
export type PreferenceValue = boolean | number | string | readonly string[];

/** Microsoft Defender's preferences. With tamper protection on, weakening changes are quietly ignored, as on Windows. */
export class Defender {
  readonly #machine: Machine;
  isTamperProtected = false;
  /** Preferences by name; lists are exclusion lists. */
  readonly preferences = new Map<string, PreferenceValue>([
    ['DisableRealtimeMonitoring', false],
    ['DisableBehaviorMonitoring', false],
    ['DisableIOAVProtection', false],
    ['DisableScriptScanning', false],
    ['ExclusionPath', []],
    ['ExclusionProcess', []],
    ['ExclusionExtension', []],
    ['MAPSReporting', 2],
    ['SubmitSamplesConsent', 1],
    ['ScanScheduleDay', 0],
    ['EnableControlledFolderAccess', 0],
    ['EnableNetworkProtection', 0],
  ]);

  /** @param machine whose Defender it is */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Sets a preference; ignored when tamper protection guards it. */
  set(name: string, value: PreferenceValue, pid: number): Held {
    const guarded = name.startsWith('Disable') || name.startsWith('Exclusion');
    if (this.isTamperProtected && guarded) {
      this.#machine.events.write({
        log: 'Microsoft-Windows-Windows Defender/Operational',
        provider: 'Microsoft-Windows-Windows Defender',
        id: 5013,
        message: 'Tamper Protection blocked a change to Microsoft Defender Antivirus.',
        data: [['Value', name]],
      });
      return undefined;
    }
    const before = this.preferences.get(name);
    this.preferences.set(name, value);
    return this.#machine.changes.record('defender.set', name, before, value, pid);
  }
}
