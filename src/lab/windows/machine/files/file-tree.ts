import { Win32Fault, win32 } from '../win32-fault.ts';
import { type FileNode, findDevice, pathOfNode, type Volume } from './file-node.ts';
import { absolutePath, parentOf } from './paths.ts';

/** The volumes of a machine and what lies on them, found by path. */
export class FileTree {
  readonly volumes = new Map<string, Volume>();
  /** Read-only roots of shadow copies by lower-case device path. */
  readonly devices = new Map<string, FileNode>();

  /** Free bytes of a volume (`C:`). */
  freeBytes(drive: string): number {
    const volume = this.volume(drive);
    return Math.max(0, volume.sizeBytes - volume.otherBytes - volume.usedBytes);
  }

  /** @throws Win32Fault when there is no such drive */
  volume(drive: string): Volume {
    const found = this.volumes.get(drive.slice(0, 2).toUpperCase());
    if (!found) throw new Win32Fault(win32.pathNotFound, drive);
    return found;
  }

  /** The node at a path; links on the way are followed, a link at its end too unless `noFollow`. */
  find(path: string, options: { noFollow?: boolean } = {}, depth = 0): FileNode | undefined {
    if (depth > 31) throw new Win32Fault(win32.invalidName, path);
    const full = absolutePath(path);
    const device = full.startsWith('\\\\') ? findDevice(this.devices, full) : undefined;
    if (full.startsWith('\\\\') && !device) return undefined;
    let node = device ? device.root : this.volumes.get(full.slice(0, 2))?.root;
    const names = (device ? device.rest : full.slice(3)).split('\\').filter(Boolean);
    for (const [index, name] of names.entries()) {
      node = node?.children.get(name.toLowerCase());
      if (!node) return undefined;
      const last = index === names.length - 1;
      if (node.target !== undefined && !(last && options.noFollow)) {
        return this.find([node.target.replace(/\\+$/, ''), ...names.slice(index + 1)].join('\\'), options, depth + 1);
      }
    }
    return node;
  }

  exists(path: string): boolean {
    return this.find(path, { noFollow: true }) !== undefined;
  }

  /** @throws Win32Fault pathNotFound or fileNotFound */
  get(path: string, options: { noFollow?: boolean } = {}): FileNode {
    const node = this.find(path, options);
    if (node) return node;
    const parent = this.find(parentOf(absolutePath(path)));
    throw new Win32Fault(parent?.isFolder ? win32.fileNotFound : win32.pathNotFound, path);
  }

  /** Content of a file; zeros where only its size is known. */
  read(node: FileNode): Uint8Array {
    return node.bytes ?? new Uint8Array(Math.min(node.sizeBytes, 1 << 20));
  }

  /** The volume on which a node hangs; `undefined` for what hangs nowhere, or in a shadow copy. */
  volumeOf(node: FileNode): Volume | undefined {
    let root = node;
    while (root.parent) root = root.parent;
    for (const volume of this.volumes.values()) if (volume.root === root) return volume;
    return undefined;
  }

  /** Full path of a node that hangs in a volume. */
  pathOf(node: FileNode): string {
    return pathOfNode(node, this.volumeOf(node)?.drive ?? '');
  }

  /** Full paths of all names of a file. */
  namesOf(node: FileNode): string[] {
    return Array.from(node.file.names, (name) => this.pathOf(name));
  }

  /** @throws Win32Fault pathNotFound when it is no folder */
  protected folder(path: string): FileNode {
    const node = this.find(path);
    if (!node?.isFolder) throw new Win32Fault(win32.pathNotFound, path);
    return node;
  }
}
