import { systemPid } from '../../windows/machine/change-feed.ts';
import { damageImage } from '../../windows/machine/devices/image-file.ts';
import { servicingBlock, shellFolder } from '../../windows/machine/devices/servicing-block.ts';
import { encodeWim } from '../../windows/machine/devices/setup-media.ts';
import { writeUpdateEvent } from '../../windows/machine/devices/update-events.ts';
import { encodeUpdate, rollupIdentity, type UpdateContent } from '../../windows/machine/devices/update-package.ts';
import type { InstalledUpdate } from '../../windows/machine/devices/update-packages.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import { readServiceKey } from '../../windows/machine/services/service-key.ts';
import { placeValues } from '../bases/base-registry.ts';
import type { FaultKinds } from '../fault-kinds.ts';
import { offerCumulative } from './offer-update.ts';
import { damageStore } from './servicing-faults.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const services = 'HKLM\\SYSTEM\\CurrentControlSet\\Services';
const usualKb = 'KB5068861';
const titleOf = (kb: string): string => `2026-11 Cumulative Update for Windows for x64-based Systems (${kb})`;

/** A cumulative update of the host's build, newer than what it has. */
const rollup = (machine: Machine, kb: string, changes: Partial<UpdateContent> = {}): UpdateContent => {
  const { build, ubr } = machine.edition;
  return {
    kind: 'update-package',
    title: titleOf(kb),
    kb,
    identity: rollupIdentity(build, ubr + 120),
    architecture: 'amd64',
    build,
    ubr: ubr + 120,
    category: 'Security Update',
    needsStack: 0,
    // Since Windows 10 2004 the servicing stack comes with the cumulative update.
    bringsStack: build >= 19_041 ? ubr + 120 : 0,
    sizeMB: 700,
    ...changes,
  };
};

const place = (machine: Machine, path: string, bytes: Uint8Array): void => {
  void machine.files.createFolder(path.slice(0, path.lastIndexOf('\\')), systemPid);
  void machine.files.write(path, bytes, systemPid);
};

/** An image with good files of a build. */
const placeImage = (machine: Machine, path: string, build: number): void => {
  const { caption, editionId, ubr } = machine.edition;
  place(
    machine,
    path,
    encodeWim([{ index: 1, name: caption, edition: editionId, build, ubr, language: machine.uiLanguage }]),
  );
};

const pathOf = (kb: string, folder = 'C:\\Updates'): string => `${folder}\\windows10.0-${kb.toLowerCase()}-x64.msu`;

/** What the last attempts to install an update left, now that something keeps servicing from it. */
const recordFailures = (machine: Machine): void => {
  const block = servicingBlock(machine);
  if (!block) return;
  const { title } = offerCumulative(machine);
  for (const hours of [51, 26, 3]) {
    const atMs = machine.clock.wallMs() - hours * hourMs;
    for (const line of block.lines) machine.components.log('CBS', line, atMs);
    machine.components.log(
      'CBS',
      `Failed to execute execution chain. [HRESULT = 0x${block.hresult.toString(16)} - ${block.name}]`,
      atMs,
    );
    writeUpdateEvent(machine, 20, title, block.hresult, atMs);
  }
};

const unsuitable: Readonly<
  Record<'architecture' | 'other-build' | 'installed' | 'superseded', (machine: Machine) => Partial<UpdateContent>>
> = {
  architecture: () => ({ architecture: 'arm64' }),
  'other-build': ({ edition }) => ({ build: edition.build - 1000 }),
  installed: ({ edition }) => ({ identity: rollupIdentity(edition.build, edition.ubr), ubr: edition.ubr }),
  superseded: ({ edition }) => ({ identity: rollupIdentity(edition.build, edition.ubr - 300), ubr: edition.ubr - 300 }),
};

/** Ways in which something that servicing needs is missing. */
type Missing = 'service-program' | 'driver-service' | 'shell-folder' | 'wim-filter';

const missing: Readonly<Record<Missing, (machine: Machine) => void>> = {
  'service-program': (machine) => {
    const name = 'clr_optimization_v4.0.30319_64';
    placeValues(machine, `${services}\\${name}`, {
      ImagePath: '%SystemRoot%\\Microsoft.NET\\Framework64\\v4.0.30319\\mscorsvw.exe',
      Start: 3,
      Type: 16,
    });
    // Windows has started since the program went: its service is known.
    const service = readServiceKey(machine.registry, name);
    if (service) machine.services.add(service);
  },
  'driver-service': (machine) => void machine.registry.remove(`${services}\\vwifibus`, systemPid),
  'shell-folder': (machine) => void machine.files.remove(shellFolder, systemPid, { force: true }),
  'wim-filter': (machine) => void machine.registry.remove(`${services}\\WIMMount`, systemPid),
};

/** Removes a folder with all that is in it. */
const removeTree = (machine: Machine, path: string): void => {
  for (const child of Array.from(machine.files.find(path)?.children.values() ?? []))
    if (child.isFolder) removeTree(machine, `${path}\\${child.name}`);
    else void machine.files.remove(`${path}\\${child.name}`, systemPid, { force: true });
  void machine.files.remove(path, systemPid, { force: true });
};

