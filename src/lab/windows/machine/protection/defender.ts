import { type Held, systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import { fitsName } from '../network/site.ts';

/** A value of a Defender preference. */
export type PreferenceValue = boolean | number | string | readonly string[];

/** A file that the present signatures take for something bad. */
export type Suspicion = { readonly threatId: number; readonly threatName: string; readonly folder: string };

/** What Defender found and removed. */
export type Detection = Suspicion & { readonly path: string; readonly atMs: number };

const log = 'Microsoft-Windows-Windows Defender/Operational';
const provider = 'Microsoft-Windows-Windows Defender';
const policyKey = 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows Defender';
const vendorsKey = 'HKLM\\SOFTWARE\\Microsoft\\Security Center\\Provider\\Av';

const isBelow = (path: string, folder: string): boolean => {
  const [inner, outer] = [path.toLowerCase(), folder.toLowerCase().replace(/\\+$/, '')];
  return inner === outer || inner.startsWith(`${outer}\\`);
};

/** Microsoft Defender's preferences. With tamper protection on, weakening changes are quietly ignored, as on Windows. */
export class Defender {
  readonly #machine: Machine;
  isTamperProtected = false;
  signatureVersion = '1.439.214.0';
  /** What the present signatures are mistaken about. New signatures are not. */
  suspicions: readonly Suspicion[] = [];
  /** What was found, oldest first. */
  detections: readonly Detection[] = [];
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
    ['ControlledFolderAccessProtectedFolders', []],
    ['ControlledFolderAccessAllowedApplications', []],
    ['AttackSurfaceReductionOnlyExclusions', []],
    ['AttackSurfaceReductionRules_Ids', []],
    ['AttackSurfaceReductionRules_Actions', []],
  ]);

  /** @param machine whose Defender it is */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Antivirus products of other vendors that registered with the Security Center and are on (clients only). */
  get otherProducts(): readonly {
    readonly guid: string;
    readonly name: string;
    readonly state: number;
    readonly exe: string;
  }[] {
    if (this.#machine.edition.productType !== 1) return [];
    return Array.from(this.#machine.registry.find(vendorsKey)?.keys.values() ?? [], (key) => {
      const read = (name: string): string => {
        const data = key.values.get(name)?.data;
        return typeof data === 'string' ? data : '';
      };
      const state = key.values.get('state')?.data;
      return {
        guid: key.name,
        name: read('displayname'),
        state: typeof state === 'number' ? state : 0,
        exe: read('productexe'),
      };
    });
  }

  /** Whether Defender is the antivirus of this machine: another product that is on takes its place on clients. */
  get isActive(): boolean {
    // Bit 12 of a product's state: it is on.
    return (
      !this.otherProducts.some(({ state }) => (state & 0x1000) !== 0) &&
      this.#machine.services.find('WinDefend')?.state === 'Running'
    );
  }

  /** Whether files are looked at when they are opened: what the policy says, otherwise the preference. */
  get isWatching(): boolean {
    const policy = this.#machine.registry.data(`${policyKey}\\Real-Time Protection`, 'DisableRealtimeMonitoring');
    const isOff = policy === undefined ? this.preferences.get('DisableRealtimeMonitoring') === true : policy === 1;
    return this.isActive && !isOff;
  }

  /** Sets a preference; ignored when tamper protection guards it. */
  set(name: string, value: PreferenceValue, pid: number): Held {
    const guarded = name.startsWith('Disable') || name.startsWith('Exclusion');
    if (this.isTamperProtected && guarded) {
      this.#write(5013, 'Tamper Protection blocked a change to Microsoft Defender Antivirus.', [['Value', name]]);
      return undefined;
    }
    const before = this.preferences.get(name);
    this.preferences.set(name, value);
    this.#write(5007, 'Microsoft Defender Antivirus Configuration has changed.', [
      ['Product Name', 'Microsoft Defender Antivirus'],
      ['Old Value', `${name} = ${String(before ?? '')}`],
      ['New Value', `${name} = ${String(value)}`],
    ]);
    return this.#machine.changes.record('defender.set', name, before, value, pid);
  }

  /** Controlled folder access: whether a program may not write here. Writes event 1123 where it may not. */
  refusesWrite(path: string, program: string): boolean {
    if (!this.isWatching || this.preferences.get('EnableControlledFolderAccess') !== 1) return false;
    const isProtected = this.#list('ControlledFolderAccessProtectedFolders').some((folder) => isBelow(path, folder));
    const isAllowed = this.#list('ControlledFolderAccessAllowedApplications').some(
      (one) => one.toLowerCase() === program.toLowerCase(),
    );
    if (!isProtected || isAllowed) return false;
    this.#write(1123, `Controlled Folder Access blocked ${program} from making changes to ${path}.`, [
      ['Product Name', 'Microsoft Defender Antivirus'],
      ['Process Name', program],
      ['Path', path],
    ]);
    return true;
  }

  /** Hosts that network protection takes for dangerous, by name. */
  blockedHosts: readonly string[] = [];

  /** Network protection: whether a connection to a host is refused. Writes event 1126 where it is. */
  blocksHost(host: string): boolean {
    if (!this.isWatching || this.preferences.get('EnableNetworkProtection') !== 1) return false;
    const isBlocked = this.blockedHosts.some((name) => fitsName(host, name));
    if (isBlocked)
      this.#write(
        1126,
        'Your IT administrator has caused Microsoft Defender to block a potentially dangerous network connection.',
        [
          ['Product Name', 'Microsoft Defender Antivirus'],
          ['Destination', host],
        ],
      );
    return isBlocked;
  }

  /** Looks at a file that was written just now; takes away what the signatures take for a threat (events 1116 and 1117). */
  inspect(path: string): void {
    if (!this.isWatching || this.#list('ExclusionPath').some((folder) => isBelow(path, folder))) return;
    const found = this.suspicions.find(({ folder }) => isBelow(path, folder));
    if (!found) return;
    void this.#machine.files.remove(path, systemPid, { force: true });
    this.detections = [...this.detections, { ...found, path, atMs: this.#machine.clock.wallMs() }];
    for (const [id, message] of [
      [1116, 'Microsoft Defender Antivirus has detected malware or other potentially unwanted software.'],
      [1117, 'Microsoft Defender Antivirus has taken action to protect this machine.'],
    ] as const)
      this.#write(id, message, [
        ['Threat ID', found.threatId],
        ['Threat Name', found.threatName],
        ['Path', `file:_${path}`],
      ]);
  }

  /** New signatures, which are right. @returns false where they cannot be loaded */
  updateSignatures(pid: number): boolean {
    if (!this.#machine.update.isReachable) return false;
    const before = this.signatureVersion;
    this.signatureVersion = '1.441.9.0';
    this.suspicions = [];
    void this.#machine.changes.record('defender.signatures', 'signatures', before, this.signatureVersion, pid);
    return true;
  }

  #list(name: string): readonly string[] {
    const value = this.preferences.get(name);
    const own = typeof value === 'object' ? value : [];
    if (name !== 'ExclusionPath') return own;
    const { registry } = this.#machine;
    const ruled = Array.from(
      registry.find(`${policyKey}\\Exclusions\\Paths`)?.values.values() ?? [],
      (one) => one.name,
    );
    // A policy may forbid what administrators of the machine add.
    return registry.data(policyKey, 'DisableLocalAdminMerge') === 1 ? ruled : [...ruled, ...own];
  }

  #write(id: number, message: string, data: readonly (readonly [string, string | number])[]): void {
    const level = id === 5007 ? 4 : 3;
    this.#machine.events.write({ log, provider, id, level, message, data });
  }
}
