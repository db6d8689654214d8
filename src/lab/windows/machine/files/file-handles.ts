import { Win32Fault, win32 } from '../win32-fault.ts';
import { type FileNode, walkNodes } from './file-node.ts';

/** What others may do while a handle is open: numbers of System.IO.FileShare. */
export const fileShare = { None: 0, Read: 1, Write: 2, ReadWrite: 3, Delete: 4, Inheritable: 16 } as const;
/** Numbers of System.IO.FileAccess. */
export const fileAccess = { Read: 1, Write: 2, ReadWrite: 3 } as const;

/** An open file or folder. Handles belong to a process and end with it. */
export type FileHandle = {
  readonly node: FileNode;
  readonly access: number;
  readonly share: number;
  readonly pid: number;
};

/** Open handles of a machine. */
export class FileHandles {
  readonly #open = new Set<FileHandle>();

  /**
   * Opens a node.
   * @throws Win32Fault sharingViolation when an open handle does not allow it
   */
  open(handle: FileHandle, path: string): FileHandle {
    for (const other of this.#open) {
      if (other.node.file !== handle.node.file) continue;
      if ((handle.access & ~other.share) !== 0 || (other.access & ~handle.share) !== 0) {
        throw new Win32Fault(win32.sharingViolation, path);
      }
    }
    this.#open.add(handle);
    return handle;
  }

  close(handle: FileHandle): void {
    this.#open.delete(handle);
  }

  /** Closes everything a process has open. */
  closeAllOf(pid: number): void {
    for (const handle of this.#open) if (handle.pid === pid) this.#open.delete(handle);
  }

  /** Handles on a file or folder, by whichever of its names. */
  of(node: FileNode): FileHandle[] {
    return [...this.#open].filter((handle) => handle.node.file === node.file);
  }

  /** @throws Win32Fault when the node cannot be opened with this access and sharing right now */
  check(node: FileNode, path: string, access: number, share: number = fileShare.ReadWrite): void {
    this.close(this.open({ node, access, share, pid: 0 }, path));
  }

  /** @throws Win32Fault as NTFS refuses a rename: 32 for something held open itself, 5 for a folder with an open file inside */
  checkMovable(node: FileNode, path: string): void {
    if (this.of(node).some((handle) => (handle.share & fileShare.Delete) === 0)) {
      throw new Win32Fault(win32.sharingViolation, path);
    }
    if (!node.isFolder || this.#open.size === 0) return;
    const held = new Set([...this.#open].map((handle) => handle.node));
    for (const below of walkNodes(node)) if (held.has(below)) throw new Win32Fault(win32.accessDenied, path);
  }

  /** @throws Win32Fault sharingViolation when somebody has the node open without sharing deletion */
  checkDeletable(node: FileNode, path: string): void {
    if (this.of(node).some((handle) => (handle.share & fileShare.Delete) === 0)) {
      throw new Win32Fault(win32.sharingViolation, path);
    }
  }
}
