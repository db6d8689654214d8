import { createHash } from 'node:crypto';

/** A file of an update as the content folder holds it. */
export type UpdateFile = { readonly name: string; readonly sha1: string; readonly sizeBytes: number };

/** An approval of an update for a group of computers. */
export type Approval = {
  readonly groupId: string;
  readonly action: 'Install' | 'Uninstall' | 'NotApproved';
  /** By when computers install it by themselves, in ms since 1970; none where it is left out. */
  readonly deadlineMs?: number;
};

/** An update in the database of the update server. */
export type WsusUpdate = {
  readonly id: string;
  /** LocalUpdateID of the database. */
  readonly localId: number;
  readonly revision: number;
  readonly title: string;
  readonly kb: string;
  readonly classification: string;
  readonly product: string;
  readonly createdMs: number;
  readonly isExpired: boolean;
  /** Ids of the updates that this one replaces. */
  readonly supersedes: readonly string[];
  readonly files: readonly UpdateFile[];
  isDeclined: boolean;
  /** When it was declined, in ms since 1970; long ago where it is left out. */
  declinedMs?: number;
  approvals: readonly Approval[];
  /** Some computer still needs it. */
  isNeeded: boolean;
};

/** The group that holds all computers. */
export const allComputers = { id: 'a0a08746-4dbe-4a37-9adf-9e7652c0b421', name: 'All Computers' } as const;
/** The group of computers that were put into no other. */
export const unassignedComputers = {
  id: 'b73ca6ed-5727-47f3-84de-015e03f6a88a',
  name: 'Unassigned Computers',
} as const;

/** A GUID that follows from a text, so that a lab is the same at each start. */
export const guidOf = (text: string): string => {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/** A computer that asks the server. */
export type WsusComputer = { readonly id: string; readonly name: string; lastReportedMs: number; lastSyncMs: number };

/** What the database says of itself and of its content. */
export type DatabaseContent = {
  updates: WsusUpdate[];
  computers: WsusComputer[];
  /** Names of indexes beyond those that the product makes. */
  indexes: string[];
  fragmentation: number;
};

/** Path of a file below the content folder: a folder of the hash's last two digits, the hash as name. */
export const contentPath = ({ sha1, name }: UpdateFile): string =>
  `${sha1.slice(-2)}\\${sha1}${/\.\w+$/.exec(name)?.[0] ?? ''}`;

const dayMs = 86_400_000;

/** Updates of a product month by month; each replaces the one before it. */
export const monthlyUpdates = (
  product: string,
  months: number,
  nowMs: number,
  options: { firstLocalId: number; declineOld: boolean; expired?: number; files?: boolean },
): WsusUpdate[] => {
  const made: WsusUpdate[] = [];
  for (let index = 0; index < months; index++) {
    const id = guidOf(`update ${product} ${index}`);
    const sha1 = createHash('sha1').update(id).digest('hex').toUpperCase();
    const createdMs = nowMs - (months - index) * 30 * dayMs;
    const month = new Date(createdMs).toISOString().slice(0, 7);
    const isLast = index === months - 1;
    const before = made.at(-1);
    made.push({
      id,
      localId: options.firstLocalId + index,
      revision: 200,
      title: `${month} Cumulative Update for ${product} (KB${5_000_000 + ((options.firstLocalId + index) % 90_000)})`,
      kb: String(5_000_000 + ((options.firstLocalId + index) % 90_000)),
      classification: 'Security Updates',
      product,
      createdMs,
      isExpired: index < (options.expired ?? 0),
      supersedes: before ? [before.id] : [],
      files:
        options.files === false
          ? []
          : [{ name: `windows-kb${5_000_000 + options.firstLocalId + index}-x64.cab`, sha1, sizeBytes: 400 * 2 ** 20 }],
      isDeclined: options.declineOld && index < months - 2,
      approvals: index >= months - 2 ? [{ groupId: allComputers.id, action: 'Install' }] : [],
      isNeeded: isLast,
    });
  }
  return made;
};