/** An update came two days ago; a file of it makes the print spooler crash. */
const installBad = (machine: Machine, kb: string): void => {
  const { packages } = machine.hardware;
  const flaw = { service: 'Spooler', file: 'C:\\Windows\\System32\\localspl.dll' };
  const content = rollup(machine, kb, { bringsStack: machine.edition.ubr + 120, flaw });
  for (const update of packages.updates) if (update.ubr > 0) update.state = 'Superseded';
  const installedMs = machine.clock.wallMs() - 2 * dayMs;
  const update: InstalledUpdate = {
    identity: content.identity,
    kb,
    category: 'Security Update',
    state: 'Installed',
    installedMs,
    ubr: content.ubr,
    bringsStack: content.bringsStack,
    isPermanent: false,
    flaw,
  };
  packages.updates.push(update);
  packages.stack = content.bringsStack;
  packages.enter(update);
  machine.edition = { ...machine.edition, ubr: content.ubr };
  placeValues(machine, 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion', { UBR: content.ubr });
  writeUpdateEvent(machine, 19, content.title, 0, installedMs);
  const spooler = machine.services.find('Spooler');
  if (spooler?.state === 'Running') void machine.processes.end(spooler.pid, 0xc0000005 | 0, systemPid);
};

/** Updates and their packages, and what servicing needs to install them. */
export type PackageFault =
  | { readonly kind: 'package-damaged'; readonly path?: string; readonly kb?: string; readonly goodCopy?: string }
  | { readonly kind: 'package-prerequisite-missing'; readonly path?: string; readonly kb?: string }
  | {
      readonly kind: 'package-unsuitable';
      readonly why: keyof typeof unsuitable;
      readonly path?: string;
      readonly kb?: string;
    }
  | { readonly kind: 'last-update-bad'; readonly kb?: string }
  | { readonly kind: 'temp-folder-missing'; readonly cause?: 'folder-deleted' | 'variable-wrong' }
  | { readonly kind: 'servicing-entry-missing'; readonly what: Missing }
  | { readonly kind: 'cbs-package-missing'; readonly image?: string }
  | { readonly kind: 'cbs-manifest-missing'; readonly repairable?: boolean }
  | { readonly kind: 'component-store-needs-source'; readonly image?: string; readonly imageBuild?: number };

/** States of updates, packages and servicing. */
export const packageFaults: FaultKinds<PackageFault> = {
  'package-damaged': (machine, { path, kb, goodCopy }) => {
    const bytes = encodeUpdate(rollup(machine, kb ?? usualKb));
    place(machine, path ?? pathOf(kb ?? usualKb), damageImage(bytes));
    place(machine, goodCopy ?? pathOf(kb ?? usualKb, 'C:\\Updates\\verified'), bytes);
  },
  'package-prerequisite-missing': (machine, { path, kb }) => {
    const stack = machine.edition.ubr + 60;
    place(machine, path ?? pathOf(kb ?? usualKb), encodeUpdate(rollup(machine, kb ?? usualKb, { needsStack: stack })));
    const { build } = machine.edition;
    place(
      machine,
      pathOf('KB5067112'),
      encodeUpdate({
        ...rollup(machine, 'KB5067112'),
        title: '2026-10 Servicing Stack Update for x64-based Systems (KB5067112)',
        identity: `Package_for_ServicingStack_${stack}~31bf3856ad364e35~amd64~~${build}.${stack}.1.0`,
        ubr: 0,
        bringsStack: stack,
        sizeMB: 20,
      }),
    );
  },
  'package-unsuitable': (machine, { why, path, kb }) =>
    place(
      machine,
      path ?? pathOf(kb ?? usualKb),
      encodeUpdate(rollup(machine, kb ?? usualKb, unsuitable[why](machine))),
    ),
  'last-update-bad': (machine, { kb }) => installBad(machine, kb ?? usualKb),
  'temp-folder-missing': (machine, { cause }) => {
    if (cause === 'variable-wrong')
      placeValues(machine, 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment', {
        TEMP: 'D:\\Temp',
        TMP: 'D:\\Temp',
      });
    else removeTree(machine, 'C:\\Windows\\Temp');
    recordFailures(machine);
  },
  'servicing-entry-missing': (machine, { what }) => {
    missing[what](machine);
    recordFailures(machine);
  },
  'cbs-manifest-missing': (machine, { repairable }) => {
    const { components, files } = machine;
    const stack = components.componentOf('C:\\Windows\\servicing\\TrustedInstaller.exe');
    if (!stack) return;
    void files.remove(stack.manifest, systemPid, { force: true });
    if (repairable === false) components.withoutSource.add(stack.manifest.toLowerCase());
    components.isMarked = true;
    recordFailures(machine);
  },
  'cbs-package-missing': (machine, { image }) => {
    const { edition, components, files } = machine;
    const identity = rollupIdentity(edition.build, edition.ubr - 200);
    components.register(identity);
    const mum = `C:\\Windows\\servicing\\Packages\\${identity}.mum`;
    void files.remove(mum, systemPid, { force: true });
    components.withoutSource.add(mum.toLowerCase());
    components.isMarked = true;
    placeImage(machine, image ?? 'C:\\Sources\\install.wim', edition.build);
    recordFailures(machine);
  },
  'component-store-needs-source': (machine, { image, imageBuild }) => {
    damageStore(machine, 2, false);
    placeImage(machine, image ?? 'C:\\Sources\\install.wim', imageBuild ?? machine.edition.build);
    recordFailures(machine);
  },
};
