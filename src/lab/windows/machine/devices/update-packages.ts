import { type Held, systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import { type Component, flawedComponent } from '../updates/system-files.ts';
import type { KeptState } from './kept-state.ts';
import { servicingBlock } from './servicing-block.ts';
import { watchFlaws, writeInstalled, writeServicing } from './servicing-events.ts';
import { decodeUpdate, rollupIdentity, type UpdateContent, type UpdateFlaw } from './update-package.ts';

/** An update of the component store. */
export type InstalledUpdate = {
  readonly identity: string;
  readonly kb: string;
  readonly category: UpdateContent['category'] | 'Language Pack' | 'Feature Pack';
  state: 'Installed' | 'Install Pending' | 'Uninstall Pending' | 'Superseded' | 'Staged';
  installedMs: number;
  readonly ubr: number;
  readonly bringsStack: number;
  /** Clean-up with /ResetBase takes the way back. */
  isPermanent: boolean;
  readonly flaw?: UpdateFlaw;
};

/** HRESULTs of servicing. */
export const servicingCodes = {
  notFound: 0x80070002,
  invalidData: 0x8007000d,
  diskFull: 0x80070070,
  notApplicable: 0x800f081e,
  unknownPackage: 0x800f0805,
  stackRequired: 0x800f0823,
  cannotUninstall: 0x800f0825,
  recoveryTooSmall: 0x80070643,
} as const;

/** What came of adding a package. */
export type AddResult =
  | { readonly kind: 'pending'; readonly update: InstalledUpdate }
  | { readonly kind: 'already' }
  | { readonly kind: 'failed'; readonly hresult: number };

/** The updates of a machine. */
export class UpdatePackages implements KeptState {
  readonly #machine: Machine;
  updates: InstalledUpdate[] = [];
  /** Revision of the servicing stack. */
  stack = 0;
  /** How long an installation takes, in ms. */
  readonly installMs = 420_000;

  /** @param machine whose updates they are */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** The updates of a fresh base. */
  attach(): void {
    const { edition, clock } = this.#machine;
    const dayMs = 86_400_000;
    this.stack = edition.ubr;
    this.updates = [
      this.#make('KB5062553', edition.ubr, Date.UTC(2026, 6, 14), rollupIdentity(edition.build, edition.ubr)),
      {
        ...this.#make(
          'KB5067035',
          0,
          (Math.floor(clock.wallMs() / dayMs) - 40) * dayMs,
          `Package_for_ServicingStack_${edition.ubr}~31bf3856ad364e35~amd64~~${edition.build}.${edition.ubr}.1.0`,
        ),
        category: 'Update',
        isPermanent: true,
        bringsStack: edition.ubr,
      },
    ];
    for (const { identity } of this.updates) this.#machine.components.register(identity);
    watchFlaws(this.#machine, 'Spooler');
  }

  /** Setup has laid a new Windows: its own updates, and no file that an earlier one broke. */
  renew(): void {
    const { components } = this.#machine;
    for (const { identity, flaw, kb, ubr } of this.updates) {
      components.unregister(identity);
      if (flaw) components.drop(this.#flawOf(flaw, kb, ubr));
    }
    this.attach();
    components.lay();
  }

  find(identity: string): InstalledUpdate | undefined {
    return this.updates.find((one) => one.identity.toLowerCase() === identity.toLowerCase());
  }

  /** Adds a package file; it is complete after the next start. Writes CBS.log and the Setup log. */
  add(path: string, pid: number): AddResult {
    const { files } = this.#machine;
    const node = files.find(path);
    if (!node || node.isFolder) return { kind: 'failed', hresult: servicingCodes.notFound };
    const content = decodeUpdate(node.bytes);
    if (!content) {
      this.#log(`Failed to expand ${path} [HRESULT = 0x8007000d - ERROR_INVALID_DATA]`);
      return { kind: 'failed', hresult: servicingCodes.invalidData };
    }
    return this.install(content, pid);
  }

  /** Installs an update whose files are there, whoever brought them. */
  install(content: UpdateContent, pid: number): AddResult {
    const { edition, files } = this.#machine;
    const there = this.find(content.identity);
    if (there && there.state !== 'Uninstall Pending') return { kind: 'already' };
    const newer = this.updates.some(({ ubr, state }) => ubr > content.ubr && content.ubr > 0 && state === 'Installed');
    if (content.architecture !== 'amd64' || content.build !== edition.build || newer)
      return this.#refuse(content, servicingCodes.notApplicable, 'CBS_E_NOT_APPLICABLE');
    if (content.needsStack > this.stack)
      return this.#refuse(content, servicingCodes.stackRequired, 'CBS_E_NEW_SERVICING_STACK_REQUIRED');
    const block = servicingBlock(this.#machine);
    if (block) {
      for (const line of block.lines) this.#log(line);
      return this.#refuse(content, block.hresult, block.name);
    }
    if (files.freeBytes('C:') < content.sizeMB * 2 * 2 ** 20)
      return this.#refuse(content, servicingCodes.diskFull, 'ERROR_DISK_FULL');
    if (content.needsRecoveryMB !== undefined && this.#recoveryFreeMB() < content.needsRecoveryMB)
      return this.#refuse(content, servicingCodes.recoveryTooSmall, 'ERROR_INSTALL_FAILURE');
    const update: InstalledUpdate = {
      ...this.#make(content.kb, content.ubr, this.#machine.clock.wallMs(), content.identity),
      category: content.category,
      state: 'Install Pending',
      bringsStack: content.bringsStack,
      ...(content.flaw ? { flaw: content.flaw } : {}),
    };
    this.updates.push(update);
    this.#log(`Exec: Package: ${content.identity}, intended state: Installed, state: Install Pending`);
    writeServicing(
      this.#machine,
      4,
      content.kb,
      'A reboot is necessary before the package can be changed to the Installed state.',
    );
    this.#machine.components.needRestart();
    void this.#machine.changes.record('package.add', content.identity, undefined, update.state, pid);
    return { kind: 'pending', update };
  }

  /** An update that the update agent installed is complete. */
  completed(kb: string, ubr: number): void {
    if (this.updates.some((one) => one.kb === kb && one.state === 'Installed')) return;
    const { edition, clock } = this.#machine;
    for (const other of this.updates)
      if (ubr > 0 && other.ubr > 0 && other.state === 'Installed') other.state = 'Superseded';
    const identity =
      ubr > 0 ? rollupIdentity(edition.build, ubr) : `Package_for_${kb}~31bf3856ad364e35~amd64~~10.0.1.0`;
    const update = this.#make(kb, ubr, clock.wallMs(), identity);
    this.updates.push(update);
    this.enter(update);
    writeInstalled(this.#machine, kb);
    this.#follow();
  }

  /** Takes an update out; it is gone after the next start. @returns an HRESULT, 0 when it is under way */
  remove(identity: string, pid: number): number {
    const update = this.find(identity);
    if (!update || update.state === 'Superseded') return servicingCodes.unknownPackage;
    if (update.isPermanent) {
      this.#log(`Failed to remove ${identity} [HRESULT = 0x800f0825 - CBS_E_CANNOT_UNINSTALL]`);
      return servicingCodes.cannotUninstall;
    }
    const before = update.state;
    if (update.state === 'Install Pending') this.updates = this.updates.filter((one) => one !== update);
    else update.state = 'Uninstall Pending';
    this.#machine.components.needRestart();
    void this.#machine.changes.record('package.remove', identity, before, 'Uninstall Pending', pid);
    return 0;
  }

  /** Clean-up with /ResetBase: no installed update can be removed any more. */
  resetBase(pid: number): Held {
    for (const update of this.updates) update.isPermanent = true;
    this.updates = this.updates.filter(({ state }) => state !== 'Superseded');
    return this.#machine.changes.record('package.resetBase', 'component store', undefined, undefined, pid);
  }

  /** The machine starts: what was pending is done. */
  boot(): void {
    const { files, components, clock } = this.#machine;
    for (const update of this.updates.slice()) {
      if (update.state === 'Install Pending') {
        update.state = 'Installed';
        update.installedMs = clock.wallMs();
        this.stack = Math.max(this.stack, update.bringsStack);
        if (update.ubr > 0) {
          for (const other of this.updates)
            if (other !== update && other.ubr > 0 && other.state === 'Installed') other.state = 'Superseded';
          components.supersededBytes += Math.min(2 ** 30, files.freeBytes('C:'));
          files.volume('C:').otherBytes += Math.min(2 ** 30, files.freeBytes('C:'));
        }
        this.enter(update);
        writeInstalled(this.#machine, update.kb);
      } else if (update.state === 'Uninstall Pending') {
        this.updates = this.updates.filter((one) => one !== update);
        const back = this.updates.filter(({ state, ubr }) => state === 'Superseded' && ubr > 0).at(-1);
        if (back && update.ubr > 0) back.state = 'Installed';
        this.#leave(update);
      }
    }
    this.#follow();
  }

  /** An installed update is in the store: its package, and the file it brought with a mistake. */
  enter({ identity, flaw, kb, ubr }: InstalledUpdate): void {
    const { components } = this.#machine;
    components.register(identity);
    if (flaw) components.lay([this.#flawOf(flaw, kb, ubr)]);
  }

  /** A removed update leaves the store; the file of the version before comes back. */
  #leave({ identity, flaw, kb, ubr }: InstalledUpdate): void {
    const { components } = this.#machine;
    components.unregister(identity);
    if (!flaw) return;
    components.drop(this.#flawOf(flaw, kb, ubr));
    const back = components.componentOf(flaw.file);
    if (back) components.lay([back]);
  }

  #flawOf(flaw: UpdateFlaw, kb: string, ubr: number): Component {
    return flawedComponent(flaw, kb, `10.0.${this.#machine.edition.build}.${ubr}`);
  }

  /** Revision of Windows as the installed cumulative update says it, in the registry and for everybody who asks. */
  #follow(): void {
    const { edition, registry } = this.#machine;
    const ubr = Math.max(0, ...this.updates.filter(({ state }) => state === 'Installed').map((one) => one.ubr));
    if (ubr === 0 || ubr === edition.ubr) return;
    this.#machine.edition = { ...edition, ubr };
    void registry.set(
      'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion',
      { name: 'UBR', kind: 'DWord', data: ubr },
      systemPid,
    );
  }

  *entries(): Generator<readonly [string, string]> {
    yield ['package:servicing-stack', String(this.stack)];
    for (const update of this.updates) yield [`package:${update.identity}`, JSON.stringify(update)];
  }

  save(): () => void {
    const kept = { updates: structuredClone(this.updates), stack: this.stack, edition: this.#machine.edition };
    return () => {
      this.updates = structuredClone(kept.updates);
      this.stack = kept.stack;
      this.#machine.edition = kept.edition;
    };
  }

  #make(kb: string, ubr: number, installedMs: number, identity: string): InstalledUpdate {
    return {
      identity,
      kb,
      category: 'Security Update',
      state: 'Installed',
      installedMs,
      ubr,
      bringsStack: 0,
      isPermanent: false,
    };
  }

  #recoveryFreeMB(): number {
    const parts = this.#machine.hardware.disks.disks.flatMap(({ partitions }) => partitions);
    return Math.round((parts.find(({ type }) => type === 'recovery')?.freeBytes ?? 0) / 2 ** 20);
  }

  #refuse(content: UpdateContent, hresult: number, name: string): AddResult {
    const code = `0x${hresult.toString(16)}`;
    this.#log(`Failed to install package: ${content.identity} [HRESULT = ${code} - ${name}]`);
    writeServicing(
      this.#machine,
      3,
      content.kb,
      `Windows update ${content.kb} could not be installed because of error ${hresult | 0}.`,
      code,
    );
    return { kind: 'failed', hresult };
  }

  #log(text: string): void {
    this.#machine.components.log('CBS', text);
  }
}
