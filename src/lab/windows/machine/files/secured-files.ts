import { type ChangeFeed, type Held, systemPid } from '../change-feed.ts';
import { type MayUse, neededRights } from '../rights/access-check.ts';
import { type AccessRule, formatSddl, parseSddl, type SecurityDescriptor } from '../rights/security-descriptor.ts';
import { Win32Fault, win32 } from '../win32-fault.ts';
import type { FileNode } from './file-node.ts';
import { inheritedRules, passOnAnew, securityOf } from './file-security.ts';
import { FileTree } from './file-tree.ts';

/** Files with their owners and rules, and who may do what with them. */
export class SecuredFiles extends FileTree {
  readonly #changes: ChangeFeed;
  readonly #may: MayUse;

  /**
   * @param changes feed that is told when security is set
   * @param may whether a process has rights
   */
  constructor(changes: ChangeFeed, may: MayUse) {
    super();
    this.#changes = changes;
    this.#may = may;
  }

  /** Owner and own rules of a node. */
  securityOf(node: FileNode): SecurityDescriptor {
    return securityOf(node);
  }

  /** Rules a node gets from above. */
  inheritedRules(node: FileNode): readonly AccessRule[] {
    return inheritedRules(node);
  }

  /** SDDL of a node: owner, group, rules. */
  sddlOf(node: FileNode): string {
    return formatSddl(securityOf(node), inheritedRules(node));
  }

  /** Sets owner and rules from an SDDL text. */
  setSddl(node: FileNode, sddl: string, pid: number): Held {
    return this.setSecurity(node, parseSddl(sddl, this.securityOf(node)), pid);
  }

  /** Sets owner and own rules. */
  setSecurity(node: FileNode, security: SecurityDescriptor, pid: number): Held {
    const old = this.securityOf(node);
    if (security.rules !== old.rules || security.isProtected !== old.isProtected)
      this.requireRight(node, neededRights.writeRules, pid);
    if (security.owner !== old.owner && !this.takesOwnership(pid))
      this.requireRight(node, neededRights.writeOwner, pid);
    const before = this.sddlOf(node);
    node.security = security;
    passOnAnew(node);
    return this.#changes.record('file.security', this.pathOf(node), before, this.sddlOf(node), pid);
  }

  /** Who owns what a process creates; `undefined`: administrators do. */
  ownerFor: (pid: number) => string | undefined = () => undefined;

  /** Whether a process holds the privilege to take what belongs to others. */
  takesOwnership: (pid: number) => boolean = () => true;

  /** Refuses a process that lacks a right on a file or folder. @throws Win32Fault accessDenied */
  requireRight(node: FileNode, wanted: number, pid: number): void {
    if (pid === systemPid) return;
    if (!this.#may(pid, this.securityOf(node), this.inheritedRules(node), wanted))
      throw new Win32Fault(win32.accessDenied, this.pathOf(node));
  }

  /** Whoever may delete what is in a folder may delete what refuses it itself. */
  protected requireDelete(node: FileNode, pid: number): void {
    if (pid === systemPid) return;
    const { parent } = node;
    const byParent =
      parent && this.#may(pid, this.securityOf(parent), this.inheritedRules(parent), neededRights.deleteChild);
    if (!byParent) this.requireRight(node, neededRights.delete, pid);
  }

  /** The security with which a process creates things. */
  protected ownedBy(pid: number): SecurityDescriptor | undefined {
    const owner = this.ownerFor(pid);
    return owner === undefined ? undefined : { owner, group: owner, isProtected: false, rules: [] };
  }
}
