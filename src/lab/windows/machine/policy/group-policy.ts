import { systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import { companyHosts } from '../network/site.ts';
import { type ServiceStart, startValues } from '../services/service.ts';
import { Win32Fault } from '../win32-fault.ts';
import { decodePolicyFile, encodePolicyFile, type PolicyValue } from './policy-file.ts';

/** What a group policy object holds for computers. */
export type PolicyObject = {
  /** GUID in braces. */
  readonly id: string;
  readonly name: string;
  readonly values?: readonly PolicyValue[];
  /** Start types of services (security settings). */
  readonly services?: readonly { readonly name: string; readonly start: ServiceStart }[];
  /** Rules of files and folders (security settings), in SDDL. */
  readonly files?: readonly { readonly path: string; readonly sddl: string }[];
};

/** A setting that came into force, and the object it came from; the later one wins. */
export type AppliedSetting = { readonly policy: PolicyObject } & (
  | { readonly kind: 'value'; readonly value: PolicyValue }
  | { readonly kind: 'service'; readonly service: { readonly name: string; readonly start: ServiceStart } }
  | { readonly kind: 'file'; readonly file: { readonly path: string; readonly sddl: string } }
);

/** Where the local policy object keeps its values. */
export const localPolicyFile = 'C:\\Windows\\System32\\GroupPolicy\\Machine\\Registry.pol';
/** What Windows set last time: it takes back what is no longer asked for. */
const archiveFile = 'C:\\ProgramData\\ntuser.pol';
const provider = 'Microsoft-Windows-GroupPolicy';
const operational = `${provider}/Operational`;
const minuteMs = 60_000;

/** The group policy client: at start, every 90 to 120 minutes and on demand it writes what policies ask for, whatever stands there. */
export class GroupPolicy {
  readonly #machine: Machine;
  /** Objects of the domain that are meant for this machine, in the order in which they are applied. They live on the domain's controllers. */
  domainPolicies: readonly PolicyObject[] = [];
  /** What the last refresh brought (RSoP). */
  applied: readonly AppliedSetting[] = [];

  /** @param machine whose policy it is */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** DNS name of the domain that the machine is a member of; `undefined`: none. */
  get domain(): string | undefined {
    const name = this.#machine.registry.data('HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters', 'Domain');
    return typeof name === 'string' && name !== '' ? name : undefined;
  }

  /** Policies at start, then again and again. Called once the base is complete. */
  attach(): void {
    const { power, clock, name } = this.#machine;
    power.watch((state) => {
      if (state === 'up') this.refresh('start');
    });
    const offset = Array.from(name).reduce((sum, char) => sum + (char.codePointAt(0) ?? 0), 0) % 30;
    const again = (): void => {
      clock.after((90 + offset) * minuteMs, () => {
        if (this.#machine.power.state === 'up') this.refresh('periodic');
        again();
      });
    };
    again();
  }

  /** The objects that are in force: the local one first, those of the domain after it. */
  objects(): PolicyObject[] {
    const node = this.#machine.files.find(localPolicyFile);
    const values = node ? decodePolicyFile(this.#machine.files.read(node)) : [];
    return [
      ...(values.length === 0 ? [] : [{ id: 'Local Group Policy', name: 'Local Group Policy', values }]),
      ...(this.domain === undefined ? [] : this.domainPolicies),
    ];
  }

  /**
   * Reads the policies and writes what they ask for.
   * @returns false where the domain's controller could not be reached; then everything stays as it is
   */
  refresh(reason: 'start' | 'periodic' | 'manual'): boolean {
    if (!this.#reachesDomain()) return false;
    const objects = this.objects();
    const settings = objects.flatMap((policy): AppliedSetting[] => [
      ...(policy.values ?? []).map((value) => ({ kind: 'value' as const, policy, value })),
      ...(policy.services ?? []).map((service) => ({ kind: 'service' as const, policy, service })),
      ...(policy.files ?? []).map((file) => ({ kind: 'file' as const, policy, file })),
    ]);
    this.#takeBack(settings);
    for (const setting of settings) this.#apply(setting);
    this.applied = settings;
    this.#tell(objects, reason);
    return true;
  }

  #reachesDomain(): boolean {
    if (this.domain === undefined) return true;
    const { network, events } = this.#machine;
    const found = network.resolve(companyHosts.controller);
    if (found.kind === 'found' && network.connect(found.address, 445) === 'open') return true;
    events.write({
      log: 'System',
      provider,
      id: found.kind === 'found' ? 1058 : 1129,
      level: 2,
      message:
        'The processing of Group Policy failed because of lack of network connectivity to a domain controller. This may be a transient condition.',
      data: [['ErrorCode', found.kind === 'found' ? 53 : 1222]],
    });
    return false;
  }

  #takeBack(settings: readonly AppliedSetting[]): void {
    const { files, registry } = this.#machine;
    const wanted = settings.flatMap((setting) => (setting.kind === 'value' ? [setting.value] : []));
    const node = files.find(archiveFile);
    for (const { key, name } of node ? decodePolicyFile(files.read(node)) : []) {
      const isWanted = wanted.some((other) => same(other.key, key) && same(other.name, name));
      const path = `HKLM\\${key}`;
      if (!isWanted && registry.data(path, name) !== undefined) void registry.removeValue(path, name, systemPid);
    }
    const bytes = encodePolicyFile(wanted.filter(({ data }) => data !== null));
    if (wanted.length === 0 && !node) return;
    if (!node || !Buffer.from(files.read(node)).equals(Buffer.from(bytes)))
      void files.write(archiveFile, bytes, systemPid);
  }

  #apply(setting: AppliedSetting): void {
    const { registry, services, files } = this.#machine;
    try {
      if (setting.kind === 'value') {
        const { key, name, kind, data } = setting.value;
        const path = `HKLM\\${key}`;
        const old = registry.data(path, name);
        if (data === null) {
          if (old !== undefined) void registry.removeValue(path, name, systemPid);
        } else if (JSON.stringify(old) !== JSON.stringify(data))
          void registry.set(path, { name, kind, data }, systemPid);
      } else if (setting.kind === 'service') {
        const service = services.find(setting.service.name);
        if (service && startValues[service.start] !== startValues[setting.service.start])
          void services.configure(service.name, { start: setting.service.start }, systemPid);
      } else {
        const node = files.find(setting.file.path);
        if (node) void files.setSddl(node, setting.file.sddl, systemPid);
      }
    } catch (error) {
      // A protected service keeps its start type.
      if (!(error instanceof Win32Fault)) throw error;
    }
  }

  #tell(objects: readonly PolicyObject[], reason: 'start' | 'periodic' | 'manual'): void {
    const { events, name } = this.#machine;
    events.write({
      log: 'System',
      provider,
      id: objects.length > 0 ? 1502 : 1500,
      task: 0,
      message:
        objects.length > 0
          ? `The Group Policy settings for the computer were processed successfully. New settings from ${objects.length} Group Policy objects were detected and applied.`
          : 'The Group Policy settings for the computer were processed successfully. There were no changes detected since the last successful processing of Group Policy.',
      data: [
        ['SupportInfo1', 1],
        ['SupportInfo2', 4017],
        ['ProcessingMode', 0],
        ['NumberOfGroupPolicyObjects', objects.length],
      ],
    });
    events.write({
      log: operational,
      provider,
      id: 5312,
      message: 'List of applicable Group Policy objects.',
      data: [['DescriptionString', objects.map((one) => one.name).join('\n') || 'None']],
    });
    events.write({
      log: operational,
      provider,
      id: { start: 8000, periodic: 8006, manual: 8004 }[reason],
      message: `Completed ${reason === 'start' ? 'computer boot' : reason} policy processing for computer ${name}.`,
      data: [
        ['PrincipalSamName', `${name}$`],
        ['IsMachine', 1],
      ],
    });
  }
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
