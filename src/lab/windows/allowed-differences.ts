import type { Difference } from './machine/snapshot.ts';
import { isInKitFolder } from './script-changes.ts';

/** How something may differ: it was not there before, or what was there is a file that has grown. */
type Way = 'new' | 'grown';

/** One kind of difference that may remain after a complete rollback, and why. */
type Allowance = {
  readonly name: string;
  readonly why: string;
  readonly covers: (path: string) => boolean;
  readonly ways: readonly Way[];
};

/**
 * The closed list of what may differ between a host before a run and after its rollback. Everything else means that the host is not as it
 * was; what was there before and is gone is never allowed. Records of event logs are compared apart: Windows writes them itself.
 */
const allowedDifferences: readonly Allowance[] = [
  {
    name: 'our-folder',
    why: 'ledger, captures and results of the run stay as its proof until commit',
    covers: (path) => path.startsWith('file:') && isInKitFolder(path.slice('file:'.length)),
    ways: ['new', 'grown'],
  },
  {
    name: 'set-aside',
    why: 'what Windows built anew meanwhile is set aside under our suffix until commit',
    covers: (path) => /^file:.*\.kintsugi-rejected-[^\\]+(\\|$)/i.test(path),
    ways: ['new'],
  },
  {
    name: 'restore-point',
    why: 'the restore point that protected the run stays',
    covers: (path) => /^restore:point:\d+$/.test(path),
    ways: ['new'],
  },
  {
    name: 'shadow-copy',
    why: 'the shadow copy that protected the run stays until commit',
    covers: (path) => path.startsWith('shadow:{'),
    ways: ['new'],
  },
  {
    name: 'web-logs',
    why: 'a web server logs each request, and keeps a copy of each configuration it had',
    covers: (path) => /^file:C:\\inetpub\\(logs|history)(\\|$)/i.test(path),
    ways: ['new', 'grown'],
  },
  {
    name: 'servicing-logs',
    why: 'Windows appends to its own logs whenever somebody asks it',
    covers: (path) =>
      /^file:C:\\Windows\\(Logs\\CBS\\CBS\.log|Logs\\DISM\\dism\.log|SoftwareDistribution\\ReportingEvents\.log)$/i.test(
        path,
      ),
    ways: ['new', 'grown'],
  },
];

/** Differences that the closed list does not cover. */
export const unexpectedDifferences = (differences: readonly Difference[]): readonly Difference[] =>
  differences.filter((difference) => {
    const way = wayOf(difference);
    return (
      way === null || !allowedDifferences.some(({ covers, ways }) => covers(difference.path) && ways.includes(way))
    );
  });

function wayOf({ before, after }: Difference): Way | null {
  if (before === undefined) return 'new';
  return after !== undefined && hasGrown(before, after) ? 'grown' : null;
}

/** Whether a file has more in it than before, and is the same in all else: its kind, attributes, owner and access rules. */
function hasGrown(before: string, after: string): boolean {
  if (!before.startsWith('{') || !after.startsWith('{')) return false;
  const [was, is] = [membersOf(before), membersOf(after)];
  return (
    Number(is['sizeBytes']) > Number(was['sizeBytes']) && JSON.stringify(lasting(was)) === JSON.stringify(lasting(is))
  );
}

type Members = Readonly<Record<string, unknown>>;

const membersOf = (text: string): Members => JSON.parse(text) as Members;

const lasting = ({ sizeBytes: _size, modified: _modified, sha256: _sha256, ...rest }: Members): Members => rest;
