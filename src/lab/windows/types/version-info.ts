import { defineType } from '../../evaluator/define.ts';
import { newObject } from '../../evaluator/make.ts';
import type { Instance } from '../../evaluator/value.ts';
import { decodeImage, type ImageInfo } from '../machine/devices/image-file.ts';
import { absolutePath } from '../machine/files/paths.ts';
import type { Machine } from '../machine/machine.ts';
import { asNet } from '../runtime/net-faults.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { outsideProperties } from './outside.ts';

/** What the version resource of a file says. */
type VersionState = { readonly path: string; readonly info: ImageInfo };

const partOf = (version: string | undefined, at: number): number => Number((version ?? '').split('.')[at] ?? 0) || 0;

/** System.Diagnostics.FileVersionInfo. */
export const versionInfoType = defineType<VersionState>({
  name: 'System.Diagnostics.FileVersionInfo',
  properties: {
    ...outsideProperties(
      'System.Diagnostics.FileVersionInfo',
      'Comments InternalName IsDebug IsPatched IsPreRelease IsPrivateBuild IsSpecialBuild Language LegalCopyright LegalTrademarks OriginalFilename PrivateBuild SpecialBuild',
    ),
    FileName: { get: ({ path }) => path },
    CompanyName: { get: ({ info }) => info.companyName ?? null },
    FileDescription: { get: ({ info }) => info.fileDescription ?? null },
    FileVersion: { get: ({ info }) => info.fileVersion ?? null },
    ProductName: { get: ({ info }) => info.productName ?? null },
    ProductVersion: { get: ({ info }) => info.fileVersion ?? null },
    FileMajorPart: { get: ({ info }) => partOf(info.fileVersion, 0) },
    FileMinorPart: { get: ({ info }) => partOf(info.fileVersion, 1) },
    FileBuildPart: { get: ({ info }) => partOf(info.fileVersion, 2) },
    FilePrivatePart: { get: ({ info }) => partOf(info.fileVersion, 3) },
  },
  toText: ({ path, info }) =>
    [
      `File:             ${path}`,
      `FileVersion:      ${info.fileVersion ?? ''}`,
      `ProductName:      ${info.productName ?? ''}`,
      '',
    ].join('\r\n'),
  statics: {
    methods: {
      GetVersionInfo: (args, context) => {
        const { machine } = actorOf(context);
        const path = absolutePath(context.text(args[0]));
        asNet(() => machine.files.get(path));
        return versionOf(machine, path);
      },
    },
  },
});

/** Version resource of a file; programs of Windows bear its version, other files none. */
export const versionOf = (machine: Machine, path: string): Instance<VersionState> => {
  const node = machine.files.find(path);
  const image = decodeImage(node?.bytes)?.info;
  const isOfWindows =
    node !== undefined && node.bytes === undefined && /^C:\\Windows\\.*\.(?:exe|dll|sys)$/i.test(path);
  const { version, ubr } = machine.edition;
  const windows: ImageInfo = {
    companyName: 'Microsoft Corporation',
    productName: 'Microsoft® Windows® Operating System',
    fileVersion: `${version}.${ubr}`,
  };
  return newObject(versionInfoType, { path, info: image ?? (isOfWindows ? windows : {}) });
};
