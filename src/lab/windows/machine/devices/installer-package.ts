import { systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import { type Service, usualServiceSddl } from '../services/service.ts';
import { encodeImage, type ImageInfo, readImageContent } from './image-file.ts';

/** What a Windows Installer package puts on a machine. */
export type InstallerContent = {
  readonly kind: 'msi';
  readonly product: string;
  readonly productCode: string;
  readonly version: string;
  readonly company: string;
  readonly files: readonly { readonly path: string; readonly info: ImageInfo }[];
  readonly keys: readonly { readonly key: string; readonly values: Readonly<Record<string, string | number>> }[];
  readonly services: readonly {
    readonly name: string;
    readonly display: string;
    readonly path: string;
    readonly start: 'Automatic' | 'Manual';
  }[];
  readonly tasks: readonly {
    readonly path: string;
    readonly name: string;
    readonly execute: string;
    readonly arguments: string;
  }[];
};

/** Bytes of a package file (.msi). */
export const encodeInstaller = (content: InstallerContent): Uint8Array =>
  encodeImage(
    {
      companyName: content.company,
      productName: content.product,
      signer: `CN=${content.company}, O=${content.company}, C=US`,
    },
    JSON.stringify(content),
  );

/** Reads a package file; `undefined` where it is damaged or none. */
export const decodeInstaller = (bytes: Uint8Array | undefined): InstallerContent | undefined =>
  readImageContent<InstallerContent>(bytes, 'msi');

/** A service in a process of its own. */
export const ownService = (name: string, displayName: string, path: string, start: Service['start']): Service => ({
  name,
  displayName,
  description: displayName,
  start,
  delayedStart: false,
  trigger: false,
  wantedAfterMs: undefined,
  state: 'Stopped',
  pid: 0,
  dependsOn: [],
  account: 'LocalSystem',
  path,
  type: 16,
  exitCode: 0,
  sddl: usualServiceSddl,
  hostGroup: undefined,
  isProtected: false,
  stopHangs: false,
});

/** Puts everything of a package in its place; what is there already is replaced. */
export const installPackage = (machine: Machine, content: InstallerContent, pid: number): void => {
  const { files, registry, services, tasks } = machine;
  for (const { path, info } of content.files) {
    void files.createFolder(path.slice(0, path.lastIndexOf('\\')), pid);
    void files.write(
      path,
      encodeImage({
        companyName: content.company,
        productName: content.product,
        fileVersion: content.version,
        ...info,
      }),
      pid,
    );
  }
  const uninstall = `HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\${content.productCode}`;
  const all = [
    ...content.keys,
    {
      key: uninstall,
      values: {
        DisplayName: content.product,
        DisplayVersion: content.version,
        Publisher: content.company,
        WindowsInstaller: 1,
      },
    },
  ];
  for (const { key, values } of all)
    for (const [name, data] of Object.entries(values))
      void registry.set(key, { name, kind: typeof data === 'number' ? 'DWord' : 'String', data }, pid);
  for (const { name, display, path, start } of content.services) {
    if (!services.find(name)) {
      services.add(ownService(name, display, path, start));
      void machine.changes.record('service.create', name, undefined, path, pid);
    } else void services.configure(name, { path, start }, pid);
  }
  for (const { path, name, execute, arguments: args } of content.tasks)
    if (!tasks.find(path, name))
      void tasks.register(
        path,
        name,
        {
          description: content.product,
          author: content.company,
          actions: [{ execute, arguments: args, workingDirectory: '' }],
          triggers: [{ kind: 'startup', atMs: undefined, repetitionMs: undefined, delayMs: 0, isEnabled: true }],
          principal: { userId: 'S-1-5-18', logonType: 'ServiceAccount', runLevel: 'Highest' },
          settings: {
            executionTimeLimitMs: 72 * 3_600_000,
            multipleInstances: 'IgnoreNew',
            allowStartIfOnBatteries: true,
            dontStopIfGoingOnBatteries: true,
            startWhenAvailable: true,
            hidden: false,
            priority: 7,
            deleteExpiredAfter: '',
          },
        },
        systemPid,
        true,
      );
};
