import { encodeImage, readImageContent } from './image-file.ts';

/** What a file of an installed update does wrong: the service crashes as long as the file is there. */
export type UpdateFlaw = { readonly service: string; readonly file: string };

/** An update as its package file holds it. */
export type UpdateContent = {
  readonly kind: 'update-package';
  readonly title: string;
  readonly kb: string;
  readonly identity: string;
  readonly architecture: 'amd64' | 'arm64' | 'x86';
  readonly build: number;
  /** Revision of Windows (UBR) that a cumulative update brings; 0 for others. */
  readonly ubr: number;
  readonly category: 'Security Update' | 'Update' | 'Hotfix';
  /** Revision of the servicing stack that must be there first. */
  readonly needsStack: number;
  /** Revision of the servicing stack that comes with it; such an update cannot be removed as a whole. */
  readonly bringsStack: number;
  /** Free space in the recovery partition that it needs, in MB. */
  readonly needsRecoveryMB?: number;
  readonly sizeMB: number;
  readonly flaw?: UpdateFlaw;
};

/** Bytes of a package file (.msu or .cab). */
export const encodeUpdate = (content: UpdateContent): Uint8Array =>
  encodeImage(
    { companyName: 'Microsoft Corporation', fileDescription: content.title, signer: microsoftSigner },
    JSON.stringify(content),
  );

/** Reads a package file; `undefined` where it is damaged or none. */
export const decodeUpdate = (bytes: Uint8Array | undefined): UpdateContent | undefined =>
  readImageContent<UpdateContent>(bytes, 'update-package');

/** Subject of Microsoft's certificate on packages and programs. */
export const microsoftSigner = 'CN=Microsoft Windows, O=Microsoft Corporation, L=Redmond, S=Washington, C=US';

/** Identity of a cumulative update of a build. */
export const rollupIdentity = (build: number, ubr: number): string =>
  `Package_for_RollupFix~31bf3856ad364e35~amd64~~${build}.${ubr}.1.1`;
