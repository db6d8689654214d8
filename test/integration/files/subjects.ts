import type { RemoteShell } from '../../../src/remote/powershell/remote-shell.ts';

/** A host to carry files to and from. */
export type FileSubject = {
  readonly open: () => Promise<RemoteShell>;
  /** A full path on the host, in a folder that is there. */
  readonly path: (name: string) => string;
  readonly read: (path: string) => Uint8Array | undefined;
  readonly write: (path: string, bytes: Uint8Array) => void;
};
